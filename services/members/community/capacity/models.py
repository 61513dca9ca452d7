"""Tables of capacity: what a person says of themself, and with whom they share it."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import HOLDS_PERSON, Base
from services.members.erasing import GOES


class Level(StrEnum):
    """How much room somebody has, in the words they choose from."""

    PLENTY = "plenty"
    SOME = "some"
    STRETCHED = "stretched"
    NONE = "none"


NO_ROOM = (Level.STRETCHED, Level.NONE)
"""What whoever asks them for something ought to know, where they share it."""


class Capacity(Base):
    """What somebody said last; what they said before is not kept.

    It has an id of its own, and the newest row holds: two records of a person can become one.
    """

    __tablename__ = "capacities"
    __table_args__ = (sa.Index("capacities_by_person", "movement", "person", "id"),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(info=HOLDS_PERSON | GOES)
    level: Mapped[str]
    note: Mapped[str | None]
    until: Mapped[date | None]
    told_us_on: Mapped[date | None]
    said_at: Mapped[datetime]


class Share(Base):
    """Somebody with whom a person shares what they said."""

    __tablename__ = "capacity_shares"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "capacity"], ["capacities.movement", "capacities.id"]),
        sa.Index("capacity_shares_by_capacity", "movement", "capacity"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    capacity: Mapped[str]
    shared_with: Mapped[str] = mapped_column(info=HOLDS_PERSON | GOES)
