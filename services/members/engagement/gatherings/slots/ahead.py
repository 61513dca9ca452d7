"""The worker that makes the slots of every series so far ahead as the setting says, as time goes on."""

import asyncio
from datetime import timedelta

from services.members.engagement.gatherings.slots import domain, store
from shared import clock
from shared.parts import Parts

SECONDS_BETWEEN_LOOKS = 600.0
_A_DAY = timedelta(days=1)
_AT_A_TIME = 100


async def make_slots_ahead(parts: Parts) -> None:
    """Look at every series once a day. Killed, it goes on where it was: a series says how far its slots are made."""
    while True:
        await make_due_slots(parts)
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


async def make_due_slots(parts: Parts) -> None:
    """Make the slots of all series that are behind by a day or more, a series a transaction."""
    until = clock.now() + timedelta(days=parts.settings.slots_ahead_days)
    while due := await parts.db.read(store.series_due, until - _A_DAY, _AT_A_TIME):
        for movement, gathering, series in due:
            db = parts.acting_in(movement)
            await db.write(domain.extend, movement, gathering, series, until)
