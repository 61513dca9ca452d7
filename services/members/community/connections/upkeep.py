"""Who is a client no more may have a rung again: some time after, so that nobody can put the two together.

The end of a case and a rung that comes back are both on the log. Side by side they would tell who the client was.
"""

import asyncio

from services.members.community.connections import domain, store
from shared.parts import Parts

SECONDS_BETWEEN_LOOKS = 60.0
PEOPLE_IN_A_SLICE = 50


async def readmit_former_clients(parts: Parts) -> None:
    """Let former clients onto the ladder again, a slice at a time. Killed, it goes on where it was."""
    while True:
        for movement in await parts.db.read(store.movements_with_former_clients):
            db = parts.acting_in(movement)
            while await db.write(domain.readmit_former, movement, PEOPLE_IN_A_SLICE):
                pass  # other writers come between two slices
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
