"""Inequality across groups in the order of their disadvantage: the slope and the relative index of inequality."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, fsum, log, sqrt

from shared.statistics.distributions import student_t_quantile
from shared.statistics.interval import LEVEL, Interval
from shared.statistics.proportions import Ratio

LEAST_GROUPS = 3
"""Below this, a line through the groups leaves nothing to tell its error by."""


@dataclass(frozen=True, slots=True)
class Group:
    """A group's population (how many people, not how many were asked) and its value, in the measure's unit."""

    population: float
    value: float


@dataclass(frozen=True, slots=True)
class Slope:
    """The slope index in the measure's unit, and the values that the line has at the two ends of the scale.

    `relative` is the one end over the other; None where the line falls to 0 or below, and has no ratio.
    """

    value: float
    interval: Interval
    most_disadvantaged: float
    least_disadvantaged: float
    relative: Ratio | None


def slope_index(groups: Sequence[Group], level: float = LEVEL) -> Slope:
    """SII and RII of groups, **from the most disadvantaged to the least** (IMD decile 1 first).

    Everybody stands on a scale from 0 to 1, each group at the middle of its share of the population; a straight line
    is fitted to the groups' values by least squares, weighted by population. The slope index is the line's value at
    the most disadvantaged end less that at the other: above 0 there is more of it among the most disadvantaged. The
    relative index is the one over the other. The interval of the slope is the regression's own (Student's t on
    groups - 2), that of the relative index is by the delta method on its logarithm.

    Source: J. P. Mackenbach and A. E. Kunst, "Measuring the magnitude of socio-economic inequalities in health",
    Social Science and Medicine 44 (1997), 757-771. Raises ValueError below three groups or for a group of nobody.
    """
    if len(groups) < LEAST_GROUPS or any(group.population <= 0 for group in groups):
        raise ValueError("a slope index needs at least three groups, each with somebody in it")
    whole = fsum(group.population for group in groups)
    weights = [group.population / whole for group in groups]
    middles, below = [], 0.0
    for weight in weights:
        middles.append(below + weight / 2)
        below += weight
    values = [group.value for group in groups]
    centre = fsum(w * x for w, x in zip(weights, middles, strict=True))
    mean = fsum(w * y for w, y in zip(weights, values, strict=True))
    spread = fsum(w * (x - centre) ** 2 for w, x in zip(weights, middles, strict=True))
    slope = fsum(w * (x - centre) * (y - mean) for w, x, y in zip(weights, middles, values, strict=True)) / spread
    freedom = len(groups) - 2
    left = fsum(w * (y - mean - slope * (x - centre)) ** 2 for w, x, y in zip(weights, middles, values, strict=True))
    error, t = left / freedom, student_t_quantile((1 + level) / 2, freedom)
    return _Line(mean, slope, centre, error / spread, error, t).index(level)


@dataclass(frozen=True, slots=True)
class _Line:
    """A fitted line about its centre, where mean and slope are uncorrelated, and their variances."""

    mean: float
    slope: float
    centre: float
    slope_variance: float
    mean_variance: float
    t: float

    def at(self, x: float) -> float:
        return self.mean + self.slope * (x - self.centre)

    def index(self, level: float) -> Slope:
        half = self.t * sqrt(self.slope_variance)
        most, least = self.at(0), self.at(1)
        interval = Interval(-self.slope - half, -self.slope + half, level)
        return Slope(-self.slope, interval, most, least, self._relative(most, least, level))

    def _relative(self, most: float, least: float, level: float) -> Ratio | None:
        if most <= 0 or least <= 0:
            return None
        # d log(most ÷ least) by the mean and by the slope.
        by_mean, by_slope = 1 / most - 1 / least, -self.centre / most - (1 - self.centre) / least
        half = self.t * sqrt(by_mean**2 * self.mean_variance + by_slope**2 * self.slope_variance)
        middle = log(most / least)
        return Ratio(most / least, Interval(exp(middle - half), exp(middle + half), level))
