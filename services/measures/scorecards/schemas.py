"""Scorecards as they are answered."""

from datetime import datetime
from typing import Self

from pydantic import Field

from services.measures.comparisons.schemas import Difference
from services.measures.disclosure.sharing import Sharing, of_all
from services.measures.fields import MeasureId
from services.measures.measures.models import Direction
from services.measures.observations.models import FigureStatus
from services.measures.scorecards import domain
from services.measures.scorecards.domain import NoFigure
from services.measures.series.queries import FiguresQuery, OfNoneQuery
from services.measures.series.schemas import Completeness, MeasureRead, PlaceRead, Point, Target, Trend
from services.measures.series.targets import met
from services.measures.series.trends import Course, Figure, NoTrend
from shared.fields import GssCode, View


class ScorecardQuery(FiguresQuery, OfNoneQuery):
    """Where, and which measures."""

    place: GssCode = Field(description="Where.")
    measures: list[MeasureId] | None = Field(
        None, max_length=domain.MOST_MEASURES, description="Which, in this order; all (the first 100) if none."
    )
    periods: int = Field(10, ge=2, le=40, description="How many of each measure's last periods to look at.")

    def wanted(self) -> domain.Wanted:
        """The same, as the domain takes it."""
        return domain.Wanted(**{name: getattr(self, name) for name in type(self).model_fields})


class Past(View):
    """A period that the scorecard looks back at."""

    period: str
    value: float | None
    status: FigureStatus

    @classmethod
    def of(cls, figure: Figure) -> Self:
        return cls(period=figure.known.period, value=figure.reading.value, status=figure.known.amount.status)


class Line(View):
    """Where one measure stands."""

    measure: MeasureRead
    figure: Point | None = Field(description="That of the last period known.")
    no_figure: NoFigure | None = Field(description="Why there is none; of several, name the reporter.")
    previous: Point | None
    history: list[Past] = Field(description="Each period looked back at that is known, oldest first.")
    change: Difference | None = Field(description="The last figure less the one before; null without components.")
    target: Target | None = Field(description="That of the last figure's period, or else the next one.")
    target_met: bool | None
    trend: Trend | None
    no_trend: NoTrend | None
    holm_p: float | None = Field(description="The trend's p-value, adjusted for all trends on this scorecard (Holm).")
    course: Course = Field(description="By the adjusted p-value.")
    completeness: Completeness

    @classmethod
    def of(cls, line: domain.Line) -> Self:
        direction = Direction(line.version.direction)
        last, before = [*reversed(line.figures), None, None][:2]
        trend = line.trend
        value = None if last is None else last.reading.value
        aim = None if line.aim is None else line.aim.value
        return cls(
            measure=MeasureRead.of(line.measure, line.version), figure=None if last is None else Point.of(last),
            no_figure=line.no_figure, previous=None if before is None else Point.of(before),
            history=[Past.of(each) for each in line.figures],
            change=None if line.change is None else Difference.of(line.change, line.version.kind),
            target=None if line.aim is None else Target.of(line.aim),
            target_met=None if aim is None or value is None else met(value, aim, direction),
            trend=None if isinstance(trend, NoTrend) else Trend.of(trend, direction),
            no_trend=trend if isinstance(trend, NoTrend) else None, holm_p=line.holm_p, course=line.course,
            completeness=Completeness.of(line.completeness),
        )  # fmt: skip


class Scorecard(View):
    """Many measures at one place."""

    place: PlaceRead
    cell: str
    as_of: datetime | None
    sharing: Sharing = Field(description="Of all figures together: that of the most guarded.")
    lines: list[Line]

    @classmethod
    def of(cls, read: domain.Scorecard) -> Self:
        return cls(
            place=PlaceRead.of(read.place), cell=read.wanted.cell, as_of=read.wanted.as_of,
            sharing=of_all(figure.known.sharing for line in read.lines for figure in line.figures),
            lines=[Line.of(line) for line in read.lines],
        )  # fmt: skip
