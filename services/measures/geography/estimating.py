"""Reading a measure at a place as its boundaries are on one day, over all that became of places before.

Nothing moves: figures stay with the places that they were reported for. For a period in which the place has a figure of
its own that one is answered; else the figures of what it was made of are carried over the crosswalk, and where a share
is not the whole the answer is marked as an estimate. All figures come across the border (`series.read_figures`).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.measures.geography.domain import crosswalk_to
from services.measures.measures import domain as measures
from services.measures.measures.models import RATIO_UNITS, Kind, MeasureVersion
from services.measures.observations.models import NONE, Amount, FigureStatus
from services.measures.periods import Period
from services.measures.places.crosswalk import WHOLE, CannotCarry, Carried, carry
from services.measures.places.domain import read_place
from services.measures.series.domain import period_of, periods_between, read_figures
from services.measures.series.store import Cut
from shared.errors import Invalid
from shared.partners.answering import today

MOST_PERIODS = 200


class TooManyPeriods(Invalid):
    """More periods are asked for than one answer has."""

    code, title = "too_many_periods", f"More than {MOST_PERIODS} periods are asked for"


class Wanted(NamedTuple):
    """Which estimates: periods from `first` to `last`, boundaries as on `day` (None: today), one reporter's figures."""

    place: str
    first: str
    last: str
    version: str | None
    cell: str
    reporter: str | None
    day: date | None


class Estimate(NamedTuple):
    """What is read for one period: of which places what share, and the figure, or why there is none.

    `value` is in the version's unit. `estimated`: a share of a place was taken for a share of its figure.
    """

    period: Period
    sources: Mapping[str, Fraction]
    carried: Carried | None
    value: Fraction | None
    reason: CannotCarry | None


class Estimates(NamedTuple):
    """A measure at a place, as its boundaries are on a day."""

    version: MeasureVersion
    place: str
    day: date
    found: Sequence[Estimate]


def read_estimates(session: Session, movement: str, measure: str, wanted: Wanted) -> Estimates:
    """Read a measure over changes of places. Raises NotFound, NotPublished, Invalid, TooManyPeriods and TooLong."""
    _, version = measures.definition_to_read(session, movement, measure, wanted.version)
    place, day = read_place(session, movement, wanted.place), wanted.day or today(session, movement)
    first, last = period_of(version, "from", wanted.first), period_of(version, "to", wanted.last)
    periods = periods_between(version, first.start, last.end) if first and last else []
    if len(periods) > MOST_PERIODS:
        raise TooManyPeriods()
    crosswalk = crosswalk_to(session, place.code)
    sources = {period: crosswalk.sources(place.code, period.end, max(day, period.end)) for period in periods}
    places = sorted({place.code, *(code for shares in sources.values() for code in shares)})
    amounts = _amounts(session, movement, version, places, wanted)
    found = []
    for period in periods:
        known = amounts[period.start.isoformat()]
        own = known.get(place.code)
        alone = own is not None and own.status is FigureStatus.REPORTED
        found.append(_estimate(version, period, {place.code: WHOLE} if alone else sources[period], known))
    return Estimates(version, place.code, day, found)


def _amounts(
    session: Session, movement: str, version: MeasureVersion, places: Sequence[str], wanted: Wanted
) -> Mapping[str, Mapping[str, Amount]]:
    """By first day of the period and by place, what is known and whoever asks may see."""
    cut = Cut([version.id], places, [wanted.cell], None, None, wanted.reporter or movement, NONE, NONE, None)
    amounts: dict[str, dict[str, Amount]] = defaultdict(dict)
    for figure in read_figures(session, movement, cut, version):
        amounts[figure.known.start][figure.known.place] = figure.known.amount
    return amounts


def _estimate(
    version: MeasureVersion, period: Period, sources: Mapping[str, Fraction], known: Mapping[str, Amount]
) -> Estimate:
    kind = Kind(version.kind)
    # One whole place is its own figure, a published percentage too; of several, only counts add up.
    adds_up = kind in (Kind.FLOW, Kind.STOCK, Kind.DISTRIBUTION) or list(sources.values()) == [WHOLE]
    try:
        carried = carry(known, sources, counts_add_up=adds_up)
    except CannotCarry as reason:
        return Estimate(period, sources, None, None, reason)
    return Estimate(period, sources, carried, _value(kind, version.unit, carried), None)


def _value(kind: Kind, unit: str, carried: Carried) -> Fraction | None:
    """What the components say in the version's unit; a value of its own where there is one."""
    if carried.value is not None:
        return carried.value
    if kind is Kind.RATIO and carried.numerator is not None and carried.denominator:
        return carried.numerator * RATIO_UNITS[unit] / carried.denominator
    if kind is Kind.MEAN and carried.sum_x is not None and carried.n:
        return carried.sum_x / carried.n
    return None
