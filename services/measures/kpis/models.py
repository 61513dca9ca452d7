"""The tables of KPIs and of their ratings."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.measures.base import Base
from services.measures.kpis.rating import Band
from shared.errors import Conflict


class Source(StrEnum):
    """Where the value comes from: the newest figure of a measure, or what another service counts at this moment."""

    FIGURE = "figure"
    PEOPLE_ON_LADDER = "people_on_ladder"
    ROUNDS = "rounds"
    AWARDS = "awards"


class NoValue(Conflict):
    """The KPI has no value at this moment; the detail says why. Nothing is rated: no value is not zero."""

    code, title = "no_value", "The KPI has no value at this moment"


class Kpi(Base):
    """A number that the movement steers by. Its source is a figure (`measure_version`, `place`, `cell`), or a count.

    `counted` narrows a count: the rung from which on people are counted, the state that awards or rounds are in.
    `target` is decimal text; without one, that of a figure is the target set for its period, where there is one.
    """

    __tablename__ = "kpis"
    __table_args__ = (
        sa.UniqueConstraint("movement", "key"),
        sa.ForeignKeyConstraint(
            ["movement", "measure_version"], [f"measure_versions.{key}" for key in ("movement", "id")]
        ),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str]
    title: Mapped[str]
    definition: Mapped[str]
    organisation: Mapped[str | None]
    owner: Mapped[str]
    source: Mapped[str]
    measure_version: Mapped[str | None]
    place: Mapped[str | None]
    cell: Mapped[str | None]
    counted: Mapped[str | None]
    target: Mapped[str | None]
    rates: Mapped[str]
    bands: Mapped[list[Band]] = mapped_column(sa.JSON)
    archived: Mapped[bool]
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class KpiRating(Base):
    """What a KPI was at a moment and how it was rated, by the rule that it had then. It is never changed.

    `period` is that of the figure; None for what was counted at that moment.
    """

    __tablename__ = "kpi_ratings"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "kpi"], ["kpis.movement", "kpis.id"]),
        sa.Index("kpi_ratings_by_kpi", "movement", "kpi", "id"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    kpi: Mapped[str]
    kpi_version: Mapped[int]
    value: Mapped[str]
    period: Mapped[str | None]
    target: Mapped[str | None]
    word: Mapped[str]
    rated_at: Mapped[datetime]
