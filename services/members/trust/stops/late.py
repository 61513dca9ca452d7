"""The worker that raises the alarm where a part has not obeyed a stop in time."""

import asyncio

import structlog

from services.members.trust.stops import domain, store
from shared import clock, metrics
from shared.parts import Parts

SECONDS_BETWEEN_LOOKS = 30.0
_SLICE = 100
_log = structlog.get_logger(__name__)


async def watch_stops(parts: Parts) -> None:
    """Look again and again. Killed, it goes on with the next look."""
    while True:
        await look(parts)
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


async def look(parts: Parts) -> None:
    """Announce each part that is late once, and say in log and metric how many are as long as any is."""
    for movement in await parts.db.read(store.movements_with_late, clock.now()):
        db = parts.acting_in(movement)
        while await db.write(domain.call_late, movement, _SLICE):
            pass  # other writers come between two slices
    late = await parts.db.read(store.count_late, clock.now())
    metrics.late_stops.labels(parts.service).set(late)
    if late:
        _log.error("stops_not_obeyed", parts=late)
