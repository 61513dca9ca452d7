"""The table of activities."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import HOLDS_ORGANISATION, HOLDS_PERSON, Base
from services.members.directory.people.models import of_person


class Activity(Base):
    """One thing that a person did on a day, perhaps with somebody, perhaps on an organisation's behalf."""

    __tablename__ = "activities"
    __table_args__ = (
        of_person(),
        # All that the ladder counts of one person is in this index: it never reads the table.
        sa.Index("activities_tally", "movement", "person", "kind", "happened_on", "counterpart"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str]
    kind: Mapped[str]
    on: Mapped[date] = mapped_column("happened_on")
    counterpart: Mapped[str | None] = mapped_column(info=HOLDS_PERSON)
    organisation: Mapped[str | None] = mapped_column(info=HOLDS_ORGANISATION)
    recorded_at: Mapped[datetime]
