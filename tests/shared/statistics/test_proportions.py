"""Proportions against the published figures, and against statsmodels over thousands of random ones."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from shared.statistics import newcombe, participation_ratio, rate, wilson, wilson_all
from tests.plugins.parts import scale


@pytest.mark.parametrize(
    ("numerator", "denominator", "low", "high"),
    [(20, 100, 0.133367, 0.288829), (0, 20, 0.0, 0.161125), (20, 20, 0.838875, 1.0), (1, 1, 0.206549, 1.0)],
)
def test_the_interval_is_wilsons(numerator: int, denominator: int, low: float, high: float) -> None:
    found = wilson(numerator, denominator)
    assert (round(found.low, 6), round(found.high, 6), found.level) == (low, high, 0.95)


def test_thousands_of_wilson_intervals_are_those_of_statsmodels() -> None:
    chance = np.random.default_rng(20)
    denominators = chance.integers(1, 10 ** chance.integers(1, 7, scale(4000)))
    numerators = chance.integers(0, denominators + 1)
    for level in (0.8, 0.95, 0.99):
        lows, highs = proportion_confint(numerators, denominators, 1 - level, "wilson")
        ours = [wilson(int(x), int(n), level) for x, n in zip(numerators, denominators, strict=True)]
        np.testing.assert_allclose([found.low for found in ours], lows, atol=1e-12)
        np.testing.assert_allclose([found.high for found in ours], highs, atol=1e-12)
        at_once = wilson_all(numerators.astype(float), denominators.astype(float), level)
        assert [ends.tolist() for ends in at_once] == [[found.low for found in ours], [found.high for found in ours]]


@given(st.integers(1, 10**12).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_it_holds_the_share_and_stays_within_0_and_1(counts: tuple[int, int]) -> None:
    numerator, denominator = counts
    found = wilson(numerator, denominator)
    assert 0 <= found.low <= numerator / denominator <= found.high <= 1
    assert found.low < found.high


def test_more_confidence_is_a_wider_interval() -> None:
    assert wilson(20, 100, 0.99).low < wilson(20, 100).low < wilson(20, 100, 0.8).low


@pytest.mark.parametrize(("numerator", "denominator"), [(1, 0), (-1, 10), (11, 10)])
def test_what_is_no_proportion_is_refused(numerator: int, denominator: int) -> None:
    with pytest.raises(ValueError, match="proportion"):
        wilson(numerator, denominator)
    with pytest.raises(ValueError, match="proportion"):
        wilson_all(np.array([1.0, numerator]), np.array([2.0, denominator]))


def test_newcombes_own_example_comes_out() -> None:
    found = newcombe((56, 70), (48, 80))
    assert round(found.value, 6) == 0.2
    assert (round(found.interval.low, 4), round(found.interval.high, 4)) == (0.0524, 0.3339)


def test_a_thousand_differences_are_those_of_statsmodels() -> None:
    chance = np.random.default_rng(21)
    for _ in range(scale(1000)):
        n, m = (int(size) for size in chance.integers(1, 2000, 2))
        # statsmodels warns where a share is 0 or 1; what it answers there is in Newcombe's paper and tested below.
        x, y = int(chance.integers(1, n + 1)), int(chance.integers(1, m + 1))
        theirs = confint_proportions_2indep(x, n, y, m, method="newcomb", compare="diff", correction=False)
        ours = newcombe((x, n), (y, m)).interval
        np.testing.assert_allclose((ours.low, ours.high), theirs, atol=1e-10)


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [((9, 10), (3, 10), 0.1705, 0.8090), ((10, 10), (0, 20), 0.6791, 1.0), ((10, 10), (0, 10), 0.6075, 1.0)],
)
def test_newcombes_table_comes_out(first: tuple[int, int], second: tuple[int, int], low: float, high: float) -> None:
    """Newcombe 1998, table II, method 10, examples c, g and h."""
    found = newcombe(first, second).interval
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_a_group_that_comes_half_as_often_as_its_size_has_a_ratio_of_a_half() -> None:
    found = participation_ratio(10, 100, 2000, 10_000)
    chance = wilson(10, 100)
    assert found.value == 0.5
    assert (found.interval.low, found.interval.high) == pytest.approx((chance.low / 0.2, chance.high / 0.2))
    with pytest.raises(ValueError, match="population"):
        participation_ratio(1, 10, 0, 100)


def test_a_rate_is_of_the_sums_and_no_mean_of_rates() -> None:
    assert rate([(1, 10), (900, 1000)], 100) == pytest.approx(89.2079207920)
    assert rate([(1, 10), (None, 1000)]) is None
    assert rate([(1, 10), (3, None)]) is None
    assert rate([(0, 0), (0, 0)]) is None
    assert rate([]) is None
    assert rate([(0, 10)]) == 0.0
