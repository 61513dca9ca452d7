"""Observations as they are reported, asked for and answered."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field

from services.measures.disclosure.sharing import Sharing
from services.measures.fields import ImportId, ObservationId, OrganisationId, Provenance, VersionId
from services.measures.observations.models import EVERYBODY, Bound, FigureStatus
from services.measures.observations.reading import MEANINGS
from services.measures.observations.reporting import Recorded
from services.measures.observations.store import Seen
from services.measures.observations.writing import Revision
from services.measures.sheets import Cells
from services.measures.slices import SLICE_ROWS
from shared.fields import Body, GssCode, View

Word = Annotated[str, Field(max_length=500)]
Number = Annotated[Decimal, Field(max_digits=30, decimal_places=15, allow_inf_nan=False)]
Count = Annotated[int, Field(le=10**15 - 1)]


class Revisions(StrEnum):
    """Which revisions of a figure to list."""

    LATEST = "latest"
    ALL = "all"


class NewFigure(Body):
    """One figure: what it is about, and what it says.

    A ratio has a `value`, or `numerator` and `denominator`, or both where they agree; a mean a `value`, or `n` with
    Σx and Σx² (`sum_x`, `sum_x2`), from which it can be added up; a distribution counts a category, named in `cell`.
    Without a figure, `status` says why.
    """

    place: Word = Field(description="A GSS code.", examples=["E07000080"])
    period: Word = Field(description="A period of the version's type.", examples=["2024/25"])
    cell: Word = Field(EVERYBODY, description="The group that it is about, `dimension=category;…`; `all` is everybody.")
    programme: Word | None = Field(None, description="The programme that it is about, by its id.")
    activity: Word | None = Field(None, description="The activity that it is about, by its id.")
    value: Number | None = None
    numerator: Count | None = None
    denominator: Count | None = None
    n: Count | None = Field(None, description="The base: how many were asked or counted.")
    sum_x: Number | None = None
    sum_x2: Number | None = None
    bound: Bound = Field(Bound.EXACTLY, description="`>=`: so many or more, such as at least 30 walkers.")
    status: FigureStatus = FigureStatus.REPORTED

    def cells(self) -> Cells:
        """The same as text by its meanings, which is how figures are read, whatever they came in."""
        return {meaning: _text(getattr(self, meaning)) for meaning in MEANINGS}


class _Report(Body):
    """Figures of one version and one reporter."""

    measure_version: VersionId = Field(description="The published version of a measure that they are of.")
    reporter: OrganisationId | None = Field(
        None,
        description="The partner organisation whose figures these are, where whoever runs the movement enters them on "
        "its behalf. An organisation's own key reports its own.",
    )
    provenance: Provenance | None = Field(None, description="Where the figures come from, in words.")
    reason: Provenance | None = Field(None, description="Why what is known is corrected, in words.")


class NewObservation(_Report, NewFigure):
    """One figure, and where it comes from."""


class NewObservations(_Report):
    """Up to 500 figures of one version and one reporter: all are taken, or none."""

    figures: list[NewFigure] = Field(min_length=1, max_length=SLICE_ROWS)


class Observation(View):
    """One revision of one figure, as it was reported. Null is not zero: `status` says why there is no figure."""

    id: ObservationId
    measure_version: VersionId
    reporter: str = Field(description="The organisation whose figure it is, or the movement.")
    place: GssCode
    period: str = Field(examples=["2015/16"])
    period_start: date
    period_end: date = Field(description="The last day of the period.")
    cell: str = Field(description="The group that it is about, such as `sex=female`; `all` is everybody.")
    programme: str | None
    activity: str | None
    revision: int = Field(description="Counted from 1; the highest is current.")
    status: FigureStatus
    bound: Bound = Field(description="Whether the truth is the figure, or at least (`>=`) or at most (`<=`) that.")
    value: float | None = Field(description="As it was published, in the version's unit; null where only counts were.")
    numerator: int | None
    denominator: int | None
    n: int | None = Field(description="The base: how many were asked or counted.")
    sum_x: float | None = Field(description="Of a mean: the sum of the n values.")
    sum_x2: float | None = Field(description="Of a mean: the sum of their squares.")
    provenance: str | None
    reason: str | None = Field(description="Of a correction: why.")
    import_id: ImportId = Field(description="The file or report that brought it.")
    recorded_at: datetime = Field(description="From when on this revision was known.")
    sharing: Sharing = Field(
        description="`not_for_sharing`: true, inside its own controller. To others it is as a release shows it, "
        "`released`, or not shown, `withheld`."
    )

    @classmethod
    def of(cls, seen: Seen) -> Self:
        it, recorded_at, provenance, reason, sharing = seen
        return cls(
            id=it.id, measure_version=it.version, reporter=it.reporter, place=it.place, period=it.period,
            period_start=date.fromisoformat(it.period_start), period_end=date.fromisoformat(it.period_end),
            cell=it.cell, programme=it.programme or None, activity=it.activity or None, revision=it.revision,
            status=FigureStatus(it.status), bound=Bound(it.bound), value=_number(it.value), numerator=it.numerator,
            denominator=it.denominator, n=it.n, sum_x=_number(it.sum_x), sum_x2=_number(it.sum_x2),
            provenance=provenance, reason=reason, import_id=it.import_id, recorded_at=recorded_at,
            sharing=sharing,
        )  # fmt: skip


class Taken(View):
    """One figure of a report: the revision that says it now, which may have been there before."""

    id: ObservationId
    place: GssCode
    period: str
    cell: str
    programme: str | None
    activity: str | None
    revision: int

    @classmethod
    def of(cls, revision: Revision) -> Self:
        it = revision.figure
        return cls(
            id=revision.id, place=it.place, period=it.period.text, cell=it.cell, programme=it.programme or None,
            activity=it.activity or None, revision=revision.number,
        )  # fmt: skip


class Report(View):
    """What came of a report: how its figures stood to what was known, and the revisions that say them now."""

    measure_version: VersionId
    reporter: str
    new: int
    revised: int
    unchanged: int
    observations: list[Taken] = Field(description="By place, period and cell.")

    @classmethod
    def of(cls, recorded: Recorded) -> Self:
        _, new, revised, unchanged = recorded.compared
        return cls(
            measure_version=recorded.source.version, reporter=recorded.source.reporter, new=new, revised=revised,
            unchanged=unchanged, observations=[Taken.of(revision) for revision in recorded.current],
        )  # fmt: skip


def _text(value: Decimal | int | str | None) -> str:
    if value is None:
        return ""
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _number(text: str | None) -> float | None:
    return None if text is None else float(text)
