"""Tables of reference populations, of deprivation deciles by postcode, and of what was published of reach."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import Base

DECILE = "deprivation_decile"
"""The dimension that no question is asked for: the decile of the postcode's area, 1 the most deprived."""


class Who(StrEnum):
    """Who takes part: everybody who has joined, or who did something in the period."""

    MEMBERS = "members"
    ACTIVE = "active"


class Cadence(StrEnum):
    """How long the periods are that reach is published for. One a population: overlapping ones could be subtracted."""

    QUARTER = "quarter"
    YEAR = "year"


class ReferencePopulation(Base):
    """Those whom the movement is there for, counted by somebody else: by pay band in a workforce, by decile in an area.

    ``dimension`` is an equality question or the deprivation decile; ``people`` pairs of option and count. It never
    changes: other counts are another edition.
    """

    __tablename__ = "reference_populations"
    __table_args__ = (sa.UniqueConstraint("movement", "name", "edition"),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    edition: Mapped[str]
    dimension: Mapped[str]
    directory: Mapped[str | None]
    cadence: Mapped[str]
    as_of: Mapped[date]
    source: Mapped[str]
    people: Mapped[list[list[str | int]]] = mapped_column(sa.JSON)
    created_at: Mapped[datetime]


class PostcodeDecile(Base):
    """The deprivation decile of a postcode's area, by an edition of an index such as the IMD of 2025."""

    __tablename__ = "postcode_deciles"

    movement: Mapped[str] = mapped_column(primary_key=True)
    directory: Mapped[str] = mapped_column(primary_key=True)
    postcode: Mapped[str] = mapped_column(primary_key=True)
    decile: Mapped[int]


class ReachReport(Base):
    """What is published of a population, of who takes part in a period: once, so that no two can be subtracted.

    ``groups`` hold protected counts alone; the true ones are kept nowhere.
    """

    __tablename__ = "reach_reports"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["movement", "population"], ["reference_populations.movement", "reference_populations.id"]
        ),
        sa.UniqueConstraint("movement", "population", "who", "period"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    population: Mapped[str]
    who: Mapped[str]
    period: Mapped[str]
    redacted_up_to: Mapped[int]
    rounded_to: Mapped[int]
    least_base: Mapped[int]
    groups: Mapped[list[list[str | int | None]]] = mapped_column(sa.JSON)
    made_at: Mapped[datetime]
