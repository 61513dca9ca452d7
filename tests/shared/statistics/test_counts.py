"""Counts against scipy's quantiles, and bounds of people who may be counted twice."""

import numpy as np
import pytest
from scipy import stats

from shared.statistics import Bounds, CountMethod, byar, count_interval, exact_poisson, unique_bounds


@pytest.mark.parametrize("level", [0.8, 0.95, 0.998])
def test_every_small_count_has_the_exact_limits_of_scipy(level: float) -> None:
    for count in range(60):
        low = 0.0 if count == 0 else stats.chi2.ppf((1 - level) / 2, 2 * count) / 2
        high = stats.chi2.ppf((1 + level) / 2, 2 * count + 2) / 2
        found = exact_poisson(count, level)
        np.testing.assert_allclose((found.low, found.high), (low, high), rtol=1e-10, atol=1e-10)


def test_the_method_changes_at_ten() -> None:
    assert [count_interval(count).method for count in (0, 9)] == [CountMethod.EXACT_POISSON] * 2
    assert [count_interval(count).method for count in (10, 5000)] == [CountMethod.BYAR] * 2
    assert count_interval(9).interval == exact_poisson(9)
    assert count_interval(10).interval == byar(10)


def test_byars_limits_are_those_published() -> None:
    """Breslow and Day 1987, table 2.11: exact limits and Byar's beside them."""
    assert [round(end, 2) for end in (byar(10).low, byar(10).high)] == [4.79, 18.39]
    assert [round(end, 2) for end in (byar(100).low, byar(100).high)] == [81.36, 121.63]


def test_from_ten_on_byars_limits_are_nearly_exact() -> None:
    counts = np.arange(10, 3000)
    exact = stats.chi2.ppf(0.025, 2 * counts) / 2, stats.chi2.ppf(0.975, 2 * counts + 2) / 2
    found = [byar(int(count)) for count in counts]
    np.testing.assert_allclose([each.low for each in found], exact[0], rtol=2e-3)
    np.testing.assert_allclose([each.high for each in found], exact[1], rtol=2e-4)


def test_no_count_is_below_0() -> None:
    for reckon in (exact_poisson, byar, count_interval):
        with pytest.raises(ValueError, match="count"):
            reckon(-1)


def test_people_who_may_be_counted_twice_are_at_least_the_most_and_at_most_the_sum() -> None:
    exactly = [Bounds(120, 120), Bounds(80, 80)]
    assert unique_bounds(exactly) == Bounds(120, 200)
    assert unique_bounds([*exactly, Bounds(150, None)]) == Bounds(150, None)
    assert unique_bounds([Bounds(0, 30), Bounds(10, 10)]) == Bounds(10, 40)
    with pytest.raises(ValueError, match="no counts"):
        unique_bounds([])
