"""Statistics of figures: intervals, change, inequality and trend. Pure functions of counts and sums: no I/O, no clock.

Each says its formula's source and in which unit it takes and answers things. They are plain Python, and numpy's arrays
where it is about hundreds of figures at once; the tests hold them to statsmodels and scipy. An interval is about
sampling and nothing else: it knows nothing of who was never asked.
"""

from shared.statistics.change import McNemar, PairedT, holm, mcnemar, paired_t
from shared.statistics.counts import (
    Bounds,
    CountInterval,
    CountMethod,
    byar,
    count_interval,
    exact_poisson,
    unique_bounds,
)
from shared.statistics.inequality import Group, Slope, slope_index
from shared.statistics.interval import LEVEL, Interval
from shared.statistics.means import Sums, WeightedSums, welch
from shared.statistics.proportions import (
    MOST_EXACT,
    Difference,
    Ratio,
    newcombe,
    participation_ratio,
    rate,
    wilson,
    wilson_all,
)
from shared.statistics.rounding import round_all
from shared.statistics.trend import LEAST_PERIODS, Trend, trend

__all__ = [
    "LEAST_PERIODS",
    "LEVEL",
    "MOST_EXACT",
    "Bounds",
    "CountInterval",
    "CountMethod",
    "Difference",
    "Group",
    "Interval",
    "McNemar",
    "PairedT",
    "Ratio",
    "Slope",
    "Sums",
    "Trend",
    "WeightedSums",
    "byar",
    "count_interval",
    "exact_poisson",
    "holm",
    "mcnemar",
    "newcombe",
    "paired_t",
    "participation_ratio",
    "rate",
    "round_all",
    "slope_index",
    "trend",
    "unique_bounds",
    "welch",
    "wilson",
    "wilson_all",
]
