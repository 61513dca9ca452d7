"""The tables of observations, and a figure as it is read from a file or a request."""

from collections.abc import Mapping
from enum import StrEnum

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.measures.base import Base
from services.measures.periods import Period

EVERYBODY = "all"
"""The cell of a figure that is not broken down."""
NONE = ""
"""The programme or activity of a figure that is about none: a part of its key, where null would not be one."""


class FigureStatus(StrEnum):
    """Whether there is a figure, and if not, why not: null is not zero, and its kinds are different."""

    REPORTED = "reported"
    SUPPRESSED = "suppressed"
    NOT_COLLECTED = "not_collected"
    NOT_APPLICABLE = "not_applicable"


class Bound(StrEnum):
    """How a figure stands to the truth: it is it, or all that is known is that there were so many or more, or fewer."""

    EXACTLY = "="
    AT_LEAST = ">="
    AT_MOST = "<="


BOUND_WORDS: Mapping[Bound, str] = {
    Bound.EXACTLY: "exactly",
    Bound.AT_LEAST: "at_least",
    Bound.AT_MOST: "at_most",
}
"""Bounds in files: a cell that begins with = is a formula to a spreadsheet."""


class Amount(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """What a figure says, apart from what it is about. Two revisions with the same amount would be one.

    `value`, `sum_x` and `sum_x2` (Σx and Σx² of the `n` values behind a mean) are exact decimals in their shortest
    form; the others are counts.
    """

    status: FigureStatus
    value: str | None
    numerator: int | None
    denominator: int | None
    n: int | None
    sum_x: str | None = None
    sum_x2: str | None = None
    bound: Bound = Bound.EXACTLY


class Observation(Base):
    """One revision of one figure. It is known from the moment at which its import was recorded, and never changes.

    `import_id` names the file or the report that brought it, with its provenance and reason: this table has no words,
    and nobody's. The version may be another movement's that shares it, so no foreign key leads there.
    """

    __tablename__ = "observations"
    __table_args__ = (
        # The key of a figure, in the order in which a series and an import read it. SQLite keeps the rows in it: a
        # place's periods lie beside each other, though they came month by month.
        sa.PrimaryKeyConstraint(
            "movement", "version", "place", "period_start", "cell", "reporter", "programme", "activity", "revision"
        ),
        sa.Index("observations_by_id", "movement", "id", unique=True),
        sa.ForeignKeyConstraint(["movement", "import_id"], ["imports.movement", "imports.id"]),
        sa.Index("observations_by_import", "movement", "import_id", "id"),
        # A return: one reporter's figures of one period.
        sa.Index("observations_by_reporter", "movement", "version", "reporter", "period_start"),
        # What came of one activity, such as an award. Most figures are of none, and are not in it.
        sa.Index(
            "observations_by_activity",
            "movement",
            "activity",
            "version",
            sqlite_where=sa.text("activity <> ''"),
            postgresql_where=sa.text("activity <> ''"),
        ),
        {"sqlite_with_rowid": False},
    )

    movement: Mapped[str]
    id: Mapped[str] = mapped_column(info={"holds": "code"})
    version: Mapped[str]
    reporter: Mapped[str]
    place: Mapped[str]
    period: Mapped[str]
    period_start: Mapped[str]
    period_end: Mapped[str]
    cell: Mapped[str]
    programme: Mapped[str]
    activity: Mapped[str]
    revision: Mapped[int]
    status: Mapped[str]
    bound: Mapped[str]
    value: Mapped[str | None]
    numerator: Mapped[int | None]
    denominator: Mapped[int | None]
    n: Mapped[int | None]
    sum_x: Mapped[str | None]
    sum_x2: Mapped[str | None]
    import_id: Mapped[str]

    __mapper_args__ = {"primary_key": ("movement", "id")}  # noqa: RUF012 - SQLAlchemy's own; what an object is known by

    @property
    def amount(self) -> Amount:
        """What this revision says."""
        return Amount(
            FigureStatus(self.status), self.value, self.numerator, self.denominator, self.n, self.sum_x, self.sum_x2,
            Bound(self.bound),
        )  # fmt: skip


def of_activity(activity: str) -> sa.ColumnElement[bool]:
    """That a figure is of this activity, so that the database sees that its index of activities will do."""
    of_one = Observation.activity == activity
    return of_one & (Observation.activity != sa.literal_column("''")) if activity else of_one


class FigureSet(Base):
    """One reporter's figures by one version. Whoever writes any of them holds this row until the commit.

    So a report and an import, or two reports, never compare themselves with what the other is just about to change.
    """

    __tablename__ = "figure_sets"

    movement: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(primary_key=True)
    reporter: Mapped[str] = mapped_column(primary_key=True)
    writes: Mapped[int]


Key = tuple[str, str, str, str, str]
"""Place, first day of the period, cell, programme, activity."""


class Figure(msgspec.Struct, frozen=True):
    """An amount, and what it is about within one version and one reporter."""

    place: str
    period: Period
    cell: str
    amount: Amount
    programme: str = NONE
    activity: str = NONE

    @property
    def key(self) -> Key:
        """What it is about, in the order of the database's index."""
        return self.place, self.period.start.isoformat(), self.cell, self.programme, self.activity
