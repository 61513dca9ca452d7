"""Every SQL statement about bookings."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, selectinload

from services.members.base import After, page
from services.members.directory.people.models import WITHOUT_LADDER, Person
from services.members.engagement.gatherings.bookings.models import Booking, BookingCompanion, State
from services.members.engagement.gatherings.models import Gathering
from services.members.trust.employers.store import not_own_staff

Shown = tuple[Booking, int, str | None]
"""A booking, how many wait ahead of it in its slot, and where its gathering is online."""

_before = aliased(Booking)
_ahead = (
    sa.select(sa.func.count())
    .where(
        _before.movement == Booking.movement,
        _before.slot == Booking.slot,
        _before.state == State.WAITING,
        _before.line < Booking.line,
    )
    .correlate(Booking)
    .scalar_subquery()
)
_shown = (
    sa.select(Booking, _ahead, Gathering.online_url)
    .join(Gathering, (Gathering.movement == Booking.movement) & (Gathering.id == Booking.gathering))
    .options(selectinload(Booking.companions))
)


def add(session: Session, booking: Booking, companions: Iterable[BookingCompanion]) -> None:
    """Insert a booking and who comes along."""
    session.add(booking)
    session.flush()
    session.add_all(companions)
    session.flush()


def replace_companions(session: Session, booking: Booking, companions: Iterable[BookingCompanion]) -> None:
    """Store who comes along in place of who did before."""
    session.execute(
        sa.delete(BookingCompanion).where(
            BookingCompanion.movement == booking.movement, BookingCompanion.booking == booking.id
        )
    )
    session.add_all(companions)
    session.flush()


def find(session: Session, movement: str, booking: str) -> Booking | None:
    """One booking, as it was before its slot was locked."""
    return session.get(Booking, (movement, booking))


def for_change(session: Session, movement: str, booking: str) -> Booking | None:
    """One booking, locked (PostgreSQL). Its slot is locked before it, never after."""
    return session.get(Booking, (movement, booking), with_for_update=True)


def shown(session: Session, movement: str, booking: str) -> Shown | None:
    """All that is shown of one booking."""
    query = _shown.where(Booking.movement == movement, Booking.id == booking)
    row = session.execute(query.execution_options(populate_existing=True)).one_or_none()
    return None if row is None else (row[0], row[1], row[2])


def live_of(session: Session, movement: str, slot: str, person: str) -> Booking | None:
    """The booking by which a person has a place in a slot, or waits for one."""
    query = sa.select(Booking).where(
        Booking.movement == movement, Booking.slot == slot, Booking.person == person, Booking.state != State.CANCELLED
    )
    return session.scalar(query.order_by(Booking.id).limit(1))


def in_line(session: Session, movement: str, slot: str, limit: int) -> Sequence[Booking]:
    """The first who wait for a place in a slot, who came first standing first."""
    query = sa.select(Booking).where(Booking.movement == movement, Booking.slot == slot, Booking.state == State.WAITING)
    return session.scalars(query.order_by(Booking.line).limit(limit)).all()


def children_among(session: Session, movement: str, named: Collection[str]) -> set[str]:
    """Those of the people whom the movement knows to be under 16."""
    if not named:
        return set()
    query = sa.select(Person.id).where(Person.movement == movement, Person.id.in_(named))
    return set(session.scalars(query.where(Person.age_band.in_(sorted(WITHOUT_LADDER)))))


def list_bookings(
    session: Session,
    movement: str,
    *,
    gathering: str | None = None,
    slot: str | None = None,
    person: str | None = None,
    state: State | None = None,
    updated_since: datetime | None = None,
    after: After,
    limit: int,
) -> Sequence[Shown]:
    """Bookings in the order in which they were made."""
    query = _shown.where(Booking.movement == movement, *not_own_staff(session, movement, Booking.person))
    for column, wanted in (
        (Booking.gathering, gathering),
        (Booking.slot, slot),
        (Booking.person, person),
        (Booking.state, state),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    if updated_since is not None:
        query = query.where(Booking.updated_at >= updated_since)
    rows = session.execute(page(query, Booking.id, after, limit))
    return [(booking, ahead, online_url) for booking, ahead, online_url in rows]
