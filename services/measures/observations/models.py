"""The table of observations, and a figure as it is read from a file."""

from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.measures.base import Base
from services.measures.periods import Period

EVERYBODY = "all"
"""The cell of a figure that is not broken down."""


class FigureStatus(StrEnum):
    """Whether there is a figure, and if not, why not: null is not zero, and its kinds are different."""

    REPORTED = "reported"
    SUPPRESSED = "suppressed"
    NOT_COLLECTED = "not_collected"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Amount:
    """What a figure says, apart from what it is about. Two revisions with the same amount would be one."""

    status: FigureStatus
    value: str | None
    numerator: int | None
    denominator: int | None
    n: int | None


class Observation(Base):
    """One revision of one figure. It is known from the moment at which its import was recorded, and never changes.

    `value` is the decimal text as it was published; `numerator`, `denominator` and `n` (the base) are counts.
    """

    __tablename__ = "observations"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "version"], ["measure_versions.movement", "measure_versions.id"]),
        sa.ForeignKeyConstraint(["movement", "import_id"], ["imports.movement", "imports.id"]),
        # The key of a figure, in the order in which a series and an import read it.
        sa.UniqueConstraint("movement", "version", "place", "period_start", "cell", "reporter", "revision"),
        sa.Index("observations_by_import", "movement", "import_id", "id"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str]
    reporter: Mapped[str]
    place: Mapped[str]
    period: Mapped[str]
    period_start: Mapped[str]
    period_end: Mapped[str]
    cell: Mapped[str]
    revision: Mapped[int]
    status: Mapped[str]
    value: Mapped[str | None]
    numerator: Mapped[int | None]
    denominator: Mapped[int | None]
    n: Mapped[int | None]
    import_id: Mapped[str]

    @property
    def amount(self) -> Amount:
        """What this revision says."""
        return Amount(FigureStatus(self.status), self.value, self.numerator, self.denominator, self.n)


@dataclass(frozen=True, slots=True)
class Figure:
    """An amount, and what it is about within one version and one reporter."""

    place: str
    period: Period
    cell: str
    amount: Amount

    @property
    def key(self) -> tuple[str, str, str]:
        """Place, first day of the period, and cell."""
        return self.place, self.period.start.isoformat(), self.cell
