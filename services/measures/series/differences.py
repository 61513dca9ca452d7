"""How far two figures of one measure lie apart, and what may be said of it. Pure."""

from enum import StrEnum

from services.measures.measures.models import RATIO_UNITS, Direction, Kind
from services.measures.observations.models import Amount, Bound, FigureStatus
from services.measures.series.points import sums_of
from shared.statistics import Difference, newcombe, welch


class Standing(StrEnum):
    """How one figure stands to another, beyond chance; `higher` and `lower` where neither side is better."""

    BETTER = "better"
    WORSE = "worse"
    HIGHER = "higher"
    LOWER = "lower"
    SIMILAR = "similar"
    NOT_COMPARED = "not_compared"


def difference(first: Amount, second: Amount, kind: Kind, unit: str) -> Difference | None:
    """The first less the second with its interval, in the measure's unit: Newcombe's of shares, Welch's of means.

    None where a component is missing, a figure is a bound, or the kind has no such interval. The two are taken as
    independent, which a place and the country that it lies in are only nearly.
    """
    for amount in (first, second):
        if amount.status is not FigureStatus.REPORTED or amount.bound is not Bound.EXACTLY:
            return None
    if kind is Kind.RATIO:
        counts = [(each.numerator, each.denominator) for each in (first, second)]
        known = [(x, n) for x, n in counts if x is not None and n]
        return newcombe(known[0], known[1]).times(RATIO_UNITS[unit]) if len(known) == 2 else None
    if kind is Kind.MEAN:
        sums = [found for found in (sums_of(first), sums_of(second)) if found is not None and found.n > 1]
        return welch(sums[0], sums[1]) if len(sums) == 2 else None
    return None


def standing(found: Difference | None, direction: Direction) -> Standing:
    """The word for a difference: similar where its interval holds 0."""
    if found is None:
        return Standing.NOT_COMPARED
    if found.interval.low <= 0 <= found.interval.high:
        return Standing.SIMILAR
    if direction is Direction.NEITHER:
        return Standing.HIGHER if found.value > 0 else Standing.LOWER
    better = (found.value > 0) is (direction is Direction.HIGHER_IS_BETTER)
    return Standing.BETTER if better else Standing.WORSE
