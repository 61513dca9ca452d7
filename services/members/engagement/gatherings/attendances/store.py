"""Every SQL statement about attendances."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After, page
from services.members.engagement.gatherings.attendances.models import Attendance, Role, Status
from services.members.engagement.gatherings.bookings.models import Booking
from services.members.engagement.gatherings.bookings.models import State as BookingState
from services.members.trust.employers.store import not_own_staff
from services.members.trust.permissions.leaving_out import shown_here


class Line(NamedTuple):
    """A line of a register: an attendance, or a booking of somebody of whom nothing has been said yet."""

    id: str
    person: str | None
    people: int
    status: str
    role: str
    booking: str | None
    attendance: str | None


class Tally(NamedTuple):
    """How many people of a slot came, and how."""

    status: str
    named: bool
    booked: bool
    people: int


def add(session: Session, attendances: Iterable[Attendance]) -> None:
    """Insert attendances."""
    session.add_all(attendances)
    session.flush()


def find(session: Session, movement: str, attendance: str) -> Attendance | None:
    """One attendance."""
    return session.get(Attendance, (movement, attendance))


def for_change(session: Session, movement: str, attendance: str) -> Attendance | None:
    """One attendance, locked until the transaction ends (PostgreSQL)."""
    return session.get(Attendance, (movement, attendance), with_for_update=True)


def said_of(session: Session, movement: str, slot: str, people: Iterable[str]) -> dict[str, Attendance]:
    """What has been said of each of the people, by person."""
    query = sa.select(Attendance).where(
        Attendance.movement == movement, Attendance.slot == slot, Attendance.person.in_(sorted(people))
    )
    return {row.person: row for row in session.scalars(query.order_by(Attendance.id.desc())) if row.person is not None}


def booked_by(session: Session, movement: str, slot: str, people: Iterable[str]) -> dict[str, Booking]:
    """The bookings by which these people have a place in a slot, by person."""
    query = sa.select(Booking).where(
        Booking.movement == movement,
        Booking.slot == slot,
        Booking.state == BookingState.BOOKED,
        Booking.person.in_(sorted(people)),
    )
    return {row.person: row for row in session.scalars(query.order_by(Booking.id.desc()))}


def list_attendances(
    session: Session,
    movement: str,
    *,
    gathering: str | None = None,
    slot: str | None = None,
    person: str | None = None,
    updated_since: datetime | None = None,
    after: After,
    limit: int,
) -> Sequence[Attendance]:
    """Attendances in the order in which they were recorded."""
    query = sa.select(Attendance).where(
        Attendance.movement == movement, *not_own_staff(session, movement, Attendance.person)
    )
    if gathering is not None:
        query = query.where(Attendance.gathering == gathering)
    if slot is not None:
        query = query.where(Attendance.slot == slot)
    if person is not None:
        query = query.where(Attendance.person == person)
    if updated_since is not None:
        query = query.where(Attendance.updated_at >= updated_since)
    return session.scalars(page(query, Attendance.id, after, limit)).all()


def register(session: Session, movement: str, slot: str, after: After, limit: int) -> Sequence[Line]:
    """Who came or did not, and who booked and of whom nothing has been said."""
    nothing = sa.null().cast(sa.Text)
    said = sa.select(
        Attendance.id, Attendance.person, Attendance.people, Attendance.status, Attendance.role, Attendance.booking,
        Attendance.id.label("attendance"),
    ).where(Attendance.movement == movement, Attendance.slot == slot)  # fmt: skip
    unsaid = sa.select(
        Booking.id, Booking.person, Booking.places, sa.literal(Status.UNKNOWN.value),
        sa.literal(Role.PARTICIPANT.value), Booking.id.label("booking"), nothing,
    ).where(*_unsaid(movement, slot))  # fmt: skip
    lines = sa.union_all(said, unsaid).subquery()
    here = shown_here(session, lines.c.person)
    query = sa.select(lines).where(here, *not_own_staff(session, movement, lines.c.person))
    if after is not None:
        query = query.where(lines.c.id > after[0])
    return [Line(*row) for row in session.execute(query.order_by(lines.c.id).limit(limit))]


def tallies(session: Session, movement: str, slot: str) -> Sequence[Tally]:
    """How many people came to a slot or did not, named or not, booked or not."""
    named, booked = Attendance.person.is_not(None), Attendance.booking.is_not(None)
    counted = sa.select(Attendance.status, named, booked, sa.func.sum(Attendance.people)).where(
        Attendance.movement == movement, Attendance.slot == slot
    )
    found = [
        Tally(status, bool(is_named), bool(is_booked), int(people))
        for status, is_named, is_booked, people in session.execute(counted.group_by(Attendance.status, named, booked))
    ]
    unsaid = session.scalar(sa.select(sa.func.sum(Booking.places)).where(*_unsaid(movement, slot)))
    return [*found, Tally(Status.UNKNOWN, True, True, int(unsaid or 0))]


def _unsaid(movement: str, slot: str) -> Sequence[sa.ColumnElement[bool]]:
    said = sa.exists().where(
        Attendance.movement == Booking.movement, Attendance.slot == Booking.slot, Attendance.person == Booking.person
    )
    return Booking.movement == movement, Booking.slot == slot, Booking.state == BookingState.BOOKED, ~said
