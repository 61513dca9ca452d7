"""Every SQL statement about stops and their receipts."""

from collections.abc import Sequence

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
