"""The table of attendances."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import Base
from services.members.directory.people.models import of_person
from services.members.engagement.gatherings.slots.models import of_slot
from services.members.erasing import emptied


class Status(StrEnum):
    """Whether somebody came. That nobody knows is not that they were away."""

    ATTENDED = "attended"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class Role(StrEnum):
    """As what somebody came."""

    PARTICIPANT = "participant"
    LEADER = "leader"
    HOST = "host"


ACTIVITY = {Role.PARTICIPANT: "attended", Role.LEADER: "led", Role.HOST: "hosted"}
"""The kind of activity that coming as that is, for the ladder."""


class Attendance(Base):
    """Whether a person came to a slot, or that so many came whom nobody asked for a name.

    ``people`` counts who came along. ``activity`` is what the ladder counts of it, voided where this is corrected.
    One person has one row a slot, but for two records that were merged: the slot's lock keeps to it.
    """

    __tablename__ = "attendances"
    __table_args__ = (
        of_person(erased=emptied("booking", "activity", where=("status", Status.ATTENDED))),
        of_slot(),
        sa.CheckConstraint("person IS NOT NULL OR status = 'attended'", "attendances_nameless_came"),
        sa.Index("attendances_by_slot", "movement", "slot", "person"),
        sa.Index("attendances_by_gathering", "movement", "gathering", "id"),
        sa.Index("attendances_by_person", "movement", "person", "id"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    gathering: Mapped[str]
    slot: Mapped[str]
    person: Mapped[str | None]
    people: Mapped[int]
    status: Mapped[str]
    role: Mapped[str]
    booking: Mapped[str | None]
    activity: Mapped[str | None]
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @property
    def counts_as(self) -> str | None:
        """The kind of activity that it is for the ladder; None where nobody who is known came."""
        came = self.person is not None and self.status == Status.ATTENDED
        return ACTIVITY[Role(self.role)] if came else None

    def correct(self, at: datetime, *, status: Status, role: Role, people: int) -> None:
        """Say it anew."""
        self.status, self.role, self.people = status, role, people
        self.updated_at, self.version = at, self.version + 1
