"""Every SQL statement about slots and series."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After
from services.members.engagement.gatherings.slots.models import Series, Slot, State
from shared.db.types import from_microseconds, microseconds


def add(session: Session, slots: Iterable[Slot]) -> None:
    """Insert slots."""
    session.add_all(slots)
    session.flush()


def find(session: Session, movement: str, slot: str) -> Slot | None:
    """One slot."""
    return session.get(Slot, (movement, slot))


def for_change(session: Session, movement: str, slot: str) -> Slot | None:
    """One slot, locked until the transaction ends (PostgreSQL): who books it stands in line behind whoever holds it."""
    return session.get(Slot, (movement, slot), with_for_update=True)


def has_open(session: Session, movement: str, gathering: str, *, after: datetime | None = None) -> bool:
    """Whether a gathering has a slot that takes place, or one that begins behind a moment."""
    query = sa.select(sa.literal(1)).where(
        Slot.movement == movement, Slot.gathering == gathering, Slot.state == State.OPEN
    )
    if after is not None:
        query = query.where(Slot.starts_at > after)
    return session.scalar(query.limit(1)) is not None


def renew(session: Session, movement: str, gathering: str) -> None:
    """Let the calendars know that what they show of a gathering's slots has changed."""
    every = sa.update(Slot).where(Slot.movement == movement, Slot.gathering == gathering)
    session.execute(every.values(sequence=Slot.sequence + 1), execution_options={"synchronize_session": False})


def list_slots(
    session: Session,
    movement: str,
    gathering: str,
    *,
    starts_from: datetime | None,
    starts_before: datetime | None,
    after: After,
    limit: int,
) -> Sequence[Slot]:
    """The slots of a gathering, the earliest first."""
    query = sa.select(Slot).where(Slot.movement == movement, Slot.gathering == gathering)
    if starts_from is not None:
        query = query.where(Slot.starts_at >= starts_from)
    if starts_before is not None:
        query = query.where(Slot.starts_at < starts_before)
    if after is not None:
        at, slot = from_microseconds(int(after[0])), after[1]
        query = query.where((Slot.starts_at > at) | ((Slot.starts_at == at) & (Slot.id > slot)))
    return session.scalars(query.order_by(Slot.starts_at, Slot.id).limit(limit)).all()


def position(slot: Slot) -> tuple[int, str]:
    """Where a slot stands in the list of them."""
    return microseconds(slot.starts_at), slot.id


def find_series(session: Session, movement: str, gathering: str, series: str) -> Series | None:
    """One series of a gathering, locked (PostgreSQL): whoever looks for one is about to change it."""
    query = sa.select(Series).where(Series.movement == movement, Series.gathering == gathering, Series.id == series)
    return session.scalar(query.with_for_update())


def list_series(session: Session, movement: str, gathering: str, *, after: After, limit: int) -> Sequence[Series]:
    """The series of a gathering, in the order in which they were made."""
    query = sa.select(Series).where(Series.movement == movement, Series.gathering == gathering)
    if after is not None:
        query = query.where(Series.id > after[0])
    return session.scalars(query.order_by(Series.id).limit(limit)).all()


def series_due(session: Session, until: datetime, limit: int) -> Sequence[tuple[str, str, str]]:
    """The series whose slots have not been made up to a moment: movement, gathering and id."""
    columns = sa.select(Series.movement, Series.gathering, Series.id)
    query = columns.where(Series.ended_at.is_(None), Series.made_until < until)
    rows = session.execute(query.order_by(Series.made_until).limit(limit))
    return [(movement, gathering, series) for movement, gathering, series in rows]
