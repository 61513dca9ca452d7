"""The relay: takes what the outbox holds and the log does not yet, and appends it. One leased relay a service.

It is woken by the commit, picks rows by their unpublished flag (never by a highest id: a late commit would be passed
over), and keeps fetching, sending and marking under way together. A relay that died after sending and before marking
sends again; the inbox of every consumer makes that harmless, as it does a stale relay's late send.
"""

import asyncio
from collections import deque
from collections.abc import Sequence

import sqlalchemy as sa
import structlog
from sqlalchemy import orm

from shared import clock
from shared.bus import Bus
from shared.bus.records import Outgoing
from shared.db import Database
from shared.db.hot import Row, hot
from shared.db.infrastructure import outbox, relay_lease
from shared.db.lists import among, json_list
from shared.events.envelope import headers, topic

BATCH = 500
_FEW = 16
"""How many are looked for, as a look-up, until a look finds as many: then there may be hundreds."""
_UNDER_WAY = 3
_LEASE_SECONDS = 10.0
_IDLE_SECONDS = 2.0
_BACKOFF_SECONDS = (0.05, 5.0)

log = structlog.get_logger(__name__)

_columns = [outbox.c[name] for name in ("id", "event_id", "type", "key", "sequence", "movement", "actor",
            "occurred_at", "causation", "origin", "traceparent", "payload")]  # fmt: skip
_unpublished = hot(
    sa.select(*_columns)
    .where(outbox.c.published_at.is_(None), sa.not_(among(outbox.c.id, "taken")))
    .order_by(outbox.c.id)
    .limit(sa.bindparam("limit"))
)
_mark = hot(sa.update(outbox).where(among(outbox.c.id, "ids")).values(published_at=sa.bindparam("at")))
_take_lease = hot(
    sa.update(relay_lease)
    .where(relay_lease.c.name == sa.bindparam("relay"))
    .where((relay_lease.c.holder == sa.bindparam("me")) | (relay_lease.c.until < sa.bindparam("now")))
    .values(holder=sa.bindparam("me"), until=sa.bindparam("ends"))
)


