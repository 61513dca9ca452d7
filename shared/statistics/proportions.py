"""Proportions and what is made of them: shares, rates, differences of shares, and shares beside a population's."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

from shared.statistics.interval import LEVEL, Interval, z_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_EXACT = 2**53
"""Whole numbers below this one are floats without loss."""

_NEEDED = "a proportion needs 0 <= numerator <= denominator and a denominator above 0"


def wilson(numerator: int, denominator: int, level: float = LEVEL) -> Interval:
    """Wilson's score interval of a proportion, from counts; both ends are proportions, 0 to 1.

    It holds for small counts and for 0 and 100 %, where the textbook interval has no width:
    20 of 100 gives 0.133367 to 0.288829; 0 of 20 gives 0 to 0.161125.

    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the
    American Statistical Association 22 (1927), 209-212. Raises ValueError unless 0 ≤ numerator ≤ denominator > 0.
    """
    _check(numerator, denominator)
    z = z_of(level)
    p = numerator / denominator
    added = z * z / denominator
    centre = (p + added / 2) / (1 + added)
    half = z * sqrt((p * (1 - p) + added / 4) / denominator) / (1 + added)
    # At 0 and at 100 % one end is exact; the arithmetic misses it by a rounding error.
    low = 0.0 if numerator == 0 else centre - half
    high = 1.0 if numerator == denominator else centre + half
    return Interval(low, high, level)


def wilson_all(
    numerators: "NDArray[np.float64]", denominators: "NDArray[np.float64]", level: float = LEVEL
) -> "tuple[NDArray[np.float64], NDArray[np.float64]]":
    """The low and the high ends of many proportions' intervals: to the last bit those of :func:`wilson`.

    The counts are whole numbers, below :data:`MOST_EXACT`. Raises ValueError as :func:`wilson` does.
    """
    import numpy as np

    x, n = numerators, denominators
    if not ((x >= 0) & (x <= n) & (n > 0)).all():
        raise ValueError(_NEEDED)
    z = z_of(level)
    p = x / n
    added = z * z / n
    centre = (p + added / 2) / (1 + added)
    half = z * np.sqrt((p * (1 - p) + added / 4) / n) / (1 + added)
    return np.where(x == 0, 0.0, centre - half), np.where(x == n, 1.0, centre + half)


@dataclass(frozen=True, slots=True)
class Difference:
    """How much larger the first of two figures is, with its interval; of proportions -1 to 1."""

    value: float
    interval: Interval

    def times(self, factor: float) -> "Difference":
        """The same in another unit. The factor is not negative."""
        return Difference(self.value * factor, self.interval.times(factor))


def newcombe(first: tuple[int, int], second: tuple[int, int], level: float = LEVEL) -> Difference:
    """The difference of two independent proportions, each (numerator, denominator), with Newcombe's interval.

    It is built from the Wilson intervals of the two (his method 10, without a continuity correction):
    56 of 70 less 48 of 80 gives 0.2, from 0.0524 to 0.3339.

    Source: R. G. Newcombe, "Interval estimation for the difference between independent proportions", Statistics in
    Medicine 17 (1998), 873-890. Raises ValueError as :func:`wilson` does.
    """
    one, other = wilson(*first, level), wilson(*second, level)
    p, q = first[0] / first[1], second[0] / second[1]
    down = sqrt((p - one.low) ** 2 + (other.high - q) ** 2)
    up = sqrt((one.high - p) ** 2 + (q - other.low) ** 2)
    return Difference(p - q, Interval(p - q - down, p - q + up, level))


@dataclass(frozen=True, slots=True)
class Ratio:
    """One quantity over another, 1 where they are equal, with its interval."""

    value: float
    interval: Interval


def participation_ratio(
    participants: int, of_all: int, population: float, of_population: float, level: float = LEVEL
) -> Ratio:
    """A group's share of those who take part over its share of the population: 0.5 where half as many come.

    The population's share is taken as known, as a census's is, so the interval is Wilson's of the participants' share
    in that unit. Raises ValueError as :func:`wilson` does, and for a group that the population has nobody of.
    """
    if not 0 < population <= of_population:
        raise ValueError("a group's share of the population lies above 0 and at most at 1")
    share = population / of_population
    return Ratio(participants / of_all / share, wilson(participants, of_all, level).times(1 / share))


def rate(parts: Iterable[tuple[int | None, int | None]], per: float = 1) -> float | None:
    """Σ numerator ÷ Σ denominator, times `per`, of parts that are added up: never a mean of their rates.

    None where a count is missing, or where the denominators come to 0: neither is a rate of 0.
    """
    numerators = denominators = 0
    for numerator, denominator in parts:
        if numerator is None or denominator is None:
            return None
        numerators, denominators = numerators + numerator, denominators + denominator
    return per * numerators / denominators if denominators else None


def _check(numerator: int, denominator: int) -> None:
    if denominator <= 0 or not 0 <= numerator <= denominator:
        raise ValueError(_NEEDED)
