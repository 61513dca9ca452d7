"""Every statement about handovers."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import orm

from services.gateway.handovers.models import Handover

_AT_ONCE = 20


def find(session: orm.Session, movement: str, handover: str, *, lock: bool = False) -> Handover | None:
    """One handover; ``lock`` holds the row until the transaction ends (PostgreSQL)."""
    return session.get(Handover, (movement, handover), with_for_update=lock or None)


def page(session: orm.Session, movement: str, after: str, limit: int) -> Sequence[Handover]:
    """Handovers in the order in which they began, behind the one given (empty: from the first)."""
    statement = sa.select(Handover).where(Handover.movement == movement, Handover.id > after)
    return session.scalars(statement.order_by(Handover.id).limit(limit)).all()


def due(session: orm.Session, at: datetime) -> Sequence[Handover]:
    """Of every movement, those of which members is to be told at this moment: the longest waiting first."""
    statement = sa.select(Handover).where(Handover.next_attempt_at <= at)
    return session.scalars(statement.order_by(Handover.next_attempt_at).limit(_AT_ONCE)).all()
