"""Comparisons as they are answered."""

from datetime import datetime
from typing import Self

from pydantic import Field

from services.measures.comparisons import domain
from services.measures.disclosure.sharing import Sharing, of_all
from services.measures.geography.domain import MAIN
from services.measures.measures.models import Kind
from services.measures.series.differences import Standing
from services.measures.series.queries import Hierarchy, OfNoneQuery, VersionQuery
from services.measures.series.schemas import Completeness, MeasureRead, PlaceRead, Point
from shared import statistics
from shared.fields import GssCode, View


class ComparisonQuery(VersionQuery, OfNoneQuery):
    """Which places, in which period."""

    period: str = Field(max_length=20, description="The period.", examples=["2023/24"])
    places: list[GssCode] = Field([], max_length=400, description="These places.")
    within: GssCode | None = Field(None, description="All places directly within this one.")
    kind: str | None = Field(None, max_length=60, description="Of those within, only this kind, such as `district`.")
    hierarchy: Hierarchy = MAIN
    benchmark: GssCode | None = Field(None, description="The place to set them beside, such as England.")

    def wanted(self) -> domain.Wanted:
        """The same, as the domain takes it."""
        return domain.Wanted(**{name: getattr(self, name) for name in type(self).model_fields})


class Difference(View):
    """How much more one figure is than another, in the measure's unit, with its interval."""

    value: float
    low: float
    high: float
    level: float
    method: str = Field(description="`newcombe` of shares, `welch` of means; the two are taken as independent.")

    @classmethod
    def of(cls, found: statistics.Difference, kind: str) -> Self:
        ends = found.interval
        return cls(
            value=round(found.value, 6), low=round(ends.low, 6), high=round(ends.high, 6), level=ends.level,
            method="newcombe" if kind == Kind.RATIO else "welch",
        )  # fmt: skip


class Benchmark(View):
    """The place beside which the others stand, with the figure that it has of its own: never a mean of theirs."""

    place: PlaceRead
    figure: Point | None


class Row(View):
    """One place. Without a figure it stands at the end."""

    place: PlaceRead
    figure: Point | None
    difference: Difference | None = Field(description="From the benchmark; null where components are missing.")
    standing: Standing = Field(description="`similar` where the difference may be chance.")


class Comparison(View):
    """One measure at many places in one period, the best first (the highest where neither side is better)."""

    measure: MeasureRead
    period: str
    cell: str
    as_of: datetime | None
    sharing: Sharing = Field(description="Of all figures together: that of the most guarded.")
    benchmark: Benchmark | None
    rows: list[Row]
    completeness: Completeness

    @classmethod
    def of(cls, read: domain.Comparison) -> Self:
        rows = [
            Row(
                place=PlaceRead.of(row.place), figure=None if row.figure is None else Point.of(row.figure),
                difference=None if row.difference is None else Difference.of(row.difference, read.version.kind),
                standing=row.standing,
            )
            for row in read.rows
        ]  # fmt: skip
        beside = read.benchmark
        benchmark = None
        if beside is not None:
            own = None if beside.figure is None else Point.of(beside.figure)
            benchmark = Benchmark(place=PlaceRead.of(beside.place), figure=own)
        return cls(
            measure=MeasureRead.of(read.measure, read.version), period=read.period.text, cell=read.wanted.cell,
            as_of=read.wanted.as_of, sharing=of_all(row.figure.known.sharing for row in read.rows if row.figure),
            benchmark=benchmark, rows=rows, completeness=Completeness.of(read.completeness),
        )  # fmt: skip
