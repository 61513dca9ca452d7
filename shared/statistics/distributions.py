"""The tails and quantiles that the standard library lacks. Plain Python: a service need not load scipy for a mean."""

from functools import lru_cache
from math import exp, lgamma, log, log1p, pi
from statistics import NormalDist

_TINY = 1e-300
_EPSILON = 1e-16
_MOST_TERMS = 100_000


def student_t_both_tails(t: float, freedom: float) -> float:
    """The chance that Student's t with so many degrees of freedom is at least as far from 0 as `t`."""
    return _incomplete_beta(freedom / (freedom + t * t), freedom / 2, 0.5)


@lru_cache(maxsize=4096)
def student_t_quantile(chance: float, freedom: float) -> float:
    """The value below which Student's t lies with this chance, 0.5 ≤ chance < 1: (0.975, 4) gives 2.776445.

    Newton's method from the normal quantile: it starts below the quantile, where the distribution function is
    concave, so each step stays below it and is nearer. Raises ValueError for another chance or no freedom.
    """
    if not 0.5 <= chance < 1 or freedom <= 0:
        raise ValueError("a quantile needs a chance from 0.5 to below 1 and degrees of freedom above 0")
    t = NormalDist().inv_cdf(chance)
    for _ in range(1000):
        beyond = student_t_both_tails(t, freedom) / 2
        nearer = t + (chance - 1 + beyond) / _density(t, freedom)
        if abs(nearer - t) <= 1e-13 * max(1.0, abs(t)):
            return nearer
        t = nearer
    return t


def binomial_half(at_most: int, trials: int) -> tuple[float, float]:
    """Of a fair coin thrown `trials` times: the chances of at most, and of exactly, so many heads."""
    whole = lgamma(trials + 1) - trials * log(2)
    terms = [exp(whole - lgamma(k + 1) - lgamma(trials - k + 1)) for k in range(at_most + 1)]
    return min(sum(terms), 1.0), terms[-1]


def _density(t: float, freedom: float) -> float:
    whole = lgamma((freedom + 1) / 2) - lgamma(freedom / 2) - 0.5 * log(pi * freedom)
    return exp(whole - (freedom + 1) / 2 * log1p(t * t / freedom))


def _incomplete_beta(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function, by its continued fraction on the side where that converges.

    Source: Lentz's method as in Press et al., "Numerical recipes", 6.4.
    """
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(x, a, b) / a
    return 1 - front * _fraction(1 - x, b, a) / b


def _fraction(x: float, a: float, b: float) -> float:
    c, d = 1.0, 1 / _away(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, _MOST_TERMS):
        for numerator in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            c, d = _away(1 + numerator / c), 1 / _away(1 + numerator * d)
            value *= c * d
        if abs(c * d - 1) < _EPSILON * 4:
            break
    return value


def _away(number: float) -> float:
    """The number, kept away from 0: the next step divides by it."""
    return number if abs(number) > _TINY else _TINY
