"""Housekeeping: deletes what a service has kept long enough, in slices that let other writers in between."""

import asyncio
from datetime import timedelta

import sqlalchemy as sa
import structlog
from sqlalchemy import orm

from shared import clock, idempotency
from shared.db import Database
from shared.db.infrastructure import idempotency as answers
from shared.db.infrastructure import outbox
from shared.db.types import microseconds

_SLICE = 500
_EVERY_SECONDS = 600.0

log = structlog.get_logger(__name__)


async def keep_house(database: Database, outbox_retention: timedelta) -> None:
    """Sweep now and every ten minutes, until cancelled. A sweep that fails is tried again at the next."""
    while True:
        try:
            await sweep(database, outbox_retention)
        except Exception as error:  # the database is away: health says so, and the next round makes up for it
            log.warning("sweep_failed", error=type(error).__name__)
        await asyncio.sleep(_EVERY_SECONDS)


async def sweep(database: Database, outbox_retention: timedelta) -> None:
    """Delete published outbox rows past their retention, and answers kept for idempotency past their 24 hours."""
    now = clock.now()
    published_before = microseconds(now - outbox_retention) // 1000
    recorded_before = microseconds(now - timedelta(seconds=idempotency.KEPT_SECONDS)) // 1000
    while await database.write(_delete_published, published_before) == _SLICE:
        continue
    while await database.write(_delete_answers, recorded_before) == _SLICE:
        continue


def _delete_published(session: orm.Session, before: int) -> int:
    oldest = sa.select(outbox.c.id).where(outbox.c.published_at < before).order_by(outbox.c.id).limit(_SLICE)
    return len(session.scalars(sa.delete(outbox).where(outbox.c.id.in_(oldest)).returning(outbox.c.id)).all())


def _delete_answers(session: orm.Session, before: int) -> int:
    key = (answers.c.movement, answers.c.principal, answers.c.route, answers.c.key)
    oldest = sa.select(*key).where(answers.c.recorded_at < before).limit(_SLICE)
    return len(session.execute(sa.delete(answers).where(sa.tuple_(*key).in_(oldest)).returning(answers.c.key)).all())
