"""Every SQL statement about shifts and availability."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After, Base, page
from services.members.engagement.gatherings.models import Gathering
from services.members.engagement.gatherings.models import State as GatheringState
from services.members.engagement.gatherings.shifts.models import Availability, Shift
from services.members.engagement.gatherings.slots.models import Slot, State


def add(session: Session, row: Base) -> None:
    """Insert or change a row."""
    session.add(row)
    session.flush()


def find(session: Session, movement: str, shift: str, *, lock: bool = False) -> Shift | None:
    """One shift, locked (PostgreSQL) where it is to be changed."""
    return session.get(Shift, (movement, shift), with_for_update=lock or None)


def list_shifts(session: Session, movement: str, *, after: After, limit: int) -> Sequence[Shift]:
    """Shifts in the order in which they were entered."""
    return session.scalars(page(sa.select(Shift).where(Shift.movement == movement), Shift.id, after, limit)).all()


def availability(session: Session, movement: str, person: str, *, lock: bool = False) -> Availability | None:
    """What a person said last, locked (PostgreSQL) where it is to be changed."""
    query = sa.select(Availability).where(Availability.movement == movement, Availability.person == person)
    latest = query.order_by(Availability.updated_at.desc(), Availability.id.desc()).limit(1)
    return session.scalar(latest.with_for_update() if lock else latest)


def next_slots(
    session: Session, movement: str, after: datetime, limit: int, gathering: str | None = None
) -> Sequence[Slot]:
    """The next slots that take place: a gathering's, or those of all that is published."""
    query = sa.select(Slot).where(Slot.movement == movement, Slot.state == State.OPEN, Slot.starts_at > after)
    if gathering is not None:
        query = query.where(Slot.gathering == gathering)
    else:
        query = query.join(Gathering, (Gathering.movement == Slot.movement) & (Gathering.id == Slot.gathering))
        query = query.where(Gathering.state == GatheringState.PUBLISHED)
    return session.scalars(query.order_by(Slot.starts_at, Slot.id).limit(limit)).all()
