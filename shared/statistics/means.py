"""Means from n, Σx and Σx²: what is kept of answers, so that means of parts add up exactly to the mean of the whole."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import sqrt

from shared.statistics.distributions import student_t_quantile
from shared.statistics.interval import LEVEL, Interval
from shared.statistics.proportions import Difference

Exact = int | Decimal | Fraction


@dataclass(frozen=True, slots=True)
class Sums:
    """How many answers there are, their sum, and the sum of their squares; in the unit of x, and of x squared.

    They are kept exactly: of large numbers that differ little, floats would lose the variance.
    """

    n: int
    sum_x: Fraction
    sum_x2: Fraction

    @classmethod
    def of(cls, n: int, sum_x: Exact, sum_x2: Exact) -> "Sums":
        """The sums, checked. Raises ValueError where no answers could have them: n·Σx² is never below (Σx)²."""
        sums = cls(n, Fraction(sum_x), Fraction(sum_x2))
        if n < 0 or n * sums.sum_x2 < sums.sum_x**2 or (not n and sums.sum_x2):
            raise ValueError("no n answers have these sums")
        return sums

    def __add__(self, other: "Sums") -> "Sums":
        """Those of both groups together."""
        return Sums(self.n + other.n, self.sum_x + other.sum_x, self.sum_x2 + other.sum_x2)

    @property
    def mean(self) -> float | None:
        """Σx ÷ n; None of nobody."""
        return float(self.sum_x / self.n) if self.n else None

    @property
    def variance(self) -> float | None:
        """The sample variance, over n - 1; None below two answers."""
        if self.n < 2:
            return None
        return float((self.sum_x2 - self.sum_x**2 / self.n) / (self.n - 1))

    def interval(self, level: float = LEVEL) -> Interval | None:
        """Student's t interval of the mean; None below two answers."""
        return interval_of_mean(self.mean, self.variance, self.n, level)


@dataclass(frozen=True, slots=True)
class WeightedSums:
    """Of weighted answers: Σw, Σw², Σwx and Σwx²."""

    sum_w: Fraction
    sum_w2: Fraction
    sum_wx: Fraction
    sum_wx2: Fraction

    @property
    def effective(self) -> float:
        """Kish's effective number of answers, (Σw)² ÷ Σw²; 0 of nobody.

        Source: L. Kish, "Survey sampling" (1965), 258.
        """
        return float(self.sum_w**2 / self.sum_w2) if self.sum_w2 else 0.0

    @property
    def mean(self) -> float | None:
        """Σwx ÷ Σw; None of nobody."""
        return float(self.sum_wx / self.sum_w) if self.sum_w else None

    def interval(self, level: float = LEVEL) -> Interval | None:
        """Student's t interval of the weighted mean, with the effective number for n; None below two."""
        n = self.effective
        if self.mean is None or n < 2:
            return None
        spread = float(self.sum_wx2 / self.sum_w - (self.sum_wx / self.sum_w) ** 2)
        return interval_of_mean(self.mean, spread * n / (n - 1), n, level)


def welch(first: Sums, second: Sums, level: float = LEVEL) -> Difference:
    """The difference of two independent means, with Welch's interval: their variances need not be equal.

    Source: B. L. Welch, "The generalization of 'Student's' problem when several different population variances are
    involved", Biometrika 34 (1947), 28-35. Raises ValueError below two answers in either group.
    """
    if first.mean is None or second.mean is None or first.variance is None or second.variance is None:
        raise ValueError("a difference of means needs at least two answers in each group")
    one, other = first.variance / first.n, second.variance / second.n
    value, spread = first.mean - second.mean, one + other
    if not spread:
        return Difference(value, Interval(value, value, level))
    freedom = spread**2 / (one**2 / (first.n - 1) + other**2 / (second.n - 1))
    half = student_t_quantile((1 + level) / 2, freedom) * sqrt(spread)
    return Difference(value, Interval(value - half, value + half, level))


def interval_of_mean(mean: float | None, variance: float | None, n: float, level: float) -> Interval | None:
    """mean ± t(n - 1) · √(variance ÷ n); None where there is no variance."""
    if mean is None or variance is None:
        return None
    half = student_t_quantile((1 + level) / 2, n - 1) * sqrt(variance / n)
    return Interval(mean - half, mean + half, level)
