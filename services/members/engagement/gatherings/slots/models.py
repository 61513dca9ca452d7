"""Tables of the times of a gathering: the slot, and the series that makes slots ahead by a rule."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import Base
from services.members.engagement.gatherings.models import of_gathering
from shared.errors import Conflict


class State(StrEnum):
    """Whether a slot takes place."""

    OPEN = "open"
    CANCELLED = "cancelled"


class Bound(StrEnum):
    """How a head-count bounds how many came."""

    EXACTLY = "="
    AT_LEAST = "≥"


class SlotCancelled(Conflict):
    """The slot was cancelled by itself; others of the gathering may take place."""

    code = "slot_cancelled"
    title = "This slot was cancelled"


class CapacityBelowBooked(Conflict):
    """More people have a place than the slot would hold; ``booked`` says how many."""

    code = "capacity_below_booked"
    title = "More places are booked than that"


def of_slot() -> sa.ForeignKeyConstraint:
    """The foreign key by which a table's rows belong to a slot."""
    return sa.ForeignKeyConstraint(["movement", "slot"], ["gathering_slots.movement", "gathering_slots.id"])


class Slot(Base):
    """One time of a gathering. The CHECK is the last word on overbooking: no path books past the capacity.

    ``time_zone`` is the movement's when the slot was made, and stays. ``booked`` counts places, companions included.
    ``line`` is the number that whoever queued last was given. ``sequence`` counts what calendars have to be told.
    """

    __tablename__ = "gathering_slots"
    __table_args__ = (
        of_gathering(),
        sa.CheckConstraint(
            "booked >= 0 AND (capacity IS NULL OR booked <= capacity)", "gathering_slots_not_overbooked"
        ),
        sa.Index("gathering_slots_by_gathering", "movement", "gathering", "starts_at", "id"),
        sa.Index("gathering_slots_by_end", "movement", "ends_at"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    gathering: Mapped[str]
    series: Mapped[str | None]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    time_zone: Mapped[str]
    capacity: Mapped[int | None]
    booked: Mapped[int]
    line: Mapped[int]
    state: Mapped[str]
    head_count: Mapped[int | None]
    head_count_bound: Mapped[str | None]
    sequence: Mapped[int]
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def has_room_for(self, places: int) -> bool:
        """Whether so many more places can be booked."""
        return self.capacity is None or self.booked + places <= self.capacity

    def resize(self, capacity: int | None) -> None:
        """Give it another capacity; None: as many as come. Raises CapacityBelowBooked."""
        if capacity is not None and capacity < self.booked:
            raise CapacityBelowBooked(booked=self.booked)
        self.capacity = capacity

    def cancel(self) -> None:
        """Open → cancelled. Raises SlotCancelled where it was already."""
        if self.state == State.CANCELLED:
            raise SlotCancelled
        self.state = State.CANCELLED

    def changed(self, at: datetime) -> None:
        """Count an edit."""
        self.updated_at, self.version, self.sequence = at, self.version + 1, self.sequence + 1


class Series(Base):
    """A rule (RFC 5545) by which a gathering has slots: made up to ``made_until``, and further ahead as time goes on.

    ``first`` is what the clocks of ``time_zone`` show when the first one begins. ``ended_at``: no more are made.
    """

    __tablename__ = "gathering_series"
    __table_args__ = (
        of_gathering(),
        sa.Index("gathering_series_by_gathering", "movement", "gathering", "id"),
        sa.Index("gathering_series_due", "made_until", sqlite_where=sa.text("ended_at IS NULL"),
                 postgresql_where=sa.text("ended_at IS NULL")),
    )  # fmt: skip

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    gathering: Mapped[str]
    rule: Mapped[str]
    first: Mapped[datetime] = mapped_column(sa.DateTime)
    minutes: Mapped[int]
    time_zone: Mapped[str]
    capacity: Mapped[int | None]
    made_until: Mapped[datetime]
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    def end(self, at: datetime) -> None:
        """Make no more slots by it; once more changes nothing."""
        if self.ended_at is None:
            self.ended_at = self.updated_at = at
            self.version += 1
