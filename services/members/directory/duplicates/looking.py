"""The search in the background: whatever changed is compared with what it shares a key with, a slice at a time."""

import asyncio
from datetime import datetime, timedelta

from services.members.directory.duplicates import domain, store
from services.members.directory.duplicates.nouns import ORGANISATIONS, PEOPLE
from shared import clock
from shared.parts import Parts

SECONDS_BETWEEN_LOOKS = 2.0


async def look_for_duplicates(parts: Parts) -> None:
    """Compare what changed, again and again. Killed, it goes on where it was.

    A change has its time before it is committed, and that can take as long as a request may: it is looked at then, so
    that none is passed over.
    """
    while True:
        await look(parts, clock.now() - timedelta(seconds=parts.settings.request_timeout))
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


async def look(parts: Parts, until: datetime) -> None:
    """Compare all that changed up to a moment, in every movement."""
    for noun in (PEOPLE, ORGANISATIONS):
        movement = ""
        while (following := await parts.db.read(store.next_movement, noun, movement)) is not None:
            movement = following
            if not await parts.db.read(store.has_changed, movement, noun, until):
                continue
            db = parts.acting_in(movement)
            while await db.write(domain.look, movement, noun, until):
                pass  # other writers come between two slices
