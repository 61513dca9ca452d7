"""Reading from Kafka as a member of a group whose positions are its own, not Kafka's.

The gate: from the moment that partitions are revoked nothing is polled, until the positions of the next assignment
are loaded and every seek is done; what was fetched before then is dropped. Kafka holds no offsets of ours to fall
back on, and "none" as the reset policy makes sure that it never picks one.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import structlog
from aiokafka import ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import KafkaError, OffsetOutOfRangeError

from shared.bus.kafka_clients import RETRY_MS, Consumer
from shared.bus.records import Batch, BusUnavailable, Partition, Positions, Record, StaleCursor

if TYPE_CHECKING:
    from shared.bus.kafka import KafkaBus

_STUCK_AFTER = 15.0
"""Seconds behind the log's end, or without an assignment, while the broker answers. Longer than a rebalance takes."""
_SESSION = 10.0
_REQUEST_WITHIN = 15.0
_RETRY = 1.0
_FETCH_BYTES = 8 * 1024 * 1024
_FETCH_WAIT_MS = 100
"""A partition is not asked for while its last records wait here, so what comes next may find everybody waiting for the
others: it is asked for again after this."""

log = structlog.get_logger(__name__)


class _Listener(ConsumerRebalanceListener):
    """Told by aiokafka of each assignment, until the consumer that it belongs to is given up."""

    def __init__(self, subscription: "KafkaSubscription") -> None:
        self._subscription: KafkaSubscription | None = subscription

    def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        if self._subscription is not None:
            self._subscription.reassigned(None)

    def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        if self._subscription is not None:
            self._subscription.reassigned(frozenset(assigned))

    def forget(self) -> None:
        self._subscription = None


