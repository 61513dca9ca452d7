"""One consumer's loop: poll, apply in one transaction, and when that fails find out which record it was.

A batch is applied as one. If it raises, its records go one by one, each in a transaction of its own, and the one that
fails again parks its key. A failure of the database is no record's fault: the whole batch waits and is tried again.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from functools import partial

import psycopg
import sqlalchemy as sa
import structlog

from shared.bus import Bus, Subscription
from shared.bus.records import Batch, Partition, Record, StaleCursor
from shared.consumer import inbox
from shared.consumer.apply import Apply, Plan, apply_batch, park_record, redrive, skip_record
from shared.consumer.inbox import Parked, Zombie
from shared.consumer.projection import Projection
from shared.db import Database
from shared.errors import DeadlinePassed, Unavailable
from shared.events.envelope import topic

BATCH = 500
_POLL_SECONDS = 1.0
_BACKOFF_SECONDS = (0.05, 5.0)
_FEW = 100
_RESTS = 9
"""How many times as long as it worked a consumer rests."""
_LONGEST_REST_SECONDS = 0.1
AWAY = (Unavailable, DeadlinePassed, sa.exc.OperationalError, psycopg.OperationalError, OSError)

log = structlog.get_logger(__name__)


class Consumer:
    """Applies the events of some services to one database; its name is its group and its place in the inbox.

    After few events it rests nine times as long as they took, a tenth of a second at most, so that what comes meanwhile
    costs one transaction: of ten consumers that each took every event by itself, the requests had to wait. One that is
    ``prompt`` never rests: somebody waits for what it does, as one does whose next request names what it learns of.
    """

    def __init__(
        self,
        name: str,
        database: Database,
        bus: Bus,
        services: Sequence[str],
        reaction: Apply,
        projection: Projection | None = None,
        *,
        prompt: bool = False,
    ) -> None:
        self.name = name
        self.database = database
        self.reaction = reaction
        self.projection = projection
        self.services = tuple(services)
        self.trouble: str | None = None
        """Why nothing is applied at the moment; None while all is well. Health shows it."""
        self._bus = bus
        self._prompt = prompt
        self._topics = [topic(service) for service in services]
        self._loaded: dict[Partition, int] = {}
        self._settling = asyncio.Lock()
        """Held while a batch is applied: positions for another assignment are asked for before that or after."""

    def beside(self, name: str, reaction: Apply) -> "Consumer":
        """Another consumer of the same log, with a place in it and effects of its own."""
        return Consumer(name, self.database, self._bus, self.services, reaction)

    def subscribe(self) -> Subscription:
        """Join its group; what is read goes on from where it is."""
        return self._bus.subscribe(self.name, self._topics, self._assigned)

    @asynccontextmanager
    async def still(self) -> AsyncIterator[None]:
        """While entered, nothing is applied by this one; another process may go on."""
        async with self._settling:
            yield

    async def positions(self) -> Mapping[Partition, int]:
        """The next offset that it wants from each partition that it has read."""
        return await self.database.read(inbox.positions, self.name)

    async def run(self) -> None:
        """Apply until cancelled. A cursor that the log no longer holds stops it for good, with an alarm."""
        shortest, longest = _BACKOFF_SECONDS
        wait = shortest
        while True:
            subscription = self.subscribe()
            try:
                async with aclosing(_batches(subscription, rests=not self._prompt)) as batches:
                    async for batch in batches:
                        async with self._settling:
                            await self._take(subscription, batch)
                        self.trouble, wait = None, shortest
            except StaleCursor as error:
                self.trouble = str(error)
                log.error("consumer_stopped", consumer=self.name, reason=str(error))
                return
            except Exception as error:  # the log or the database is away, or the partition is another's now
                self.trouble = f"{type(error).__name__}: events wait on the log"
                log.warning("consumer_waits", consumer=self.name, error=type(error).__name__)
            finally:
                await subscription.close()
            await asyncio.sleep(wait)
            wait = min(wait * 2, longest)

    async def apply(self, records: Sequence[Record]) -> None:
        """Apply records in one transaction; raises what a handler raises."""
        plan = await self.database.write(apply_batch, self.name, records, dict(self._loaded), self.reaction)
        self._moved(records)
        _alarm(self.name, plan)

    async def pass_over(self, record: Record) -> None:
        """Go on past a record that is no event at all, loudly: it has no key to park."""
        await self.database.write(skip_record, self.name, record, dict(self._loaded))
        log.error("record_is_no_event", consumer=self.name, topic=record.topic, offset=record.offset)
        self._moved([record])

    async def redrive(self, service: str, key: str) -> int:
        """Apply what waits behind a parked key, in order; answers how many. The key stays parked if one fails again."""
        return await self.database.write(redrive, self.name, (service, key), self.reaction)

    async def parked(self) -> Sequence[Parked]:
        """The keys that this consumer has set aside."""
        return await self.database.read(inbox.parked, self.name)

    async def lag(self) -> int:
        """How many records of its topics it has not applied yet."""
        ends = await self._bus.end_offsets(self._topics)
        reached = await self.positions()
        return sum(max(0, end - reached.get(partition, 0)) for partition, end in ends.items())

    async def _assigned(self, partitions: Collection[Partition]) -> Mapping[Partition, int]:
        async with self._settling:
            stored = await self.positions()
            for partition in partitions:
                self._loaded.pop(partition, None)
                if partition in stored:
                    self._loaded[partition] = stored[partition]
        return {partition: stored.get(partition, 0) for partition in partitions}

    async def _take(self, subscription: Subscription, batch: Batch) -> None:
        if not batch.records or not subscription.current(batch.generation):
            return
        try:
            await self.apply(batch.records)
        except (*AWAY, Zombie):
            raise
        except Exception as error:  # a handler's fault: which record's?
            log.warning("batch_failed", consumer=self.name, error=type(error).__name__, records=len(batch.records))
            await self._one_by_one(subscription, batch)

    async def _one_by_one(self, subscription: Subscription, batch: Batch) -> None:
        for record in batch.records:
            if not subscription.current(batch.generation):
                return
            try:
                await self.apply([record])
            except (*AWAY, Zombie):
                raise
            except Exception as error:
                await self._set_aside(record, type(error).__name__)

    async def _set_aside(self, record: Record, error: str) -> None:
        """Park the key of a record that failed; one that is no event at all is passed over, loudly."""
        try:
            key = await self.database.write(park_record, self.name, record, dict(self._loaded), error)
            log.error("key_parked", consumer=self.name, service=key[0], key=key[1], reason=inbox.POISON, error=error)
            self._moved([record])
        except ValueError:
            await self.pass_over(record)

    def _moved(self, records: Sequence[Record]) -> None:
        for record in records:
            self._loaded[record.topic, record.partition] = record.offset + 1


async def _batches(subscription: Subscription, *, rests: bool) -> AsyncGenerator[Batch, None]:
    """Batch after batch, for ever: where many come, the next is read while whoever takes them is busy with the last."""
    loop, read = asyncio.get_running_loop(), partial(subscription.poll, BATCH, _POLL_SECONDS)
    reading = asyncio.create_task(read())
    try:
        while True:
            batch = await reading
            if rests and 0 < len(batch.records) < _FEW:
                began = loop.time()
                yield batch
                await asyncio.sleep(min(_RESTS * (loop.time() - began), _LONGEST_REST_SECONDS))
                reading = asyncio.create_task(read())
            else:
                reading = asyncio.create_task(read())
                yield batch
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)


def _alarm(consumer: str, plan: Plan) -> None:
    for service, key in plan.newly_parked:
        log.error("key_parked", consumer=consumer, service=service, key=key, reason=inbox.GAP)
