"""The background review that follows a new policy: everybody is brought up to what it gives them, a slice at a time."""

import asyncio

from services.members.engagement.ladder import domain, store
from shared.db import Context
from shared.parts import Parts

SECONDS_BETWEEN_LOOKS = 1.0
PEOPLE_IN_A_SLICE = 100
"""Few enough that the writes of people who wait are not held up."""


async def review_ladders(parts: Parts) -> None:
    """Apply each newly activated policy to everybody in its movement. Killed, it goes on where it was."""
    while True:
        for movement in await parts.db.read(store.movements_under_review):
            db = parts.db.on_behalf(Context(movement=movement, actor=f"service:{parts.service}"))
            while await db.write(domain.review, movement, PEOPLE_IN_A_SLICE):
                pass  # other writers come between two slices
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