class Relay:
    """Publishes one service's outbox to its topic, while it holds the lease."""

    def __init__(self, service: str, database: Database, bus: Bus) -> None:
        self._service = service
        self._topic = topic(service)
        self._database = database
        self._bus = bus
        self._bell = asyncio.Event()
        """Set while the outbox may hold rows that are not taken yet."""
        self._leading_until = 0.0
        self._under_way: deque[asyncio.Task[None]] = deque()
        self._taken: set[int] = set()
        self._limit = _FEW
        self.trouble: str | None = None
        """Why nothing is published at the moment; None while all is well. Health shows it."""
        database.on_publish(self._bell.set)
        database.on_announced(self._wake_if_leading)

    async def run(self) -> None:
        """Publish until cancelled. Nothing that fails here ends it: the rows stay, and are tried again."""
        shortest, longest = _BACKOFF_SECONDS
        wait = shortest
        try:
            while True:
                try:
                    await self._round()
                    self.trouble, wait = None, shortest
                except Exception as error:  # the log or the database is away: say so, wait, try again
                    self.trouble = f"{type(error).__name__}: events wait in the outbox"
                    log.warning("relay_waits", service=self._service, error=type(error).__name__)
                    await self._let_go()
                    await asyncio.sleep(wait)
                    wait = min(wait * 2, longest)
        finally:
            for task in self._under_way:
                task.cancel()
            await self._let_go()

    async def send(self, rows: Sequence[Row]) -> None:
        """Append rows to the log; raises the first failure. What was appended then goes out once more later."""
        outcomes = await self._bus.append(self._topic, [_outgoing(self._service, row) for row in rows])
        for outcome in outcomes:
            if outcome is not None:
                raise outcome

    async def mark(self, ids: Sequence[int]) -> None:
        """Record that these rows are on the log."""
        await self._database.write(_mark_published, ids)

    async def _round(self) -> None:
        if not await self._lead():
            if await self._wait(_LEASE_SECONDS / 3):
                self._bell.clear()
                await self._database.announce()  # a commit of this process: the one that leads must hear of it
        elif self._bell.is_set() and len(self._under_way) < _UNDER_WAY:
            await self._start_next()
        elif self._under_way:
            await self._settle_first()
        elif not await self._wait(_IDLE_SECONDS):
            self._bell.set()  # looked at now and then, whatever was heard

    async def _start_next(self) -> None:
        """Start sending the next rows that are not under way yet, where there are any."""
        self._bell.clear()  # before looking: what is committed meanwhile rings again and is looked at next
        read = self._database.read if self._limit == BATCH else self._database.read_by_key
        rows = await read(_fetch, list(self._taken), self._limit)
        if len(rows) < self._limit:
            self._limit = _FEW
        else:
            self._limit = BATCH
            self._bell.set()
        if rows:
            self._taken.update(row[0] for row in rows)
            self._under_way.append(asyncio.create_task(self._publish(rows)))

    async def _publish(self, rows: Sequence[Row]) -> None:
        await self.send(rows)
        await self.mark([row[0] for row in rows])
        self._taken.difference_update(row[0] for row in rows)

    async def _settle_first(self) -> None:
        """Wait until the oldest batch is published, or until there may be more to start beside it."""
        oldest, bell = self._under_way[0], asyncio.create_task(self._bell.wait())
        with_room = {oldest, bell} if len(self._under_way) < _UNDER_WAY else {oldest}
        try:
            await asyncio.wait(with_room, return_when=asyncio.FIRST_COMPLETED)
        finally:
            bell.cancel()
        if oldest.done():
            await self._under_way.popleft()

    async def _let_go(self) -> None:
        """After a failure: see all that was started to its end, so that the next attempt begins at the oldest row."""
        await asyncio.gather(*self._under_way, return_exceptions=True)
        self._under_way.clear()
        self._taken.clear()
        self._bell.set()

    async def _lead(self) -> bool:
        """Hold the lease, renewing it well before it ends."""
        if clock.timestamp() < self._leading_until - _LEASE_SECONDS / 2:
            return True
        held = await self._database.write(_lead, self._service, self._database.owner)
        if held and not self._leading_until:
            self._bell.set()  # for what another left when it died, of which we hear nothing
        self._leading_until = clock.timestamp() + _LEASE_SECONDS if held else 0.0
        return held

    def _wake_if_leading(self) -> None:
        if self._leading_until:
            self._bell.set()

    async def _wait(self, seconds: float) -> bool:
        """Wait for the bell at most so long; whether it rang."""
        try:
            async with asyncio.timeout(seconds):
                await self._bell.wait()
        except TimeoutError:
            return False
        return True


def _fetch(session: orm.Session, taken: Sequence[int], limit: int) -> list[Row]:
    """The next rows that nobody has published and that are not among those already taken."""
    return _unpublished.rows(session, {"taken": json_list(taken), "limit": limit})


def _mark_published(session: orm.Session, ids: Sequence[int]) -> None:
    _mark.run(session, {"ids": json_list(ids), "at": clock.milliseconds()})


def _lead(session: orm.Session, name: str, me: str) -> bool:
    now = int(clock.timestamp() * 1000)
    ends = now + int(_LEASE_SECONDS * 1000)
    if _take_lease.run(session, {"relay": name, "me": me, "now": now, "ends": ends}):
        return True
    if session.scalar(sa.select(relay_lease.c.name).where(relay_lease.c.name == name)) is not None:
        return False
    session.execute(sa.insert(relay_lease).values(name=name, holder=me, until=ends))
    return True


def _outgoing(service: str, row: Row) -> Outgoing:
    _, event_id, type_, key, sequence, movement, actor, occurred_at, causation, origin, traceparent, payload = row
    fields = headers(
        event_id=event_id, event_type=type_, service=service, key=key, sequence=sequence, movement=movement,
        actor=actor, occurred_at=occurred_at, causation=causation, origin=origin, traceparent=traceparent,
    )  # fmt: skip
    return Outgoing(key.encode(), fields, bytes(payload))
