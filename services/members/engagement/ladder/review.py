"""The ladder's work in the background: reviews and ends of locks when they are due, and every unfinished run."""

import asyncio

from services.members.engagement.ladder import holds, runs, runs_store
from shared.parts import Parts

SECONDS_BETWEEN_LOOKS = 1.0
PEOPLE_IN_A_SLICE = 50
"""Few enough that the writes of people who wait are not held up."""


async def review_ladders(parts: Parts) -> None:
    """Begin reviews that are due, end what is past, and go on with every run. Killed, it goes on where it was."""
    while True:
        for movement in await parts.db.read(runs.movements_due):
            await parts.acting_in(movement).write(runs.review_if_due, movement)
        for movement in await parts.db.read(holds.movements_with_past):
            await parts.acting_in(movement).write(holds.let_expire, movement)
        for movement in await parts.db.read(runs_store.movements_with_runs):
            while await parts.acting_in(movement).write(runs.go_on, movement, PEOPLE_IN_A_SLICE):
                pass  # other writers come between two slices
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
