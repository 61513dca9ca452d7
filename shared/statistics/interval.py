"""What every other part of the statistics answers with: an interval, and the level at which it is asked for."""

from functools import lru_cache
from statistics import NormalDist

import msgspec

LEVEL = 0.95
"""How often an interval holds the truth, unless somebody asks for another."""


class Interval(msgspec.Struct, frozen=True, gc=False):
    """A two-sided confidence interval, both ends included, in the unit of what it is about."""

    low: float
    high: float
    level: float

    def times(self, factor: float) -> "Interval":
        """The same in another unit: a percentage's from a proportion's by 100. The factor is not negative."""
        return Interval(self.low * factor, self.high * factor, self.level)


@lru_cache(maxsize=64)
def z_of(level: float) -> float:
    """How many standard errors a two-sided interval of this level reaches: 1.959964 for 0.95.

    Raises ValueError unless 0 < level < 1.
    """
    if not 0 < level < 1:
        raise ValueError("a level lies between 0 and 1")
    return NormalDist().inv_cdf((1 + level) / 2)
