"""The worker that deletes what stands in archives whose days are over."""

import asyncio

from services.members.trust.archives import domain, store
from shared import clock
from shared.parts import Parts

SECONDS_BETWEEN_LOOKS = 30.0


async def delete_expired_archives(parts: Parts) -> None:
    """Look again and again. Killed, it goes on with the next look."""
    while True:
        await delete(parts)
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


async def delete(parts: Parts) -> None:
    """Delete whatever has expired by now, in slices that let other writers in between."""
    for movement, archive in await parts.db.read(store.expired, clock.now()):
        db = parts.acting_in(movement)
        while await db.write(domain.expire_some, movement, archive):
            pass  # other writers come between two slices
