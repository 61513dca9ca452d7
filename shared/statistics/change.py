"""Change between two answers of the same people, and how many such tests may be believed at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, sqrt

from shared.statistics.distributions import binomial_half, student_t_both_tails
from shared.statistics.interval import LEVEL, Interval
from shared.statistics.means import Sums


@dataclass(frozen=True, slots=True)
class PairedT:
    """The mean of people's differences, with its interval; t, its degrees of freedom, and the two-sided p-value."""

    difference: float
    interval: Interval
    t: float
    freedom: int
    p: float


def paired_t(differences: Sums, level: float = LEVEL) -> PairedT:
    """Student's paired t-test, from the number of pairs, Σd and Σd²: d is somebody's later answer less the earlier.

    Where everybody changed by the same, t is without end and p is 0; where nobody changed, t is 0 and p is 1.
    Source: Student, "The probable error of a mean", Biometrika 6 (1908), 1-25. Raises ValueError below two pairs.
    """
    mean, variance, interval = differences.mean, differences.variance, differences.interval(level)
    if mean is None or variance is None or interval is None:
        raise ValueError("a paired t-test needs at least two pairs")
    error, freedom = sqrt(variance / differences.n), differences.n - 1
    if not error:
        return PairedT(mean, interval, 0.0 if mean == 0 else inf if mean > 0 else -inf, freedom, float(mean == 0))
    t = mean / error
    return PairedT(mean, interval, t, freedom, student_t_both_tails(t, freedom))


@dataclass(frozen=True, slots=True)
class McNemar:
    """How many came to say yes less how many ceased to, as a share of the pairs; and the two-sided p-values."""

    difference: float
    exact_p: float
    mid_p: float


def mcnemar(gained: int, lost: int, pairs: int) -> McNemar:
    """McNemar's test of yes and no, before and after: `gained` went from no to yes, `lost` from yes to no.

    The exact p-value never claims too much and the mid-p value is closer to the truth. Sources: Q. McNemar, "Note on
    the sampling error of the difference between correlated proportions or percentages", Psychometrika 12 (1947),
    153-157; M. W. Fagerland, S. Lydersen and P. Laake, "The McNemar test for binary matched-pairs data", BMC Medical
    Research Methodology 13 (2013), 91. Raises ValueError unless 0 ≤ gained + lost ≤ pairs and there are pairs.
    """
    if min(gained, lost) < 0 or not 0 < pairs >= gained + lost:
        raise ValueError("more people changed than there are pairs, or fewer than none")
    at_most, exactly = binomial_half(min(gained, lost), gained + lost)
    mid = 1.0 if gained == lost else 2 * at_most - exactly
    return McNemar((gained - lost) / pairs, min(1.0, 2 * at_most), min(1.0, mid))


def holm(p_values: Sequence[float]) -> list[float]:
    """The p-values, adjusted for being so many, in the order in which they came: each may be held against the level.

    0.01, 0.04, 0.03 gives 0.03, 0.06, 0.06. Source: S. Holm, "A simple sequentially rejective multiple test
    procedure", Scandinavian Journal of Statistics 6 (1979), 65-70.
    """
    adjusted, so_far = [0.0] * len(p_values), 0.0
    for place, index in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        so_far = max(so_far, min(1.0, p_values[index] * (len(p_values) - place)))
        adjusted[index] = so_far
    return adjusted
