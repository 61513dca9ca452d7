"""The worker that announces requests whose last day has passed without an answer."""

import asyncio
from datetime import timedelta

from services.members.trust.requests import answering, store
from shared import clock
from shared.parts import Parts

SECONDS_BETWEEN_LOOKS = 60.0
_SLICE = 100
_FURTHEST_EAST = timedelta(hours=14)
"""UTC+14 is the zone in which each day begins first."""


async def announce_overdue_requests(parts: Parts) -> None:
    """Look again and again, each movement in its own time zone. Killed, it goes on with the next look."""
    while True:
        await look(parts)
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


async def look(parts: Parts) -> None:
    """Announce whatever is overdue by now, in slices that let other writers in between."""
    for movement in await parts.db.read(store.movements_with_overdue, (clock.now() + _FURTHEST_EAST).date()):
        db = parts.acting_in(movement)
        while await db.write(answering.call_overdue, movement, _SLICE):
            pass  # other writers come between two slices
