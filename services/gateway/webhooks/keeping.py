"""How long the log of attempts is kept: what a receiver answered, and when, is for finding faults, which grow old."""

import asyncio
from datetime import timedelta

import sqlalchemy as sa
import structlog
from sqlalchemy import orm

from services.gateway.webhooks.models import Attempt
from shared import clock
from shared.parts import Parts

_SLICE = 500
_SECONDS_BETWEEN_LOOKS = 600.0

log = structlog.get_logger(__name__)


async def forget_attempts(parts: Parts) -> None:
    """Forget what is old enough, again and again. Killed, it goes on with the next look."""
    kept = timedelta(days=parts.settings.webhook_log_days)
    while True:
        try:
            await forget_before(parts, kept)
        except Exception as error:  # the database is away: the next look makes up for it
            log.warning("attempts_not_forgotten", error=type(error).__name__)
        await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)


async def forget_before(parts: Parts, kept: timedelta) -> None:
    """Forget the attempts that have been kept for so long. The deliveries stay: they say what was disclosed to whom."""
    while await parts.db.write(_forget_some, kept) == _SLICE:
        continue


def _forget_some(session: orm.Session, kept: timedelta) -> int:
    """Delete the oldest attempts of every movement, so many at most: housekeeping. Answers how many."""
    oldest = sa.select(Attempt.id, Attempt.at).order_by(Attempt.id).limit(_SLICE).subquery()
    old = sa.select(oldest.c.id).where(oldest.c.at < clock.now() - kept)
    return len(session.scalars(sa.delete(Attempt).where(Attempt.id.in_(old)).returning(Attempt.id)).all())
