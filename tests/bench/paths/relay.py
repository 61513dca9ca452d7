"""The relay from an outbox on PostgreSQL to a real Kafka, beside aiokafka's pipelined ``send`` of the same bytes.

The baseline has the records in memory; ours fetches them, sends them, and marks each as published.
"""

import asyncio
import time
from collections.abc import Sequence
from functools import partial

from shared.bus import open_bus
from shared.bus.kafka import KafkaBus
from shared.bus.records import Outgoing
from shared.db import open_database
from shared.relay import Relay
from shared.testing.kafka import KafkaServer
from shared.testing.postgres import PostgresServer
from tests.bench import events
from tests.bench.baselines import kafka as plain
from tests.bench.ground import Ground
from tests.bench.rows import Row, ratio
from tests.bench.turns import medians


class _Counting(Relay):
    """A relay that knows when it has marked the last of the events."""

    def begin(self) -> "asyncio.Future[None]":
        """Done once all are published."""
        self._left, self._all = events.COUNT, asyncio.get_running_loop().create_future()
        return self._all

    async def mark(self, ids: Sequence[int]) -> None:
        await super().mark(ids)
        self._left -= len(ids)
        if not self._left:
            self._all.set_result(None)


async def measure(ground: Ground) -> Sequence[Row]:
    """Events a second beside aiokafka's."""
    postgres, kafka = ground.postgres(), ground.kafka()
    filled = await events.filled(postgres)
    sent = await events.records(filled)
    rates = await medians({"ours": partial(_ours, postgres, kafka, filled), "send": partial(_plain, kafka, sent)})
    path = "outbox relay to Kafka / aiokafka send"
    return [ratio(path, rates["ours"], rates["send"], "events/s", goal=0.6, stretch=0.8)]


async def _ours(postgres: PostgresServer, kafka: KafkaServer, filled: str) -> float:
    database, bus = open_database(postgres.new_database(filled.rsplit("/", 1)[1]), pool=4), open_bus(kafka.new_url())
    await database.open()
    await bus.ensure_topics([events.TOPIC])
    relay = _Counting(events.SERVICE, database, bus)
    published, began = relay.begin(), time.perf_counter()
    running = asyncio.create_task(relay.run())
    await published
    seconds = time.perf_counter() - began
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await database.close()
    await bus.close()
    return events.COUNT / seconds


async def _plain(kafka: KafkaServer, sent: Sequence[Outgoing]) -> float:
    bus = open_bus(kafka.new_url())
    assert isinstance(bus, KafkaBus)
    await bus.ensure_topics([events.TOPIC])
    rate = await plain.send(kafka.servers, bus.physical((events.TOPIC, 0)).topic, sent)
    await bus.close()
    return rate
