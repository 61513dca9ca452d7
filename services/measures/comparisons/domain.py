"""The query of comparisons: the places' figures, and how each stands to the benchmark's own."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.measures.measures import domain as measures
from services.measures.measures.models import Direction, Kind, Measure, MeasureVersion
from services.measures.periods import Period
from services.measures.places import store as places
from services.measures.places.domain import read_place
from services.measures.places.models import Place, PlaceRow
from services.measures.rollups import wholes
from services.measures.rollups.domain import one_of_each
from services.measures.series.differences import Standing, difference, standing
from services.measures.series.domain import MOST_MISSING, Completeness, period_of, read_figures
from services.measures.series.store import Cut
from services.measures.series.trends import Figure
from shared.errors import Fault, Invalid
from shared.statistics import Difference


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which places, in which period: those named, or all within one, of one kind if given."""

    period: str
    places: Sequence[str]
    within: str | None
    kind: str | None
    hierarchy: str
    benchmark: str | None
    cell: str
    version: str | None
    reporter: str | None
    programme: str
    activity: str
    as_of: datetime | None


class Row(NamedTuple):
    """A place and its figure, if there is one; and how far that is from the benchmark's."""

    place: PlaceRow
    figure: Figure | None
    difference: Difference | None
    standing: Standing


class Benchmark(NamedTuple):
    """The place that others stand beside, and the figure that it has of its own: never a mean of theirs."""

    place: Place
    figure: Figure | None


class Comparison(NamedTuple):
    """One measure at many places: those with a figure first, the best of them first (or the highest)."""

    measure: Measure
    version: MeasureVersion
    period: Period
    wanted: Wanted
    benchmark: Benchmark | None
    rows: Sequence[Row]
    completeness: Completeness


def compare_places(session: Session, movement: str, measure: str, wanted: Wanted) -> Comparison:
    """The places side by side.

    Raises NotFound, NotPublished, TooLong, Ambiguous, and Invalid for a period of another type, places that nobody
    knows, or none at all.
    """
    found, version = measures.definition_to_read(session, movement, measure, wanted.version)
    period = period_of(version, "period", wanted.period)
    if period is None:
        raise Invalid(faults=[Fault("?period", "is missing", "missing")])
    named = _places(session, movement, version, wanted, period)
    start = period.start.isoformat()
    cut = Cut(
        [version.id], list(named), [wanted.cell], start, start, wanted.reporter, wanted.programme, wanted.activity,
        wanted.as_of,
    )  # fmt: skip
    figures = read_figures(session, movement, cut, version)
    one_of_each(figures, [])
    of_place = {figure.known.place: figure for figure in figures}
    benchmark = _benchmark(session, movement, version, cut, wanted.benchmark)
    rows = [_row(place, of_place.get(code), benchmark, version) for code, place in named.items()]
    missing = [row.place.code for row in rows if row.figure is None or row.figure.reading.value is None]
    complete = Completeness(len(rows), len(rows) - len(missing), missing[:MOST_MISSING])
    return Comparison(found, version, period, wanted, benchmark, _in_order(rows, version), complete)


def _places(
    session: Session, movement: str, version: MeasureVersion, wanted: Wanted, period: Period
) -> dict[str, PlaceRow]:
    codes = list(wanted.places)
    if wanted.within is not None:
        inside = wholes.Inside(wanted.within, wanted.hierarchy, wanted.kind)
        codes += wholes.within(session, movement, inside, wholes.day_of(version, period))
    if not codes:
        raise Invalid(faults=[Fault("?places", "name the places, or a place that they lie within", "missing")])
    known = places.find(session, codes)
    if set(codes) - set(known):
        raise Invalid(faults=[Fault("?places", "no place has one of these codes", "unknown_place")])
    return known


def _benchmark(
    session: Session, movement: str, version: MeasureVersion, cut: Cut, code: str | None
) -> Benchmark | None:
    if code is None:
        return None
    place = read_place(session, movement, code)
    figures = read_figures(session, movement, replace(cut, places=[code]), version)
    one_of_each(figures, [])
    return Benchmark(place, figures[0] if figures else None)


def _row(place: PlaceRow, figure: Figure | None, benchmark: Benchmark | None, version: MeasureVersion) -> Row:
    apart = None
    if figure is not None and benchmark is not None and benchmark.figure is not None:
        one, other = figure.known, benchmark.figure.known
        if one.place != other.place:
            apart = difference(one.amount, other.amount, Kind(version.kind), version.unit)
    return Row(place, figure, apart, standing(apart, Direction(version.direction)))


def _in_order(rows: Sequence[Row], version: MeasureVersion) -> list[Row]:
    """With a figure first, from the best to the worst, or from the highest where neither side is better."""
    sign = 1 if version.direction == Direction.LOWER_IS_BETTER else -1

    def place(row: Row) -> tuple[bool, float, str]:
        value = None if row.figure is None else row.figure.reading.value
        return value is None, 0.0 if value is None else sign * value, row.place.code

    return sorted(rows, key=place)
