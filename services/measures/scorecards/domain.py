"""The query of scorecards: of each measure the last figure, the change, the target and the trend."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.measures.disclosure.border import across
from services.measures.measures.models import Direction, Kind, Measure, MeasureVersion
from services.measures.observations.models import FigureStatus
from services.measures.places.domain import read_place
from services.measures.places.models import Place
from services.measures.scorecards import store
from services.measures.series import store as series_store
from services.measures.series.differences import difference
from services.measures.series.domain import MOST_MISSING, Completeness, as_read, periods_between
from services.measures.series.store import Spot
from services.measures.series.targets import Aim, aims
from services.measures.series.trends import Course, Figure, NoTrend, course, trend_of
from services.measures.targets.models import Kind as AimKind
from shared.errors import Fault, Invalid
from shared.statistics import Difference, Trend, holm

MOST_MEASURES = 100
"""Measures on one scorecard."""


class NoFigure(StrEnum):
    """Why a line of a scorecard has no figure."""

    NO_FIGURES = "no_figures"
    SEVERAL_FIGURES = "several_figures"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where, of whom, which measures (None: all that are published), and how many periods back."""

    place: str
    cell: str
    measures: Sequence[str] | None
    periods: int
    reporter: str | None
    programme: str
    activity: str
    as_of: datetime | None


class Line(NamedTuple):
    """One measure: its figures of the last periods, oldest first, and what they say.

    `holm_p` is the trend's p-value among those of the whole scorecard, and `course` is said by it.
    """

    measure: Measure
    version: MeasureVersion
    figures: Sequence[Figure]
    no_figure: NoFigure | None
    change: Difference | None
    aim: Aim | None
    trend: Trend | NoTrend
    holm_p: float | None
    course: Course
    completeness: Completeness


class Scorecard(NamedTuple):
    """Many measures at one place."""

    place: Place
    wanted: Wanted
    lines: Sequence[Line]


def read_scorecard(session: Session, movement: str, wanted: Wanted) -> Scorecard:
    """The scorecard, in the order of the measures asked for or of their ids.

    Raises NotFound for the place, and Invalid for a measure that has no published version or is nobody's.
    """
    place = read_place(session, movement, wanted.place)
    published = store.newest_published(session, movement, wanted.measures, MOST_MEASURES)
    if wanted.measures is not None and set(wanted.measures) - published.keys():
        reason = "one of them is no measure of this movement with a published version"
        raise Invalid(faults=[Fault("?measures", reason, "unknown_measure")])
    aimed = aims(session, movement, [version.id for _, version in published.values()], [place.code], wanted.cell)
    lines = [
        _line(session, movement, measure, version, wanted, aimed.get((version.id, place.code), ()))
        for measure, version in (published[key] for key in wanted.measures or sorted(published))
    ]
    return Scorecard(place, wanted, _believed_together(lines))


def _line(
    session: Session, movement: str, measure: Measure, version: MeasureVersion, wanted: Wanted, aimed: Sequence[Aim]
) -> Line:
    spot = Spot(version.id, wanted.place, wanted.cell, wanted.reporter, wanted.programme, wanted.activity, wanted.as_of)
    known = across(session, movement, series_store.latest(session, movement, spot, wanted.periods))
    figures = as_read(known, version)
    if len({figure.known.start for figure in figures}) < len(figures):
        none = Completeness(0, 0, ())
        return Line(
            measure, version, (), NoFigure.SEVERAL_FIGURES, None, None, NoTrend.SEVERAL_FIGURES, None,
            Course.UNCERTAIN, none,
        )  # fmt: skip
    change = None
    if len(figures) > 1:
        change = difference(figures[-1].known.amount, figures[-2].known.amount, Kind(version.kind), version.unit)
    aim = _next_aim(aimed, figures[-1].known.start if figures else "")
    return Line(
        measure, version, figures, None if figures else NoFigure.NO_FIGURES, change, aim, trend_of(figures), None,
        Course.UNCERTAIN, _completeness(version, figures),
    )  # fmt: skip


def _next_aim(aimed: Sequence[Aim], start: str) -> Aim | None:
    """The target of the last figure's period, or the next one after it, or the last there was."""
    targets = [aim for aim in aimed if aim.kind is AimKind.TARGET]
    return next((aim for aim in targets if aim.start >= start), targets[-1] if targets else None)


def _completeness(version: MeasureVersion, figures: Sequence[Figure]) -> Completeness:
    """Of the periods from the first that is shown to the last."""
    if not figures:
        return Completeness(0, 0, ())
    begin, end = (date.fromisoformat(day) for day in (figures[0].known.start, figures[-1].known.end))
    there = {each.known.period for each in figures if each.known.amount.status is FigureStatus.REPORTED}
    expected = [period.text for period in periods_between(version, begin, end)]
    missing = [period for period in expected if period not in there]
    return Completeness(len(expected), len(expected) - len(missing), missing[:MOST_MISSING])


def _believed_together(lines: Sequence[Line]) -> list[Line]:
    """The lines with their p-values adjusted for one another: of twenty trends one is surprising by chance."""
    tested = [(place, line.trend) for place, line in enumerate(lines) if isinstance(line.trend, Trend)]
    adjusted: Mapping[int, float] = dict(
        zip((place for place, _ in tested), holm([trend.p for _, trend in tested]), strict=True)
    )
    together = list(lines)
    for place, trend in tested:
        word = course(trend.slope, adjusted[place], Direction(lines[place].version.direction))
        together[place] = lines[place]._replace(holm_p=adjusted[place], course=word)
    return together
