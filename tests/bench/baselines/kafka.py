"""aiokafka by itself: sending in a pipeline, and reading in batches with one commit each."""

import time
from collections.abc import Sequence

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from shared.bus.records import Outgoing


async def send(servers: str, topic: str, records: Sequence[Outgoing]) -> float:
    """Records a second: every one is sent before the first is awaited, as durably as ours are."""
    producer = AIOKafkaProducer(
        bootstrap_servers=servers, acks="all", enable_idempotence=True, max_batch_size=256 * 1024, linger_ms=5
    )
    await producer.start()
    try:
        await producer.send_and_wait(topic, b"first", key=b"first")  # connected, and metadata known
        began = time.perf_counter()
        sent = [await producer.send(topic, record.value, key=record.key, headers=record.headers) for record in records]
        for answer in sent:
            await answer
        return len(records) / (time.perf_counter() - began)
    finally:
        await producer.stop()


async def read(servers: str, topic: str, group: str, count: int) -> float:
    """Records a second: ``getmany``, nothing done with what it gives, and one commit a batch."""
    consumer = AIOKafkaConsumer(
        topic, bootstrap_servers=servers, group_id=group, enable_auto_commit=False, auto_offset_reset="earliest"
    )
    await consumer.start()
    try:
        began, seen = 0.0, 0
        while seen < count:
            batches = await consumer.getmany(timeout_ms=1000, max_records=500)
            began = began or time.perf_counter()
            seen += sum(len(batch) for batch in batches.values())
            if batches:
                await consumer.commit()
        return seen / (time.perf_counter() - began)
    finally:
        await consumer.stop()
