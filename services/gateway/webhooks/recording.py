"""Gathers outcomes for a moment and has them recorded in groups; while one group is committed, the next gathers."""

import asyncio
from collections.abc import Callable, Collection, Sequence

import structlog

from services.gateway.webhooks.outcomes import Recorder, record
from services.gateway.webhooks.sending import Outcome
from shared.db import Context, Database

ACTOR = "service:gateway"
_GROUP = 1000
_GATHER_SECONDS = 0.05
"""A commit for each outcome would cost as much as sending it. Only what is next in a chain waits for its recording."""
_AGAIN_SECONDS = 1.0

log = structlog.get_logger(__name__)


class Recording:
    """The outcomes that are not in the database yet. A database that is away loses none: they are tried again.

    `freed` is told the endpoints at which something more can be sent once outcomes are recorded.
    """

    def __init__(self, db: Database, recorder: Recorder, freed: Callable[[Collection[str]], None]) -> None:
        self._db = db
        self._recorder = recorder
        self._freed = freed
        self._outcomes: dict[str, list[Outcome]] = {}
        self._some = asyncio.Event()
        self._awaited = False
        self._ending = False

    def add(self, outcome: Outcome) -> None:
        """Have an outcome recorded soon."""
        self._outcomes.setdefault(outcome.delivery.item.movement, []).append(outcome)
        self._awaited = self._awaited or outcome.delivery.chain is not None
        self._some.set()

    def end(self) -> None:
        """Let :meth:`run` return once all is recorded; it never leaves a commit of which it does not know the end."""
        self._ending = True
        self._some.set()

    async def run(self) -> None:
        """Record until the end. A database that is away at the end is not waited for: others will send again."""
        while not self._ending or self._outcomes:
            await self._some.wait()
            if not self._ending and not self._awaited:
                await asyncio.sleep(_GATHER_SECONDS)
            self._awaited = False
            self._some.clear()
            try:
                await self._flush()
            except Exception as error:  # the database is away: what was sent must not be forgotten
                log.warning("webhook_outcomes_wait", error=type(error).__name__)
                if self._ending:
                    return
                await asyncio.sleep(_AGAIN_SECONDS)
                self._some.set()

    async def record(self, movement: str, outcomes: Sequence[Outcome]) -> None:
        """Record outcomes of one movement in one transaction."""
        ours = self._db.on_behalf(Context(movement, ACTOR))
        self._freed(await ours.write(record, movement, outcomes, self._recorder))

    async def _flush(self) -> None:
        """Record as many as there are now; what comes meanwhile is gathered first."""
        left = sum(map(len, self._outcomes.values()))
        while left > 0:
            movement, outcomes = next(iter(self._outcomes.items()))
            group = outcomes[:_GROUP]
            await self.record(movement, group)
            left -= len(group)
            del outcomes[: len(group)]
            del self._outcomes[movement]  # and to the end of the line with what came meanwhile
            if outcomes:
                self._outcomes[movement] = outcomes
