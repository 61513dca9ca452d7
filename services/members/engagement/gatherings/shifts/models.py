"""Tables of shifts, and of when people say that they can come."""

from datetime import date, datetime
from typing import TypedDict

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import Base
from services.members.directory.people.models import of_person
from services.members.erasing import GOES


class Work(TypedDict):
    """A time at work: the day of the cycle, from 1, when it begins on the clock, and how long it lasts."""

    day: int
    begins: str
    minutes: int


class Free(TypedDict):
    """A time in which somebody can come: on a day of the week (`mo`), from and until on the clock."""

    day: str
    begins: str
    ends: str


class Shift(Base):
    """A pattern of work that comes again every ``cycle_days``; ``first_day`` is a day on which a cycle begins."""

    __tablename__ = "shifts"

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    cycle_days: Mapped[int]
    first_day: Mapped[date]
    works: Mapped[list[Work]] = mapped_column(sa.JSON)
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Availability(Base):
    """When a person can come, as they say: not while they work their shift, and in these times where they name some.

    Of two rows of one person, whose records were merged, the one that was changed last holds.
    """

    __tablename__ = "availabilities"
    __table_args__ = (
        of_person(erased=GOES),
        sa.ForeignKeyConstraint(["movement", "shift"], ["shifts.movement", "shifts.id"]),
        sa.Index("availabilities_by_person", "movement", "person"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str]
    shift: Mapped[str | None]
    free: Mapped[list[Free]] = mapped_column(sa.JSON)
    version: Mapped[int]
    updated_at: Mapped[datetime]