class KafkaSubscription:
    """See :class:`shared.bus.Subscription`; made by :meth:`KafkaBus.subscribe`."""

    def __init__(self, bus: "KafkaBus", group: str, topics: Sequence[str], ask_positions: Positions) -> None:
        self._bus = bus
        self._group = group
        self._topics = tuple(topics)
        self._ask_positions = ask_positions
        self._closed = False
        self._consumer: Consumer | None = None
        self._listener = _Listener(self)
        self._generation = 0
        self._assigned: frozenset[TopicPartition] | None = None
        self._reassigned = asyncio.Event()
        self._gate_open = False
        self._paused: set[TopicPartition] = set()
        self._positions: dict[TopicPartition, int] = {}
        self._alive = time.monotonic()
        """When it was last certain that reading works, or that the broker is what does not."""

    async def poll(self, max_records: int, wait: float) -> Batch:
        deadline = time.monotonic() + wait
        records: Sequence[Record] = ()
        if self._consumer is None and not self._closed:
            async with self._outlasting_kafka(deadline):
                await self._join()
        if self._consumer is not None and not self._gate_open:
            await self._open_gate(self._consumer, deadline)
        generation = self._generation
        if self._consumer is not None and self._gate_open:
            async with self._outlasting_kafka(deadline):
                records = await self._fetch(self._consumer, generation, max_records, deadline)
        if not records and not self._closed:
            await self._rejoin_if_stuck()
        return Batch(records, generation)

    def current(self, generation: int) -> bool:
        return self._gate_open and generation == self._generation

    def assignment(self) -> Collection[Partition]:
        return [self._bus.logical(at) for at in self._assigned or ()]

    def pause(self, partitions: Collection[Partition]) -> None:
        paused = self._ours(partitions)
        self._paused |= paused
        if self._consumer is not None:
            self._consumer.pause(*paused)

    def resume(self, partitions: Collection[Partition]) -> None:
        resumed = self._ours(partitions)
        self._paused -= resumed
        if self._consumer is not None:
            self._consumer.resume(*resumed)

    async def seek(self, positions: Mapping[Partition, int]) -> None:
        sought = {self._bus.physical(at): position for at, position in positions.items()}
        self._seek({at: position for at, position in sought.items() if at in self._positions})

    async def close(self) -> None:
        self._closed = True
        if (ending := self._leave()) is not None:
            await asyncio.wait([ending], timeout=_RETRY * 2)

    def reassigned(self, assigned: frozenset[TopicPartition] | None) -> None:
        """Begin another assignment, or (None) the time between two: the gate closes at once."""
        self._generation += 1
        self._gate_open = False
        self._assigned = assigned
        self._positions = {}
        self._paused = set()
        self._alive = time.monotonic()
        self._reassigned.set()

    def _ours(self, partitions: Collection[Partition]) -> set[TopicPartition]:
        return {at for at in map(self._bus.physical, partitions) if at in (self._assigned or ())}

    @contextlib.asynccontextmanager
    async def _outlasting_kafka(self, deadline: float) -> AsyncIterator[None]:
        """Run calls of aiokafka, bounded; whatever ails the broker, the next poll tries again with another consumer."""
        try:
            # aiokafka waits for the end of a rebalance, or for a topic, however long that takes.
            async with asyncio.timeout(max(0.0, deadline - time.monotonic()) + _RETRY):
                yield
        except OffsetOutOfRangeError as error:
            for at, position in error.args[0].items():
                raise StaleCursor(self._bus.logical(at), position) from error
        except TimeoutError:
            return
        except (KafkaError, OSError) as error:
            log.warning("group_joins_anew", group=self._group, reason=repr(error))
            self._leave()
            await asyncio.sleep(max(0.0, min(_RETRY, deadline - time.monotonic())))

    async def _join(self) -> None:
        consumer = Consumer(
            bootstrap_servers=self._bus.servers,
            group_id=self._bus.prefix + self._group,
            enable_auto_commit=False,
            auto_offset_reset="none",
            session_timeout_ms=int(_SESSION * 1000),
            request_timeout_ms=int(_REQUEST_WITHIN * 1000),
            retry_backoff_ms=RETRY_MS,
            metadata_max_age_ms=10_000,
            fetch_max_bytes=_FETCH_BYTES,
            fetch_max_wait_ms=_FETCH_WAIT_MS,
        )
        await self._bus.clients.start(consumer)
        self._listener = _Listener(self)
        self._consumer = consumer
        consumer.subscribe([self._bus.prefix + topic for topic in self._topics], listener=self._listener)

    def _leave(self) -> "asyncio.Task[None] | None":
        """Give the consumer up, in the background: leaving a group takes a broker that answers."""
        self._listener.forget()
        self.reassigned(None)
        consumer, self._consumer = self._consumer, None
        if consumer is None:
            return None
        return self._bus.clients.end(consumer)

    async def _open_gate(self, consumer: Consumer, deadline: float) -> None:
        """Load the positions of this assignment and seek to them, where one comes before the deadline."""
        while True:
            self._reassigned.clear()
            generation, assigned = self._generation, self._assigned
            if assigned is None:
                if not await self._assigned_before(deadline):
                    return
                continue
            wanted = {self._bus.logical(at): at for at in assigned}
            known = await self._ask_positions(wanted.keys())
            positions = {at: known[partition] for partition, at in wanted.items() if partition in known}
            missing = [at for partition, at in wanted.items() if partition not in known]
            async with self._outlasting_kafka(deadline):
                positions |= await consumer.beginning_offsets(missing) if missing else {}
                if generation == self._generation:
                    self._seek(positions)
                    self._gate_open = True
            if generation == self._generation:
                return

    async def _assigned_before(self, deadline: float) -> bool:
        try:
            async with asyncio.timeout(deadline - time.monotonic()):
                return await self._reassigned.wait()
        except TimeoutError:
            return False

    def _seek(self, positions: Mapping[TopicPartition, int]) -> None:
        self._positions.update(positions)
        if self._consumer is not None:
            for at, position in positions.items():
                self._consumer.seek(at, position)

    async def _fetch(self, consumer: Consumer, generation: int, max_records: int, deadline: float) -> Sequence[Record]:
        left = max(0, int((deadline - time.monotonic()) * 1000))
        found = await consumer.getmany(timeout_ms=left, max_records=max_records)
        if not found or not self.current(generation):
            return ()
        records: list[Record] = []
        for at, fetched in found.items():
            topic, number = self._bus.logical(at)
            records += [
                Record(topic, number, one.offset, one.key or b"", one.headers, one.value or b"") for one in fetched
            ]
            self._positions[at] = fetched[-1].offset + 1
        self._alive = time.monotonic()
        return records

    async def _rejoin_if_stuck(self) -> None:
        """A consumer can stay silent for ever after a broker's restart (aiokafka issue 1154): start another."""
        if time.monotonic() - self._alive < _STUCK_AFTER:
            return
        generation = self._generation
        try:
            ends = await self._bus.end_offsets(self._topics)
        except BusUnavailable:
            self._alive = time.monotonic()
            return
        reading = (at for at in self._positions if at not in self._paused)
        behind = any(self._positions[at] < ends.get(self._bus.logical(at), 0) for at in reading)
        if self._gate_open and not behind:
            self._alive = time.monotonic()
        elif generation == self._generation:
            log.warning("group_joins_anew", group=self._group, reason="no progress although the broker answers")
            self._leave()
