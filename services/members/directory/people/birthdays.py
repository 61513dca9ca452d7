"""The worker that lets age bands follow birthdays: whoever outgrew theirs is in the next, and what that one may."""

import asyncio
from datetime import timedelta

from services.members.directory.people import changes, store
from shared import clock
from shared.parts import Parts

SECONDS_BETWEEN_LOOKS = 600.0
_SLICE = 100
_FURTHEST_EAST = timedelta(hours=14)
"""UTC+14 is the zone in which each day begins first."""


async def follow_birthdays(parts: Parts) -> None:
    """Look again and again, each movement in its own time zone. Killed, it goes on with the next look."""
    while True:
        await look(parts)
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


async def look(parts: Parts) -> None:
    """Let everybody be in the band of their date of birth, in slices that let other writers in between."""
    for movement in await parts.db.read(store.movements_with_outgrown, (clock.now() + _FURTHEST_EAST).date()):
        db = parts.acting_in(movement)
        while await db.write(changes.grow, movement, _SLICE):
            pass  # other writers come between two slices
