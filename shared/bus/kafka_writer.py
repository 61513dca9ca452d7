"""Appending to Kafka: one batch a partition in flight, and nothing acknowledged after what failed before it.

The producer is idempotent with acks from every replica in sync. It never gives a batch up by itself, so the bound on
time is ours; after any failure it is abandoned with what it still holds, and the next append starts another. A batch
that the broker had in hand may then appear twice: consumers drop what they have applied.
"""

import asyncio
import time
from collections import Counter, defaultdict, deque
from collections.abc import Sequence

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from aiokafka.producer.message_accumulator import BatchBuilder

from shared.bus.kafka_clients import RETRY_MS, Clients
from shared.bus.partition import partition_of
from shared.bus.records import NotAppended, Outgoing

_DELIVERED_WITHIN = 10.0
_REQUEST_WITHIN = 5.0
_BATCH_BYTES = 256 * 1024

log = structlog.get_logger(__name__)

_Result = NotAppended | None
_Batches = dict[int, deque[tuple[BatchBuilder, list[int]]]]
"""For each partition, batches in their order, and which of the records given each of them holds."""


class _Producer(AIOKafkaProducer):
    """aiokafka's producer, which ends without delivering what it holds; see :class:`Client`."""

    async def end(self) -> None:
        self._closed = True
        sender = self._sender.sender_task
        try:
            if sender is not None:
                sender.cancel()
                # It waits for the requests in flight, which end with an answer or after their timeout.
                await asyncio.wait([sender], timeout=_REQUEST_WITHIN + 1)
        finally:
            await self.client.close()


class KafkaWriter:
    """See :meth:`shared.bus.Bus.append`. ``failure`` says why the last append failed, until one succeeds."""

    def __init__(self, servers: Sequence[str], clients: Clients) -> None:
        self.failure: str | None = None
        self._servers = servers
        self._clients = clients
        self._producer: _Producer | None = None
        self._closed = False
        self._starting = asyncio.Lock()
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._failures: Counter[str] = Counter()

    async def append(self, topic: str, records: Sequence[Outgoing]) -> Sequence[_Result]:
        results: list[_Result] = [NotAppended("an append before this one failed")] * len(records)
        failures = self._failures[topic]
        async with self._turns[topic]:
            # Whoever was waiting while an append failed fails with it: its records may follow those that failed.
            if records and failures == self._failures[topic]:
                await self._take_turn(topic, records, results)
        return results

    def close(self) -> None:
        """Append no more. Nothing is flushed: what is not acknowledged yet has a caller that still waits for it."""
        self._closed = True
        if self._producer is not None:
            producer, self._producer = self._producer, None
            self._clients.end(producer)

    async def _take_turn(self, topic: str, records: Sequence[Outgoing], results: list[_Result]) -> None:
        failed: BaseException | None = None
        try:
            async with asyncio.timeout(_DELIVERED_WITHIN):
                await _deliver(await self._started(), topic, records, results)
        except (KafkaError, OSError, NotAppended) as error:  # OSError: a TimeoutError too
            failed = error
        except BaseException as error:  # cancelled, or a fault of ours: batches may be on their way all the same
            self._fail(topic, error)
            raise
        self.failure = None
        if failed is not None:
            self.failure = self._fail(topic, failed)
            results[:] = [None if result is None else NotAppended(self.failure) for result in results]

    def _fail(self, topic: str, error: BaseException) -> str:
        """Give the producer up: after a failed batch its numbering no longer fits the broker's."""
        why = f"not acknowledged within {_DELIVERED_WITHIN:.0f} s" if isinstance(error, TimeoutError) else repr(error)
        log.warning("append_failed", topic=topic, reason=why)
        self._failures[topic] += 1
        if self._producer is not None:
            self._clients.end(self._producer)
            self._producer = None
        return why

    async def _started(self) -> _Producer:
        async with self._starting:
            if self._closed:
                raise NotAppended("the bus is closed")
            if self._producer is None:
                producer = _Producer(
                    bootstrap_servers=self._servers,
                    acks="all",
                    enable_idempotence=True,
                    max_batch_size=_BATCH_BYTES,
                    request_timeout_ms=int(_REQUEST_WITHIN * 1000),
                    retry_backoff_ms=RETRY_MS,
                )
                await self._clients.start(producer)
                self._producer = producer
            return self._producer


async def _deliver(producer: AIOKafkaProducer, topic: str, records: Sequence[Outgoing], results: list[_Result]) -> None:
    """Send, and clear each result as its batch is acknowledged; raise the first failure, and send no more after it."""
    queues = _batches(producer, len(await producer.partitions_for(topic)), records)
    while queues:
        sent: list[tuple[asyncio.Future[object], list[int]]] = []
        try:
            for number, batches in queues.items():
                batch, indexes = batches.popleft()
                sent.append((await producer.send_batch(batch, topic, partition=number), indexes))
            await asyncio.wait([future for future, _ in sent])
        finally:
            failures = _settle(sent, results)
        for failure in failures:
            raise failure
        queues = {number: batches for number, batches in queues.items() if batches}


def _batches(producer: AIOKafkaProducer, partitions: int, records: Sequence[Outgoing]) -> _Batches:
    """The records as Kafka's batches. A future a batch and not a record: that is most of the cost of ``send``."""
    queues: defaultdict[int, deque[tuple[BatchBuilder, list[int]]]] = defaultdict(deque)
    now = int(time.time() * 1000)
    for index, record in enumerate(records):
        queue = queues[partition_of(record.key, partitions)]
        if not queue or not _add(queue[-1][0], record, now):
            queue.append((producer.create_batch(), []))
            if not _add(queue[-1][0], record, now):
                raise NotAppended(f"a record of {len(record.value)} bytes does not fit a batch")
        queue[-1][1].append(index)
    return queues


def _add(batch: BatchBuilder, record: Outgoing, now: int) -> bool:
    return batch.append(timestamp=now, key=record.key, value=record.value, headers=record.headers) is not None


def _settle(sent: list[tuple[asyncio.Future[object], list[int]]], results: list[_Result]) -> list[BaseException]:
    failures = []
    for future, indexes in sent:
        if not future.done():
            continue
        if (failure := future.exception()) is not None:
            failures.append(failure)
            continue
        for index in indexes:
            results[index] = None
    return failures
