"""Intervals: how far off a figure may be by chance alone. Pure statistics of single figures."""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist


@dataclass(frozen=True, slots=True)
class Interval:
    """A two-sided confidence interval, both ends included, in the unit of what it is about."""

    low: float
    high: float
    level: float


def wilson(numerator: int, denominator: int, level: float = 0.95) -> Interval:
    """Wilson's score interval of a proportion, from counts; both ends are proportions, 0 to 1.

    It holds for small counts and for 0 and 100 %, where the textbook interval has no width:
    20 of 100 gives 0.133367 to 0.288829; 0 of 20 gives 0 to 0.161125.

    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the
    American Statistical Association 22 (1927), 209-212. Raises ValueError unless 0 ≤ numerator ≤ denominator > 0.
    """
    if denominator <= 0 or not 0 <= numerator <= denominator:
        raise ValueError("a proportion needs 0 <= numerator <= denominator and a denominator above 0")
    z = NormalDist().inv_cdf((1 + level) / 2)
    p = numerator / denominator
    scale = 1 + z * z / denominator
    centre = (p + z * z / (2 * denominator)) / scale
    half = z * sqrt(p * (1 - p) / denominator + z * z / (4 * denominator**2)) / scale
    # At 0 and at 100 % one end is exact; the arithmetic misses it by a rounding error.
    low = 0.0 if numerator == 0 else centre - half
    high = 1.0 if numerator == denominator else centre + half
    return Interval(low, high, level)
