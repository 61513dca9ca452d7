"""Tables of activities, and of why some of them do not count."""

from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import HOLDS_ANOTHER_PERSON, HOLDS_ORGANISATION, Base
from services.members.directory.people.models import of_person
from services.members.erasing import EMPTIED, GOES, goes_with
from shared.errors import Conflict


class AlreadyVoided(Conflict):
    """An activity is voided once."""

    code = "already_voided"
    title = "This activity is voided already"


class Activity(Base):
    """One thing that a person did on a day, perhaps with somebody, perhaps on an organisation's behalf.

    One that is voided stays readable, and counts for nothing: as if it had never been recorded.
    """

    __tablename__ = "activities"
    __table_args__ = (
        of_person(erased=GOES),
        # All that the ladder counts of one person is in this index: it never reads the table.
        sa.Index("activities_tally", "movement", "person", "kind", "happened_on", "counterpart", "voided_at"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str]
    kind: Mapped[str]
    on: Mapped[date] = mapped_column("happened_on")
    counterpart: Mapped[str | None] = mapped_column(info=HOLDS_ANOTHER_PERSON | EMPTIED)
    organisation: Mapped[str | None] = mapped_column(info=HOLDS_ORGANISATION)
    recorded_at: Mapped[datetime]
    voided_at: Mapped[datetime | None]

    def void(self, at: datetime) -> None:
        """Recorded → voided, once and for all: who was wrong about that records it again."""
        if self.voided_at is not None:
            raise AlreadyVoided("it counts for nothing already")
        self.voided_at = at


class ActivityVoid(Base):
    """Why an activity was voided, in words, and by whom."""

    __tablename__ = "activity_voids"

    movement: Mapped[str] = mapped_column(primary_key=True)
    activity: Mapped[str] = mapped_column(primary_key=True, info=goes_with("activities"))
    reason: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]


class Shown(NamedTuple):
    """An activity, and why it does not count where it was voided."""

    activity: Activity
    void: ActivityVoid | None
