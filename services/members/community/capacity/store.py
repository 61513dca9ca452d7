"""Every SQL statement about capacity."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import Base
from services.members.community.capacity.models import Capacity, Level, Share


def add(session: Session, row: Base) -> None:
    """Insert what somebody said, or a share of it."""
    session.add(row)
    session.flush()


def find(session: Session, movement: str, person: str, day: date) -> Capacity | None:
    """What somebody said last, where it still holds on that day."""
    query = sa.select(Capacity).where(Capacity.movement == movement, Capacity.person == person)
    last = session.scalar(query.order_by(Capacity.id.desc()).limit(1))
    return None if last is None or (last.until is not None and last.until < day) else last


def shared_with(session: Session, movement: str, capacity: str) -> Sequence[str]:
    """The people with whom it is shared, each once."""
    query = sa.select(Share.shared_with).where(Share.movement == movement, Share.capacity == capacity)
    return session.scalars(query.distinct().order_by(Share.shared_with)).all()


def forget(session: Session, movement: str, person: str) -> None:
    """Delete all that somebody said."""
    theirs = sa.select(Capacity.id).where(Capacity.movement == movement, Capacity.person == person)
    session.execute(sa.delete(Share).where(Share.movement == movement, Share.capacity.in_(theirs)))
    session.execute(sa.delete(Capacity).where(Capacity.movement == movement, Capacity.person == person))


def counts(session: Session, movement: str, day: date) -> dict[Level, int]:
    """How many people say so, by level, of what still holds on that day."""
    newest = sa.select(sa.func.max(Capacity.id)).where(Capacity.movement == movement).group_by(Capacity.person)
    query = (
        sa.select(Capacity.level, sa.func.count())
        .where(Capacity.movement == movement, Capacity.id.in_(newest))
        .where(sa.or_(Capacity.until.is_(None), Capacity.until >= day))
        .group_by(Capacity.level)
    )
    found: dict[str, int] = dict(session.execute(query).all())
    return {level: found.get(level, 0) for level in Level}
