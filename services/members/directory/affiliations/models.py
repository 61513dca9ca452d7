"""The table of affiliations."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import ALIKE, Alike, Base
from services.members.directory.organisations.models import of_organisation
from services.members.directory.people.models import of_person
from services.members.erasing import GOES


class Affiliation(Base):
    """A person's place in an organisation. ``ended_on`` is the first day on which it no longer holds."""

    __tablename__ = "affiliations"
    __table_args__ = (
        of_person(erased=GOES),
        of_organisation(),
        sa.CheckConstraint("ended_on >= started_on", name="affiliations_in_order"),
        sa.Index("affiliations_by_person", "movement", "person"),
        sa.Index("affiliations_by_organisation", "movement", "organisation"),
        {"info": {ALIKE: Alike(("person", "organisation", "role"), among="ended_on IS NULL", since="started_on")}},
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str]
    organisation: Mapped[str]
    role: Mapped[str | None]
    started_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def changed(self, at: datetime) -> None:
        """Go on to the next version."""
        self.version, self.updated_at = self.version + 1, at

    def overlaps(self, started_on: date | None, ended_on: date | None) -> bool:
        """Whether a stretch of time with these ends (None: open) has a day in common with this one."""
        begins_in_time = self.started_on is None or ended_on is None or self.started_on < ended_on
        ends_late_enough = self.ended_on is None or started_on is None or started_on < self.ended_on
        return begins_in_time and ends_late_enough
