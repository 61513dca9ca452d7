"""The worker that lets offers lapse at their instant: their money goes back without anybody's doing."""

import asyncio

from sqlalchemy.orm import Session

from services.grants.awards import domain, store
from shared import clock
from shared.parts import Parts

SECONDS_BETWEEN_LOOKS = 5.0
_SLICE = 50


async def lapse_offers(parts: Parts) -> None:
    """Look again and again. Killed at any moment, it goes on with the next look."""
    while True:
        await look(parts)
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


async def look(parts: Parts) -> None:
    """Let every offer lapse whose instant has come, in slices that let other writers in between."""
    for movement in await parts.db.read(store.movements_with_overdue_offers, clock.now()):
        db = parts.acting_in(movement)
        while await db.write(_lapse_some, movement):
            pass  # other writers come between two slices


def _lapse_some(session: Session, movement: str) -> int:
    """Lapse some offers whose instant has come; how many. One that was answered meanwhile is no offer any more."""
    overdue = store.overdue_offers(session, movement, clock.now(), _SLICE)
    for award_id in overdue:
        domain.lapse_award(session, movement, award_id)
    return len(overdue)
