"""Every SQL statement about stops and their receipts."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After, page
from services.members.trust.permissions.models import Stop
from services.members.trust.stops.models import StopReceipt


def add(session: Session, row: Stop | StopReceipt) -> None:
    """Insert a stop or a receipt, at once: the parts ask what is permitted now."""
    session.add(row)
    session.flush()


def find(session: Session, movement: str, person: str, stop: str) -> Stop | None:
    """One of a person's stops."""
    query = sa.select(Stop).where(Stop.movement == movement, Stop.person == person, Stop.id == stop)
    return session.scalar(query)


def list_stops(session: Session, movement: str, person: str, *, after: After, limit: int) -> Sequence[Stop]:
    """A person's stops in the order in which they were said, those after ``after`` first."""
    query = sa.select(Stop).where(Stop.movement == movement, Stop.person == person)
    return session.scalars(page(query, Stop.id, after, limit)).all()


def receipts(session: Session, movement: str, stops: Sequence[str]) -> Sequence[StopReceipt]:
    """What the parts did about these stops, in the order of their names."""
    query = sa.select(StopReceipt).where(StopReceipt.movement == movement, StopReceipt.stop.in_(stops))
    return session.scalars(query.order_by(StopReceipt.stop, StopReceipt.part)).all()


def receipt(session: Session, movement: str, stop: str, part: str) -> StopReceipt | None:
    """What is expected of a part, locked until the transaction ends."""
    return session.get(StopReceipt, (movement, stop, part), with_for_update=True)


def waiting_for(session: Session, movement: str, part: str) -> Sequence[tuple[str, str]]:
    """The stops that a part has still to obey, each with whose it is."""
    query = (
        sa.select(Stop.id, Stop.person)
        .join(StopReceipt, sa.and_(Stop.movement == StopReceipt.movement, Stop.id == StopReceipt.stop))
        .where(StopReceipt.movement == movement, StopReceipt.part == part, StopReceipt.obeyed_at.is_(None))
    )
    return [(stop, person) for stop, person in session.execute(query)]


def movements_with_late(session: Session, now: datetime) -> Sequence[str]:
    """The movements in which a part is late, and it was not announced."""
    query = sa.select(StopReceipt.movement).where(*_late(now), StopReceipt.late_at.is_(None))
    return session.scalars(query.distinct()).all()


def newly_late(session: Session, movement: str, now: datetime, limit: int) -> Sequence[tuple[StopReceipt, str]]:
    """The receipts that are late without its having been announced, each with whose stop it is; locked."""
    query = (
        sa.select(StopReceipt, Stop.person)
        .join(Stop, sa.and_(Stop.movement == StopReceipt.movement, Stop.id == StopReceipt.stop))
        .where(StopReceipt.movement == movement, *_late(now), StopReceipt.late_at.is_(None))
        .order_by(StopReceipt.due_at)
        .limit(limit)
        .with_for_update(of=StopReceipt)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def count_late(session: Session, now: datetime) -> int:
    """How many receipts of all movements are late."""
    return session.scalar(sa.select(sa.func.count()).select_from(StopReceipt).where(*_late(now))) or 0


def _late(now: datetime) -> Sequence[sa.ColumnElement[bool]]:
    return (StopReceipt.obeyed_at.is_(None), StopReceipt.due_at <= now)
