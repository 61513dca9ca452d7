"""Telling that agreements come to their end, and that they have: what they cover stops by itself, told or not."""

import asyncio
from datetime import timedelta
from functools import partial

from sqlalchemy.orm import Session

from services.members import days
from services.members.trust.agreements import store
from shared import clock, outbox
from shared.events.members.agreements import AgreementExpired, AgreementExpiring
from shared.parts import Parts

SECONDS_BETWEEN_LOOKS = 60.0
_SLICE = 100
_ONE_DAY = timedelta(days=1)


async def watch_agreements(parts: Parts) -> None:
    """Look again and again, each movement in its own time zone. Killed, it goes on with the next look."""
    while True:
        await look(parts)
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


async def look(parts: Parts) -> None:
    """Tell of each agreement that comes to its end or has come to it, once for the day on which it does."""
    warning = timedelta(days=parts.settings.agreement_warning_days)
    latest = clock.now().date() + warning + 2 * _ONE_DAY  # the day after the last that it is anywhere
    for movement in await parts.db.read(store.movements_with_expiring, latest):
        db = parts.acting_in(movement)
        for verb in (partial(warn, warning=warning), tell):
            while await db.write(verb, movement, limit=_SLICE):
                pass  # other writers come between two slices


def warn(session: Session, movement: str, *, warning: timedelta, limit: int) -> int:
    """Warn of agreements that expire within ``warning``; how many."""
    soon = days.today(session, movement) + warning + _ONE_DAY
    expiring = store.to_warn(session, movement, soon, limit)
    for agreement in expiring:
        agreement.warned_of = agreement.expires_on
        outbox.record(session, AgreementExpiring(agreement=agreement.id, expires_on=agreement.expires_on))
    return len(expiring)


def tell(session: Session, movement: str, *, limit: int) -> int:
    """Tell of agreements that have expired; how many."""
    expired = store.to_tell(session, movement, days.today(session, movement) + _ONE_DAY, limit)
    for agreement in expired:
        agreement.told_of = agreement.expires_on
        outbox.record(session, AgreementExpired(agreement=agreement.id, expires_on=agreement.expires_on))
    return len(expired)
