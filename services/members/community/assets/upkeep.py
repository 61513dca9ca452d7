"""Keeping the map: what may no longer be shown is unpublished, and what nobody looked at for too long goes stale."""

import asyncio
from datetime import timedelta

from services.members.community.assets import domain, store
from services.members.community.assets.domain import FreshFor
from services.members.community.assets.models import AssetKind
from shared import clock
from shared.parts import Parts
from shared.settings import Settings

SECONDS_BETWEEN_LOOKS = 5.0
"""Readers see nothing that is not allowed in between: whoever reads asks for the permission too."""
ASSETS_IN_A_SLICE = 100


def fresh_for_of(settings: Settings) -> FreshFor:
    """How long after its verification an asset of each kind goes stale."""
    return {kind: timedelta(days=settings.asset_fresh_days[kind.value]) for kind in AssetKind}


async def keep_the_map(parts: Parts) -> None:
    """Unpublish and let go stale, a slice at a time. Killed, it goes on where it was."""
    fresh_for = fresh_for_of(parts.settings)
    while True:
        too_old = domain.before(clock.now(), fresh_for)
        for movement in await parts.db.read(store.movements_to_keep, too_old):
            db = parts.acting_in(movement)
            while await db.write(domain.hold_to_permissions, movement, ASSETS_IN_A_SLICE):
                pass  # other writers come between two slices
            while await db.write(domain.let_go_stale, movement, fresh_for, ASSETS_IN_A_SLICE):
                pass
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
