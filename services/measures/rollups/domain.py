"""The query of roll-ups: which figures become one, which of them are there, and what they come to."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import product
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.measures.measures import domain as measures
from services.measures.measures.models import Kind, Measure, MeasureVersion
from services.measures.measures.rollups import Over, RollUp, rule_of
from services.measures.observations.models import NONE, Amount, FigureStatus
from services.measures.periods import Period
from services.measures.places.domain import read_place
from services.measures.places.models import Place
from services.measures.rollups import wholes
from services.measures.rollups.adding import Rolled, Rule, roll_up
from services.measures.series import points
from services.measures.series.domain import MOST_MISSING, Completeness, period_of, periods_between, read_figures
from services.measures.series.points import Reading
from services.measures.series.store import Cut
from services.measures.series.trends import Figure
from shared.errors import Conflict, Fault, Invalid

_NOT_THERE = Amount(FigureStatus.NOT_COLLECTED, None, None, None, None)
_Expected = tuple[str, str, str]
"""Place, first day of the period, cell: of each there should be a figure."""


class Part(NamedTuple):
    """One amount to be rolled up, and what it differs in from others; its fields are named as :class:`Over`'s words."""

    place: str
    period: str
    cell: str
    reporter: str
    programme: str
    amount: Amount


class Ambiguous(Conflict):
    """Several figures answer to what is asked for, and it is not said that they are to become one."""

    code, title = "ambiguous_figures", "Several figures answer to this: name one of them, or roll up over it"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to become one.

    Over places: the parts of `place`, of one `kind` if given, or `places` by name. Over periods: those from `first` to
    `last`. Over cells: the categories of `dimension`, within `cell`. Over reporters and programmes: all that there are.
    """

    over: Sequence[Over]
    place: str
    places: Sequence[str]
    kind: str | None
    hierarchy: str
    first: str
    last: str
    cell: str
    dimension: str | None
    version: str | None
    reporter: str | None
    programme: str | None
    activity: str
    as_of: datetime | None


class RollUpRead(NamedTuple):
    """Several figures as one; and the figure that the whole has of its own, which is never the same thing."""

    measure: Measure
    version: MeasureVersion
    place: Place
    wanted: Wanted
    rolled: Rolled
    reading: Reading | None
    own: Figure | None
    completeness: Completeness
    parts: Sequence[Figure]


def read_roll_up(session: Session, movement: str, measure: str, wanted: Wanted) -> RollUpRead:
    """The figures that are wanted as one.

    Raises NotFound, NotPublished, TooLong, RollUpRefused with the reason, Ambiguous, and Invalid for a period of
    another type, parts that lie in one another, or a dimension that does not add up to everybody.
    """
    found, version = measures.definition_to_read(session, movement, measure, wanted.version)
    place = read_place(session, movement, wanted.place)
    periods = _periods(version, wanted)
    codes = _places(session, movement, version, wanted, periods[-1])
    cells = _cells(version, wanted)
    cut = Cut(
        [version.id], codes, cells, periods[0].start.isoformat(), periods[-1].start.isoformat(), wanted.reporter,
        wanted.programme, wanted.activity, wanted.as_of,
    )  # fmt: skip
    figures = read_figures(session, movement, cut, version)
    if Over.PROGRAMME in wanted.over:
        # A figure of no programme may be that of all of them together.
        figures = [figure for figure in figures if figure.known.programme != NONE]
    one_of_each(figures, wanted.over)
    expected = list(product(codes, [period.start.isoformat() for period in periods], cells))
    rolled = _collapse(_parts(figures, expected), version, wanted.over)
    reading = None
    if rolled.amount is not None:
        reading = points.read(rolled.amount, Kind(version.kind), version.unit)
    own = _own(session, movement, version, cut, wanted)
    return RollUpRead(found, version, place, wanted, rolled, reading, own, _complete(figures, expected), figures)


def _periods(version: MeasureVersion, wanted: Wanted) -> Sequence[Period]:
    first, last = (period_of(version, name, text) for name, text in (("from", wanted.first), ("to", wanted.last)))
    periods = periods_between(version, first.start, last.end) if first and last else ()
    if not periods:
        raise Invalid(faults=[Fault("?to", "lies before the first period", "invalid_period")])
    if len(periods) > 1 and Over.PERIOD not in wanted.over:
        raise Invalid(faults=[Fault("?to", "is another period than the first: roll up over period", "invalid_period")])
    return periods


def _cells(version: MeasureVersion, wanted: Wanted) -> list[str]:
    if Over.CELL not in wanted.over:
        return [wanted.cell]
    return wholes.cells(version.scheme, wanted.cell, wanted.dimension)


def _places(session: Session, movement: str, version: MeasureVersion, wanted: Wanted, last: Period) -> list[str]:
    """The codes of the places that become one, none of which lies in another."""
    if Over.PLACE not in wanted.over:
        return [wanted.place]
    if wanted.places:
        return wholes.apart(session, movement, wanted.places, wanted.hierarchy, wholes.day_of(version, last))
    inside = wholes.Inside(wanted.place, wanted.hierarchy, wanted.kind)
    return wholes.within(session, movement, inside, wholes.day_of(version, last))


def one_of_each(figures: Sequence[Figure], over: Sequence[Over]) -> None:
    """Raise Ambiguous where figures differ in what is not rolled up over."""
    for column, rolls in (("reporter", Over.REPORTER), ("programme", Over.PROGRAMME)):
        if rolls not in over and len({getattr(figure.known, column) for figure in figures}) > 1:
            raise Ambiguous(
                faults=[Fault(f"?{column}", f"several have figures here; or add over={rolls}", "ambiguous")]
            )


def _parts(figures: Sequence[Figure], expected: Sequence[_Expected]) -> list[Part]:
    """The figures, and of what is expected and has none, that there is none."""
    there = [each.known for each in figures]
    missing = set(expected) - {(each.place, each.start, each.cell) for each in there}
    return [
        *(Part(each.place, each.start, each.cell, each.reporter, each.programme, each.amount) for each in there),
        *(Part(*about, NONE, NONE, _NOT_THERE) for about in sorted(missing)),
    ]


def _collapse(parts: Sequence[Part], version: MeasureVersion, over: Sequence[Over]) -> Rolled:
    """Roll up over what the version allows first, and then over the rest: people may still be bounded there."""
    rules = {each: Rule(Kind(version.kind), rule_of(version.roll_ups, each), version.distinct) for each in over}
    allowed = [each for each in over if rules[each].rule is not RollUp.NONE]
    left = [each for each in over if each not in allowed]
    groups: defaultdict[tuple[str, ...], list[Amount]] = defaultdict(list)
    for part in parts:
        groups[tuple(getattr(part, each) for each in left)].append(part.amount)
    if not allowed:
        return roll_up([part.amount for part in parts], left[0], rules[left[0]])
    rolled = [roll_up(amounts, allowed[0], rules[allowed[0]]) for amounts in groups.values()]
    if not left:
        return rolled[0]
    return roll_up([each.amount for each in rolled if each.amount is not None], left[0], rules[left[0]])


def _own(session: Session, movement: str, version: MeasureVersion, cut: Cut, wanted: Wanted) -> Figure | None:
    """The figure that the whole has of its own, where places or cells of one period are rolled up and it has one."""
    if not {Over.PLACE, Over.CELL} & set(wanted.over) or cut.first != cut.last:
        return None
    figures = read_figures(session, movement, replace(cut, places=[wanted.place], cells=[wanted.cell]), version)
    return figures[0] if len(figures) == 1 else None


def _complete(figures: Sequence[Figure], expected: Sequence[_Expected]) -> Completeness:
    there = {
        (each.known.place, each.known.start, each.known.cell)
        for each in figures
        if each.known.amount.status is FigureStatus.REPORTED
    }
    missing = [" ".join(about) for about in expected if about not in there]
    return Completeness(len(expected), len(expected) - len(missing), missing[:MOST_MISSING])
