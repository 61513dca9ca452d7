"""Rebuilding a projection: the whole log is read anew into a copy, compared with the live one by digest, and swapped.

The live one goes on meanwhile, and so do those who read it. The copy is never ahead of it: it takes what the live
cursors have passed. Once it stands where they stand, one transaction compares the two and puts the copy's content in
the place of the live one's; so no reader finds less, or something older, than before. Killed at any moment, a rebuild
has changed nothing that is read; the next one begins anew.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import sqlalchemy as sa
import structlog
from sqlalchemy import orm

from shared.bus import Subscription
from shared.bus.records import Partition, Record, StaleCursor
from shared.consumer import inbox
from shared.consumer.apply import is_event
from shared.consumer.consumer import AWAY, BATCH, Consumer
from shared.consumer.inbox import Zombie
from shared.consumer.projection import Projection, copying
from shared.db.session import of
from shared.errors import Conflict

_POLL_SECONDS = 0.05
_STILL_SECONDS = 1.0
_IDLE_SECONDS = 60.0

log = structlog.get_logger(__name__)


class CannotBeRebuilt(Conflict):
    """The copy does not come to where the live projection is; that one is as it was."""

    code, title = "cannot_be_rebuilt", "The projection cannot be rebuilt"


class _NotAtOnePlace(Exception):
    """Another process has moved the live cursors on."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many records were read anew, and the digests of the content that was live and of that which is now."""

    records: int
    before: str
    after: str


async def rebuild(live: Consumer) -> Rebuilt:
    """Make what a consumer projects anew, and put it in the place of what is live. Raises CannotBeRebuilt.

    Of several at once, in whichever process, one at the most succeeds: they share the copy's cursor.
    """
    projection = live.projection
    if projection is None:
        raise CannotBeRebuilt(f"{live.name} does more than keep what events say, and would do it again")
    copy = live.beside(f"{live.name}.copy", copying(live.reaction))
    await _forget(copy, projection)
    subscription = copy.subscribe()
    try:
        return await _Rebuilding(live, copy, projection, _Reading(subscription)).run()
    except StaleCursor as error:
        raise CannotBeRebuilt(f"the log does not go back to its beginning: {error}") from error
    finally:
        await subscription.close()
        await _forget(copy, projection)


class _Rebuilding:
    """One rebuild under way."""

    def __init__(self, live: Consumer, copy: Consumer, projection: Projection, reading: "_Reading") -> None:
        self._live = live
        self._copy = copy
        self._projection = projection
        self._reading = reading
        self._records = 0
        self._moved_at = time.monotonic()

    async def run(self) -> Rebuilt:
        """Read on until the copy is where the live one is, and swap."""
        while True:
            if await self._go_on() > BATCH:
                continue
            async with self._live.still():
                swapped = await self._swap_within(time.monotonic() + _STILL_SECONDS)
            if swapped is not None:
                return swapped

    async def _go_on(self) -> int:
        """Read on and apply what the live one has passed; answers how many records it is ahead still."""
        await self._reading.more()
        there = await self._live.positions()
        passed = self._reading.before(there)
        for at in range(0, len(passed), BATCH):
            await self._apply(passed[at : at + BATCH])
        here = await self._copy.positions()
        if passed:
            self._records, self._moved_at = self._records + len(passed), time.monotonic()
        elif here != there and time.monotonic() - self._moved_at > _IDLE_SECONDS:
            raise CannotBeRebuilt("the log does not give what the live projection has read")
        return sum(max(0, position - here.get(partition, 0)) for partition, position in there.items())

    async def _apply(self, records: Sequence[Record]) -> None:
        with _refused(self._live.name):
            try:
                await self._copy.apply(records)
            except ValueError:  # a record that is no event at all, perhaps: the live one has passed it over too
                await self._one_by_one(records)

    async def _one_by_one(self, records: Sequence[Record]) -> None:
        for record in records:
            if is_event(record):
                await self._copy.apply([record])
            else:
                await self._copy.pass_over(record)

    async def _swap_within(self, until: float) -> Rebuilt | None:
        """Swap, while nothing is applied in this process; None where the two do not come to one place by then."""
        while await self._go_on():
            if time.monotonic() > until:
                return None
        with _refused(self._live.name):
            try:
                before, after = await self._live.database.write(
                    _swap, self._live.name, self._copy.name, self._projection
                )
            except _NotAtOnePlace:
                return None
        return Rebuilt(self._records, before, after)


class _Reading:
    """The log from its beginning on. Of a partition nothing more is read while something of it waits to be applied."""

    def __init__(self, subscription: Subscription) -> None:
        self._subscription = subscription
        self._waiting: dict[Partition, list[Record]] = {}
        self._generation = -1

    async def more(self) -> None:
        """Read on."""
        batch = await self._subscription.poll(BATCH, _POLL_SECONDS)
        if batch.generation != self._generation:  # assigned anew: it begins at what is applied
            self._generation = batch.generation
            self._waiting.clear()
        for record in batch.records:
            self._waiting.setdefault((record.topic, record.partition), []).append(record)

    def before(self, positions: Mapping[Partition, int]) -> list[Record]:
        """What lies before these positions, to be applied now."""
        found: list[Record] = []
        left: dict[Partition, list[Record]] = {}
        for partition, records in self._waiting.items():
            end = positions.get(partition, 0)
            found += [record for record in records if record.offset < end]
            if rest := [record for record in records if record.offset >= end]:
                left[partition] = rest
        if done := self._waiting.keys() - left.keys():
            self._subscription.resume(done)
        self._subscription.pause(left.keys())
        self._waiting = left
        return found


def _swap(session: orm.Session, live: str, copy: str, projection: Projection) -> tuple[str, str]:
    """Compare and swap, as one; answers the digests before and after. Raises _NotAtOnePlace, with nothing changed."""
    _hold_cursors(session)
    if inbox.positions(session, copy) != inbox.positions(session, live):
        raise _NotAtOnePlace
    before, after = projection.digest(session, False), projection.digest(session, True)
    projection.swap(session)
    for key in inbox.parked_among(session, live):  # the copy has what the live one had set aside
        inbox.take_over(session, live, copy, key)
    return before, after


def _hold_cursors(session: orm.Session) -> None:
    """Let no consumer move until the end of the transaction, not even to a partition of which nothing was read yet."""
    if of(session).dialect.name == "postgresql":
        session.execute(sa.text("LOCK TABLE consumer_cursor IN SHARE ROW EXCLUSIVE MODE"))


@contextmanager
def _refused(name: str) -> Iterator[None]:
    """Tell what keeps events from being applied to the copy. A log or a database that is away is nobody's fault."""
    try:
        yield
    except Zombie as error:
        raise CannotBeRebuilt("another rebuild of it has begun meanwhile") from error
    except (*AWAY, CannotBeRebuilt):
        raise
    except Exception as error:  # a handler's: the live one has parked the key, or would now
        log.error("rebuild_failed", consumer=name, exc_info=error)
        raise CannotBeRebuilt(f"an event cannot be applied ({type(error).__name__})") from error


async def _forget(copy: Consumer, projection: Projection) -> None:
    await copy.database.write(projection.clear)
    while await copy.database.write(inbox.forget, copy.name):
        continue
