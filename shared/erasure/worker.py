"""How a service that is told of an erasure carries it out: it asks what to look for, takes it out, and answers.

The event only stores a task. A worker does it, and what it does may be done twice; the task goes in the transaction
that records the receipt. So a process killed at any moment goes on with the tasks that are left.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from functools import partial

import sqlalchemy as sa
import structlog
from sqlalchemy import orm

from shared import clock, outbox
from shared.auth import service_principal, sign
from shared.erasure import store
from shared.erasure.counting import Counted
from shared.erasure.marks import Finder, Marks
from shared.erasure.sweep import Rewritten, nothing_derived, speaking_of, take_out, texts
from shared.events.base import Event
from shared.parts import Parts
from shared.upstream import read_json

SECONDS_BETWEEN_LOOKS = 0.5
ROWS_A_SLICE = 50
_log = structlog.get_logger(__name__)

Forgetting = Callable[[Parts, Counted, str, Marks], Awaitable[None]]
"""Erases what a service keeps of somebody besides texts, in a movement."""


@dataclass(frozen=True, slots=True)
class Erasing:
    """How one service erases: the tables of its texts, what it forgets besides, and how it answers.

    ``receipt`` makes the event from the erasure's id and the number of records that were erased or changed;
    ``rewritten`` makes anew what is derived from a row's texts.
    """

    metadata: Sequence[sa.MetaData]
    receipt: Callable[[str, int], Event]
    forgetting: Sequence[Forgetting] = ()
    rewritten: Rewritten = nothing_derived

    def worker(self) -> Callable[[Parts], Coroutine[None, None, None]]:
        """One of a service's `workers`."""

        async def erase(parts: Parts) -> None:
            while True:
                for movement, erasure in await parts.db.read(store.due, clock.milliseconds()):
                    await self._attempt(parts, movement, erasure)
                await asyncio.sleep(SECONDS_BETWEEN_LOOKS)

        return erase

    async def _attempt(self, parts: Parts, movement: str, erasure: str) -> None:
        try:
            await self._carry_out(parts, movement, erasure)
        except Exception as error:  # members may be away: the task stays, and is tried again
            _log.warning("erasure_put_off", erasure=erasure, error=type(error).__name__)
            await parts.db.write(store.put_off, movement, erasure)

    async def _carry_out(self, parts: Parts, movement: str, erasure: str) -> None:
        acting = parts.acting_in(movement, erasure)
        db = Counted(acting, partial(store.count, movement=movement, erasure=erasure))
        marks = await _marks(parts, movement, erasure)
        finder = Finder(marks)
        await db.erase(store.forget_answers, movement, marks.people)
        for forget in self.forgetting:
            await forget(parts, db, movement, marks)
        for metadata in self.metadata:
            await sweep(db, movement, metadata, finder, self.rewritten)
        if await parts.db.scrub(finder.traces):
            _log.warning("erasure_left_traces", erasure=erasure)
        await acting.write(self._answer, movement, erasure)

    def _answer(self, session: orm.Session, movement: str, erasure: str) -> None:
        if (records := store.done(session, movement, erasure)) is not None:
            outbox.record(session, self.receipt(erasure, records))


async def sweep(
    db: Counted,
    movement: str,
    metadata: sa.MetaData,
    finder: Finder,
    rewritten: Rewritten = nothing_derived,
) -> None:
    """Take somebody out of the texts of all tables."""
    for each in texts(metadata):
        keys = await db.read(speaking_of, movement, each, finder)
        for start in range(0, len(keys), ROWS_A_SLICE):
            some = keys[start : start + ROWS_A_SLICE]
            await db.erase(take_out, movement, each, some, finder, rewritten)


async def _marks(parts: Parts, movement: str, erasure: str) -> Marks:
    token = sign(service_principal(parts.service, movement), "members", parts.secrets)
    headers = [("authorization", f"Bearer {token}"), ("backbone-request-id", erasure)]
    path, deadline = f"/internal/erasures/{erasure}/marks", clock.timestamp() + 10
    return await read_json(parts.upstreams["members"], path, Marks, headers=headers, deadline=deadline)
