"""Tables of bookings: the booking with its legal steps, and who comes along."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.members.base import HOLDS_PERSON, Base
from services.members.directory.people.models import of_person
from services.members.engagement.gatherings.slots.models import of_slot
from services.members.erasing import EMPTIED, GOES
from shared.lifecycle import Lifecycle


class State(StrEnum):
    """The life of a booking. One that waits moves up by itself."""

    WAITING = "waiting"
    BOOKED = "booked"
    CANCELLED = "cancelled"


class Companion(StrEnum):
    """As what somebody comes along."""

    CARER = "carer"
    CHILD = "child"
    GUEST = "guest"


_BOOKINGS: Lifecycle[State] = Lifecycle(
    "a booking",
    {State.WAITING: {State.BOOKED, State.CANCELLED}, State.BOOKED: {State.CANCELLED}},
)


class Booking(Base):
    """A person's place in a slot, or in the line for one. ``places`` counts who comes along, too.

    ``line`` is the number by which they wait. One person has one live booking of a slot, but for two records that were
    merged: so nothing here forbids it, and the slot's lock keeps to it.
    """

    __tablename__ = "bookings"
    __table_args__ = (
        of_person(erased=GOES),
        of_slot(),
        sa.Index("bookings_by_slot", "movement", "slot", "state", "line"),
        sa.Index("bookings_by_gathering", "movement", "gathering", "id"),
        sa.Index("bookings_by_person", "movement", "person", "id"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    gathering: Mapped[str]
    slot: Mapped[str]
    person: Mapped[str]
    state: Mapped[str]
    places: Mapped[int]
    line: Mapped[int]
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    booked_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]

    companions: Mapped[list["BookingCompanion"]] = relationship(
        viewonly=True, lazy="raise", order_by="BookingCompanion.id"
    )

    def move_up(self, at: datetime) -> None:
        """Waiting → booked."""
        self.state = _BOOKINGS.step(self.state, State.BOOKED)
        self.booked_at = at
        self.changed(at)

    def cancel(self, at: datetime) -> None:
        """Waiting or booked → cancelled."""
        self.state = _BOOKINGS.step(self.state, State.CANCELLED)
        self.cancelled_at = at
        self.changed(at)

    def changed(self, at: datetime) -> None:
        """Count an edit."""
        self.updated_at, self.version = at, self.version + 1


class BookingCompanion(Base):
    """Who comes along with whoever booked: so many of a kind, or one who is known. A child is never named."""

    __tablename__ = "booking_companions"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "booking"], ["bookings.movement", "bookings.id"]),
        sa.CheckConstraint("kind <> 'child' OR person IS NULL", "booking_companions_no_child_named"),
        sa.Index("booking_companions_by_booking", "movement", "booking"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    booking: Mapped[str]
    kind: Mapped[str]
    people: Mapped[int]
    person: Mapped[str | None] = mapped_column(info=HOLDS_PERSON | EMPTIED)
