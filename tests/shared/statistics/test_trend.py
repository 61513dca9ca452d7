"""Trends against scipy: Kendall's tau is Mann and Kendall's test, and its Theil-Sen slope has Sen's interval."""

import numpy as np
import pytest
from scipy import stats

from shared.statistics import trend
from tests.plugins.parts import scale


def test_hundreds_of_trends_without_ties_are_exactly_those_of_scipy() -> None:
    chance = np.random.default_rng(27)
    for _ in range(scale(400)):
        values = chance.permutation(int(chance.integers(5, 25))) + chance.random()
        times = np.cumsum(chance.uniform(0.5, 2, len(values)))
        found = trend(list(zip(times.tolist(), values.tolist(), strict=True)))
        assert found.p == pytest.approx(stats.kendalltau(times, values, method="exact").pvalue)
        theirs = stats.theilslopes(values, times, 0.95)
        assert (found.slope, found.interval.low, found.interval.high) == pytest.approx(
            (theirs.slope, theirs.low_slope, theirs.high_slope)
        )


def test_ties_are_reckoned_with_as_scipy_does() -> None:
    chance = np.random.default_rng(28)
    for _ in range(scale(150)):
        values = chance.integers(0, 8, int(chance.integers(9, 30)))
        found = trend(list(enumerate(values.tolist())))
        # scipy has no continuity correction: from its p-value to z, and one step of S nearer to 0.
        theirs = stats.kendalltau(range(len(values)), values, method="asymptotic").pvalue
        z = stats.norm.isf(theirs / 2)
        expected = 1.0 if found.s == 0 else 2 * stats.norm.sf(z * (abs(found.s) - 1) / abs(found.s))
        assert found.p == pytest.approx(expected)
        slopes = stats.theilslopes(values, range(len(values)), 0.95)
        assert (found.slope, found.interval.low, found.interval.high) == pytest.approx(
            (slopes.slope, slopes.low_slope, slopes.high_slope)
        )


def test_a_steady_rise_of_five_is_seen_and_an_even_line_is_none() -> None:
    rise = trend([(year, 2.0 * year) for year in range(2019, 2024)])
    assert (rise.s, rise.slope, round(rise.p, 6)) == (10, 2.0, round(2 / 120, 6))
    flat = trend([(year, 20.0) for year in range(10)])
    assert (flat.s, flat.p, flat.slope, flat.interval.low, flat.interval.high) == (0, 1.0, 0.0, 0.0, 0.0)


def test_a_missing_year_counts_for_the_slope() -> None:
    assert trend([(0, 0.0), (1, 1.0), (2, 2.0), (5, 5.0), (9, 9.0)]).slope == 1.0


def test_a_long_series_is_answered_by_the_normal_approximation() -> None:
    found = trend([(month, month + 0.5 * (month % 7)) for month in range(120)])
    assert 0 <= found.p < 1e-20


def test_four_figures_or_two_at_one_time_are_no_trend() -> None:
    for points in ([(1, 1.0), (2, 2.0), (3, 3.0), (4, 4.0)], [(1, 1.0), (2, 2.0), (2, 3.0), (4, 4.0), (5, 4.0)]):
        with pytest.raises(ValueError, match="at least five points"):
            trend(points)
