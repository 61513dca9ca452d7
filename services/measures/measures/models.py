"""The tables of measures and versions, the words that define them, and the one transition of a version."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.measures.base import Base
from shared.errors import Conflict

RATIO_UNITS = {"proportion": 1, "percent": 100, "per_1000": 1_000, "per_10000": 10_000, "per_100000": 100_000}
"""The units of a ratio: what numerator divided by denominator is multiplied by, and so the most that it can be."""


class Kind(StrEnum):
    """What sort of quantity a measure is, which decides how its figures may be read and added up."""

    FLOW = "flow"
    STOCK = "stock"
    RATIO = "ratio"
    MEAN = "mean"
    DISTRIBUTION = "distribution"
    ORDINAL = "ordinal"
    NARRATIVE = "narrative"


class Direction(StrEnum):
    """Which way is better."""

    HIGHER_IS_BETTER = "higher_is_better"
    LOWER_IS_BETTER = "lower_is_better"
    NEITHER = "neither"


class Boundaries(StrEnum):
    """Which places a period's figures are for: those of that time, or today's reckoned back to it."""

    AS_AT = "as_at"
    BACK_CAST = "back_cast"


class VersionStatus(StrEnum):
    """A version is drafted, then published; it is never changed after."""

    DRAFT = "draft"
    PUBLISHED = "published"


class AlreadyPublished(Conflict):
    """The version is published, and so immutable."""

    code, title = "already_published", "This version is published already and does not change any more"


class Measure(Base):
    """Something that a movement keeps a common count of. What exactly it counts, its versions say."""

    __tablename__ = "measures"
    __table_args__ = (sa.UniqueConstraint("movement", "key"),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str]
    title: Mapped[str]
    description: Mapped[str]
    created_at: Mapped[datetime]


class MeasureVersion(Base):
    """One definition of a measure. Versions of a measure are numbered from 1."""

    __tablename__ = "measure_versions"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "measure"], ["measures.movement", "measures.id"]),
        sa.UniqueConstraint("movement", "measure", "number"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    measure: Mapped[str]
    number: Mapped[int]
    kind: Mapped[str]
    unit: Mapped[str]
    direction: Mapped[str]
    numerator_description: Mapped[str]
    denominator_description: Mapped[str]
    population: Mapped[str]
    age_base: Mapped[str]
    period_type: Mapped[str]
    year_starts: Mapped[str]
    boundaries: Mapped[str]
    status: Mapped[str]
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]

    def publish(self, at: datetime) -> None:
        """Fix the definition for ever. Raises AlreadyPublished."""
        if self.status != VersionStatus.DRAFT:
            raise AlreadyPublished()
        self.status, self.published_at = VersionStatus.PUBLISHED.value, at
