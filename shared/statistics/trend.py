"""Whether a series rises or falls: the Mann-Kendall test, and Theil and Sen's slope.

They ask of a figure only that it is larger or smaller than another: no line is assumed, one odd year does little, and a
percentage that was published without its counts serves too. What they do assume is that periods are independent: a
series that drags (each period like the one before) looks surer than it is.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, repeat
from math import factorial, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING

from shared.statistics.interval import LEVEL, Interval, z_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LEAST_PERIODS = 5
"""Of four figures even a perfect rise comes about by chance once in twelve times: no test could show anything."""

_MOST_EXACT = 50
_NEEDED = "a trend needs at least five points in the order of time"


@dataclass(frozen=True, slots=True)
class Trend:
    """S (pairs of figures that rise less those that fall), its two-sided p-value, and the slope a unit of time."""

    periods: int
    s: int
    p: float
    slope: float
    interval: Interval
    """That of the slope."""


def trend(points: Sequence[tuple[float, float]], level: float = LEVEL) -> Trend:
    """The trend of (time, value) pairs in the order of time, no two at one time.

    p is exact where no two values are equal and there are at most 50; otherwise it is the normal approximation with
    Kendall's correction for ties and a continuity correction. The slope is the median of the slopes of all pairs.

    Sources: H. B. Mann, "Nonparametric tests against trend", Econometrica 13 (1945), 245-259; M. G. Kendall, "Rank
    correlation methods" (1975); P. K. Sen, "Estimates of the regression coefficient based on Kendall's tau", Journal
    of the American Statistical Association 63 (1968), 1379-1389. Raises ValueError below five points.
    """
    import numpy as np  # 16 MB, which a process pays for with its first trend and not when it starts

    if len(points) < LEAST_PERIODS:
        raise ValueError(_NEEDED)
    times, said = zip(*points, strict=True)
    earlier, later = _pairs(len(points))
    values = np.asarray(said, dtype=np.float64)
    slopes: NDArray[np.float64] = values.take(later)
    slopes -= values.take(earlier)
    slopes /= _apart(times)
    slopes.sort()
    falling, not_rising = slopes.searchsorted(0.0, "left"), slopes.searchsorted(0.0, "right")
    s = int(len(slopes) - not_rising - falling)
    tied = Counter(said)
    variance = _variance(len(said), tied)
    low, high = _sen(len(slopes), variance, level)
    middle = float(slopes[(len(slopes) - 1) // 2] + slopes[len(slopes) // 2]) / 2
    interval = Interval(float(slopes[low]), float(slopes[high]), level)
    return Trend(len(points), s, _p(s, tied, variance), middle, interval)


@lru_cache(maxsize=256)
def _pairs(n: int) -> "tuple[NDArray[np.intp], NDArray[np.intp]]":
    """The earlier and the later of each two of n points."""
    import numpy as np

    return np.triu_indices(n, 1)


@lru_cache(maxsize=16)  # many series are asked for side by side, and have the same periods
def _apart(times: tuple[float, ...]) -> "NDArray[np.float64]":
    """The time between each two points. Raises ValueError unless they are in the order of time."""
    import numpy as np

    at = np.asarray(times, dtype=np.float64)
    earlier, later = _pairs(len(times))
    apart: NDArray[np.float64] = at[later] - at[earlier]
    if apart.min() <= 0:
        raise ValueError(_NEEDED)
    return apart


def _p(s: int, tied: Counter[float], variance: float) -> float:
    n = tied.total()
    if len(tied) == n <= _MOST_EXACT:
        return _exact(abs(s), n)
    if s == 0 or variance == 0:
        return 1.0
    return 2 * NormalDist().cdf(-(abs(s) - 1) / sqrt(variance))


def _exact(s: int, n: int) -> float:
    """Two-sided, from how many of the n! orders have each number of falling pairs."""
    if s == 0:
        return 1.0
    falling = (n * (n - 1) // 2 - s) // 2
    return min(1.0, 2 * sum(_orders(n)[: falling + 1]) / factorial(n))


@lru_cache(maxsize=_MOST_EXACT)
def _orders(n: int) -> tuple[int, ...]:
    """How many orders of n figures have 0, 1, 2, … falling pairs."""
    if n == 1:
        return (1,)
    fewer = _orders(n - 1)
    # The last figure falls behind 0 to n - 1 of those before it: a running sum of their counts.
    reached = [0, *accumulate((*fewer, *repeat(0, n - 1)))]
    return tuple(reached[falling + 1] - reached[max(falling + 1 - n, 0)] for falling in range(len(fewer) + n - 1))


def _variance(n: int, tied: Counter[float]) -> float:
    """Of S by chance alone, with Kendall's correction for ties: how often each value was found."""
    ties = sum(t * (t - 1) * (2 * t + 5) for t in tied.values() if t > 1)
    return (n * (n - 1) * (2 * n + 5) - ties) / 18


def _sen(pairs: int, variance: float, level: float) -> tuple[int, int]:
    """Which of the slopes, in order, are the ends of Sen's interval: as far from the middle as S strays by chance."""
    reach = z_of(level) * sqrt(variance)
    return max(round((pairs - reach) / 2) - 1, 0), min(round((pairs + reach) / 2), pairs - 1)
