"""The scheduled look at what a passing day changes: pledges fall overdue, campaigns close, organisations end."""

import asyncio
from datetime import timedelta

from services.members.directory.organisations import store as organisations_store
from services.members.directory.organisations import succession
from services.members.engagement.campaigns import domain as campaigns
from services.members.engagement.campaigns import store as campaigns_store
from services.members.engagement.nominations import domain as nominations
from services.members.engagement.nominations import store as nominations_store
from services.members.engagement.pledges import domain as pledges
from services.members.engagement.pledges import store as pledges_store
from shared import clock
from shared.parts import Parts

SECONDS_BETWEEN_LOOKS = 60.0
_SLICE = 100
_FURTHEST_EAST = timedelta(hours=14)
"""UTC+14 is the zone in which each day begins first."""


async def look_for_due(parts: Parts) -> None:
    """Look again and again, each movement in its own time zone. Killed, it goes on with the next look."""
    while True:
        await look(parts)
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


async def look(parts: Parts) -> None:
    """Change whatever the day has changed, in slices that let other writers in between."""
    today_somewhere = (clock.now() + _FURTHEST_EAST).date()
    for movements, verb in (
        (pledges_store.movements_with_due, pledges.mark_overdue),
        (nominations_store.movements_with_expired, nominations.expire),
        (campaigns_store.movements_with_past, campaigns.close_past),
        (organisations_store.movements_with_endings, succession.carry_out_due),
    ):
        for movement in await parts.db.read(movements, today_somewhere):
            db = parts.acting_in(movement)
            while await db.write(verb, movement, _SLICE):
                pass  # other writers come between two slices
