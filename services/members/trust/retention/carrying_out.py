"""The worker that applies rules: the runs that were begun by hand, and each day those that are applied by themselves.

A run is a row, and its slices count themselves in it: a process that is killed at any moment goes on with the next.
The last thing is the disk; only then is a run done.
"""

import asyncio
from datetime import timedelta

import structlog

from services.members.trust.retention import runs, store
from shared import clock
from shared.parts import Parts

SECONDS_BETWEEN_LOOKS = 1.0
_FURTHEST_EAST = timedelta(hours=14)
"""UTC+14 is the zone in which each day begins first."""
_log = structlog.get_logger(__name__)


async def apply_retention(parts: Parts) -> None:
    """Look again and again, each movement in its own time zone."""
    while True:
        await look(parts)
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


async def look(parts: Parts) -> None:
    """Go on with what was begun, and begin what is due today."""
    for movement, run in await parts.db.read(store.running):
        await _attempt(parts, movement, run)
    for movement in await parts.db.read(store.movements_to_look_at, (clock.now() + _FURTHEST_EAST).date()):
        db = parts.acting_in(movement)
        while (begun := await db.write(runs.begin_next, movement)) is not None:
            if not await _attempt(parts, movement, begun.id):
                break


async def _attempt(parts: Parts, movement: str, run: str) -> bool:
    """Whether the run came to its end; else it is tried again at the next look."""
    try:
        await _carry_out(parts, movement, run)
    except Exception as error:  # one movement's run keeps nobody else's waiting
        _log.warning("retention_interrupted", run=run, error=type(error).__name__)
        return False
    return True


async def _carry_out(parts: Parts, movement: str, run: str) -> None:
    db = parts.acting_in(movement, run)
    while await db.write(runs.go_on, movement, run, parts.secrets):
        pass  # other writers come between two slices
    if (await parts.db.read(runs.find, movement, run)).records:
        await parts.db.scrub(())
    await db.write(runs.end, movement, run)
