"""Counts of events: how far off a count may be by chance, and bounds of how many people several counts are of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp, fsum, sqrt

from shared.statistics.interval import LEVEL, Interval, z_of

EXACT_BELOW = 10
"""From this count on Byar's approximation is within 0.1 % of the exact limits (Breslow and Day 1987, 69-70)."""

_STEPS = 200


class CountMethod(StrEnum):
    """How the interval of a count was reckoned."""

    EXACT_POISSON = "exact_poisson"
    BYAR = "byar"


@dataclass(frozen=True, slots=True)
class CountInterval:
    """The interval of a count of events, and by which method."""

    interval: Interval
    method: CountMethod


def count_interval(count: int, level: float = LEVEL) -> CountInterval:
    """The interval of a count: exact Poisson below 10, Byar's approximation from 10 on.

    Source: the Office for Health Improvement and Disparities' technical guide to confidence intervals, which asks for
    both. Raises ValueError for a count below 0.
    """
    if count < EXACT_BELOW:
        return CountInterval(exact_poisson(count, level), CountMethod.EXACT_POISSON)
    return CountInterval(byar(count, level), CountMethod.BYAR)


def exact_poisson(count: int, level: float = LEVEL) -> Interval:
    """The exact interval of a Poisson count: 0 gives 0 to 3.688879, 5 gives 1.623486 to 11.668332.

    The low end is the mean at which so many or more come up in half of what the level leaves, the high end that at
    which so many or fewer do. Source: F. Garwood, "Fiducial limits for the Poisson distribution", Biometrika 28
    (1936), 437-442. For small counts: it adds up `count` terms some hundred times. Raises ValueError for a count
    below 0.
    """
    _check(count)
    tail, farthest = (1 - level) / 2, byar(max(count, 1), level).high * 3 + 20
    low = 0.0 if count == 0 else _root(lambda mean: _at_most(count - 1, mean) - (1 - tail), farthest)
    return Interval(low, _root(lambda mean: _at_most(count, mean) - tail, farthest), level)


def byar(count: int, level: float = LEVEL) -> Interval:
    """Byar's approximation of the same: 10 gives 4.786 to 18.391.

    Source: N. E. Breslow and N. E. Day, "Statistical methods in cancer research", volume II (1987), 69. Raises
    ValueError for a count below 0; the low end of a count of 0 is 0.
    """
    _check(count)
    z, above = z_of(level), count + 1
    low = 0.0 if count == 0 else count * (1 - 1 / (9 * count) - z / (3 * sqrt(count))) ** 3
    return Interval(max(low, 0.0), above * (1 - 1 / (9 * above) + z / (3 * sqrt(above))) ** 3, level)


@dataclass(frozen=True, slots=True)
class Bounds:
    """At least and at most how many; `high` None is without an end."""

    low: int
    high: int | None


def unique_bounds(counts: Sequence[Bounds]) -> Bounds:
    """How many different people there are in counts that may overlap: max(a, b) ≤ unique ≤ a + b.

    Each count has bounds of its own (a count that is known has them equal). Raises ValueError where there is none.
    """
    if not counts:
        raise ValueError("no counts, no bounds")
    highs = [count.high for count in counts if count.high is not None]
    return Bounds(max(count.low for count in counts), sum(highs) if len(highs) == len(counts) else None)


def _at_most(count: int, mean: float) -> float:
    """The chance that a Poisson variable with this mean is at most `count`."""
    terms, term = [], exp(-mean)
    for k in range(count + 1):
        terms.append(term)
        term *= mean / (k + 1)
    return fsum(terms)


def _root(falling: Callable[[float], float], farthest: float) -> float:
    """Where a falling function is 0, between 0 and `farthest`."""
    low, high = 0.0, farthest
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if falling(middle) > 0 else (low, middle)
    return (low + high) / 2


def _check(count: int) -> None:
    if count < 0:
        raise ValueError("a count is not below 0")
