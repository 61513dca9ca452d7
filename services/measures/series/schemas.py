"""Series as they are answered."""

from datetime import date, datetime
from typing import Self

from pydantic import BaseModel, Field

from services.measures.fields import MeasureId, VersionId
from services.measures.measures.models import Boundaries, Direction, Kind
from services.measures.observations.models import FigureStatus
from services.measures.periods import PeriodType
from services.measures.series import domain
from services.measures.series.points import NoInterval
from shared.fields import GssCode
from shared.statistics import Interval as Bounds


class Interval(BaseModel):
    """A confidence interval in the series' unit, both ends included. It is about sampling and about nothing else."""

    low: float
    high: float
    level: float = Field(description="How often such an interval holds the truth.", examples=[0.95])
    method: str = Field("wilson", description="Wilson's score interval, from numerator and denominator.")

    @classmethod
    def of(cls, bounds: Bounds) -> Self:
        return cls(low=bounds.low, high=bounds.high, level=bounds.level)


class Point(BaseModel):
    """One period. A period without a point has no figure at all; a null `value` says in `status` why."""

    period: str
    period_start: date
    period_end: date = Field(description="The last day of the period.")
    reporter: str
    value: float | None = Field(description="In the series' unit. Null is not zero.")
    numerator: int | None
    denominator: int | None
    interval: Interval | None = Field(description="Null where there are no counts to reckon it from.")
    no_interval: NoInterval | None = Field(
        description="Why there is no interval: there is no figure, it was published without its counts, the "
        "denominator is zero, or the measure is not a ratio."
    )
    n: int | None = Field(description="The base.")
    status: FigureStatus
    provenance: str | None
    revision: int
    recorded_at: datetime = Field(description="From when on this was known.")

    @classmethod
    def of(cls, point: domain.Point) -> Self:
        it, recorded_at, provenance, _ = point.seen
        reading = point.reading
        return cls(
            period=it.period, period_start=date.fromisoformat(it.period_start),
            period_end=date.fromisoformat(it.period_end), reporter=it.reporter, value=reading.value,
            numerator=it.numerator, denominator=it.denominator,
            interval=None if reading.interval is None else Interval.of(reading.interval),
            no_interval=reading.no_interval, n=it.n, status=FigureStatus(it.status), provenance=provenance,
            revision=it.revision, recorded_at=recorded_at,
        )  # fmt: skip


class SeriesMeasure(BaseModel):
    """The measure of a series, and the version by whose definition it is to be read."""

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
    def of(cls, series: domain.Series) -> Self:
        measure, version = series.measure, series.version
        return cls(
            id=measure.id, key=measure.key, title=measure.title, version=version.id, version_number=version.number,
            kind=Kind(version.kind), unit=version.unit, direction=Direction(version.direction),
            period_type=PeriodType(version.period_type), boundaries=Boundaries(version.boundaries),
        )  # fmt: skip


class SeriesPlace(BaseModel):
    """The place of a series."""

    code: GssCode
    name: str


class Series(BaseModel):
    """One measure at one place over time."""

    measure: SeriesMeasure
    unit: str
    place: SeriesPlace
    cell: str
    as_of: datetime | None = Field(description="The moment whose knowledge this is; null is now.")
    points: list[Point] = Field(description="By period, and within one by reporter.")

    @classmethod
    def of(cls, series: domain.Series) -> Self:
        return cls(
            measure=SeriesMeasure.of(series), unit=series.version.unit,
            place=SeriesPlace(code=series.place.code, name=series.place.name), cell=series.wanted.cell,
            as_of=series.wanted.as_of, points=[Point.of(point) for point in series.points],
        )  # fmt: skip
