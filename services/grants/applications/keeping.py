"""How long applications that came to nothing stay as they were: then who asked is forgotten, and the demand is kept.

What stays says what was asked for, where, on which theme, how much, and why not: nobody can be told from it.
"""

import asyncio
from datetime import timedelta

from services.grants.applications import store
from shared import clock
from shared.parts import Parts

EVERY_SECONDS = 600.0


async def unsuccessful_forgotten(parts: Parts) -> None:
    """The worker: looks now and then for applications that were kept long enough."""
    while True:
        await forget_old(parts)
        await asyncio.sleep(EVERY_SECONDS)


async def forget_old(parts: Parts) -> int:
    """Forget who applied in vain to rounds that ended long enough ago, a few at a time; answers how many there were."""
    before = clock.now() - timedelta(days=parts.settings.unsuccessful_applications_kept_days)
    forgotten = 0
    while gone := await parts.db.write(store.forget_unsuccessful, before):
        forgotten += gone
    return forgotten
