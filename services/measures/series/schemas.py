"""Series as they are answered, and those parts of them that every other answer about figures has too.

An answer has thousands of figures, all of them made here, so a figure and what it is made of are structs.
"""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import Field

from services.measures.disclosure.sharing import Sharing, of_all
from services.measures.fields import MeasureId, TargetId, VersionId
from services.measures.measures import models as defined
from services.measures.measures.models import Boundaries, Direction, Kind
from services.measures.observations.models import Amount, Bound, FigureStatus
from services.measures.periods import PeriodType
from services.measures.places import models as places
from services.measures.series import domain, points, trends
from services.measures.series.points import Interval, NoInterval
from services.measures.series.store import moment
from services.measures.series.targets import Aim
from services.measures.series.trends import Course, NoTrend
from services.measures.targets.models import Kind as AimKind
from shared import statistics
from shared.as_json import AnswerStruct
from shared.fields import GssCode, View


class Reading(AnswerStruct):
    """What a figure says, and how sure its components make it."""

    value: Annotated[float | None, Field(description="In the measure's unit. Null is not zero.")]
    bound: Annotated[
        Bound, Field(description="`=`: so many. `>=` or `<=`: no more is known than so many or more, or fewer.")
    ]
    numerator: int | None
    denominator: int | None
    n: Annotated[int | None, Field(description="The base.")]
    interval: Annotated[Interval | None, Field(description="Null where there are no components to reckon it from.")]
    no_interval: Annotated[
        NoInterval | None,
        Field(
            description="Why there is no interval: there is no figure, it was published without its counts, the "
            "denominator is zero, there are fewer than two answers, the figure is a bound, or it is a number that has "
            "none."
        ),
    ]
    status: FigureStatus

    @classmethod
    def of_amount(cls, amount: Amount, reading: points.Reading) -> "Reading":
        """The figure as it reads."""
        return Reading(
            reading.value, amount.bound, amount.numerator, amount.denominator, amount.n, reading.interval,
            reading.no_interval, amount.status,
        )  # fmt: skip


class Point(Reading):
    """One period. A period without a point has no figure at all; a null `value` says in `status` why."""

    period: str
    period_start: Annotated[str, Field(json_schema_extra={"format": "date"})]
    period_end: Annotated[str, Field(description="The last day of the period.", json_schema_extra={"format": "date"})]
    version: VersionId
    reporter: str
    programme: Annotated[str, Field(description="Empty where it is about none.")]
    activity: str
    provenance: str | None
    revision: int
    recorded_at: Annotated[datetime, Field(description="From when on this was known.")]
    sharing: Annotated[
        Sharing,
        Field(
            description="`not_for_sharing`: true, inside its own controller. To others it is as a release shows it, "
            "`released`, or not shown, `withheld`."
        ),
    ]

    @classmethod
    def of(cls, figure: trends.Figure) -> Self:
        it, amount, reading = figure.known, figure.known.amount, figure.reading
        return cls(
            reading.value, amount.bound, amount.numerator, amount.denominator, amount.n, reading.interval,
            reading.no_interval, amount.status, it.period, it.start, it.end,
            it.version, it.reporter, it.programme, it.activity, it.provenance, it.revision, moment(it.recorded),
            it.sharing,
        )  # fmt: skip


class Completeness(View):
    """How many figures there should be and how many there are: a total of some is not a total of all."""

    expected: int
    present: int
    missing: list[str] = Field(description="The first 100 of those that are missing or say that there is no figure.")

    @classmethod
    def of(cls, completeness: domain.Completeness) -> Self:
        return cls.model_validate(completeness, from_attributes=True)


class Trend(View):
    """Whether a series rises or falls: Mann and Kendall's test, and Theil and Sen's slope."""

    course: Course = Field(description="`uncertain` unless the p-value is below 0.05.")
    slope: float = Field(description="The change a year, in the measure's unit.")
    low: float
    high: float
    level: float
    p: float = Field(description="How often chance alone would give so steady a course.")
    periods: int
    method: Literal["mann_kendall_theil_sen"] = "mann_kendall_theil_sen"

    @classmethod
    def of(cls, trend: statistics.Trend, direction: Direction) -> Self:
        return cls(
            course=trends.course(trend.slope, trend.p, direction), slope=round(trend.slope, 6),
            low=round(trend.interval.low, 6), high=round(trend.interval.high, 6), level=trend.interval.level,
            p=trend.p, periods=trend.periods,
        )  # fmt: skip


class Target(View):
    """What the figure of a period is to be, or where it began, in the measure's unit."""

    id: TargetId
    kind: AimKind = Field(description="`target`: what it is to be. `baseline`: where it began.")
    period: str
    value: float | None = Field(description="Null, of a baseline: whatever the figure of that period is.")

    @classmethod
    def of(cls, aim: Aim) -> Self:
        return cls(id=aim.target, kind=aim.kind, period=aim.period, value=aim.value)


class MeasureRead(View):
    """The measure of an answer, and the version by whose definition it is to be read."""

    id: MeasureId
    key: str
    title: str
    version: VersionId
    version_number: int
    kind: Kind
    unit: str
    direction: Direction
    period_type: PeriodType
    boundaries: Boundaries

    @classmethod
    def of(cls, measure: defined.Measure, version: defined.MeasureVersion) -> Self:
        return cls(
            id=measure.id, key=measure.key, title=measure.title, version=version.id, version_number=version.number,
            kind=Kind(version.kind), unit=version.unit, direction=Direction(version.direction),
            period_type=PeriodType(version.period_type), boundaries=Boundaries(version.boundaries),
        )  # fmt: skip


class PlaceRead(View):
    """A place by its code and name."""

    code: GssCode
    name: str

    @classmethod
    def of(cls, place: places.Place | places.PlaceRow) -> Self:
        return cls(code=place.code, name=place.name)


class Series(View):
    """One measure at one place over time."""

    measure: MeasureRead
    unit: str
    place: PlaceRead
    cell: str
    as_of: datetime | None = Field(description="The moment whose knowledge this is; null is now.")
    sharing: Sharing = Field(description="Of all points together: that of the most guarded.")
    points: list[Point] = Field(description="By period, and within one by reporter.")
    completeness: Completeness = Field(description="Of the periods asked for, or from the first known to the last.")
    trend: Trend | None
    no_trend: NoTrend | None = Field(
        description="Why there is no trend: fewer than five periods, several figures of one period, a figure that is a "
        "bound, or a bridge between versions."
    )
    targets: list[Target] = Field(description="The movement's own targets and baselines, by period.")
    bridges: list[str] = Field(description="What to read before figures of bridged versions are set side by side.")

    @classmethod
    def of(cls, series: domain.Series) -> Self:
        version, trend = series.version, series.trend
        none = isinstance(trend, NoTrend)
        return cls(
            measure=MeasureRead.of(series.measure, version), unit=version.unit, place=PlaceRead.of(series.place),
            cell=series.wanted.cell, as_of=series.wanted.as_of,
            sharing=of_all(each.known.sharing for each in series.figures),
            points=[Point.of(each) for each in series.figures],
            completeness=Completeness.of(series.completeness),
            trend=None if isinstance(trend, NoTrend) else Trend.of(trend, Direction(version.direction)),
            no_trend=trend if none else None, targets=[Target.of(aim) for aim in series.aims],
            bridges=list(series.chain.bridges),
        )  # fmt: skip


class SeriesByPlace(View):
    """One measure over time at several places."""

    data: list[Series] = Field(description="In the order of the places asked for.")
