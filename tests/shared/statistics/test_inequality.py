"""Slope and relative index of inequality against a weighted regression of statsmodels."""

import numpy as np
import pytest
import statsmodels.api as sm

from shared.statistics.inequality import Group, Slope, slope_index
from tests.plugins.parts import scale


def fitted(groups: list[Group], level: float) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    """SII and RII with their ends, from statsmodels' weighted regression and its covariance."""
    weights = np.array([group.population for group in groups])
    ranks = (weights.cumsum() - weights / 2) / weights.sum()
    model = sm.WLS([group.value for group in groups], sm.add_constant(ranks), weights=weights).fit()
    a, b = model.params
    low, high = model.conf_int(1 - level)[1]
    gradient = np.array([1 / a - 1 / (a + b), -1 / (a + b)])
    error = np.sqrt(gradient @ model.cov_params() @ gradient)
    middle, half = np.log(a / (a + b)), sm.stats.stattools.stats.t.ppf((1 + level) / 2, len(groups) - 2) * error
    return (-b, -high, -low), (a / (a + b), np.exp(middle - half), np.exp(middle + half))


def test_a_thousand_indices_are_those_of_statsmodels() -> None:
    chance = np.random.default_rng(26)
    for _ in range(scale(1000)):
        values = chance.uniform(15, 40, chance.integers(3, 11))
        groups = [Group(float(chance.integers(50, 50_000)), float(value)) for value in values]
        found = slope_index(groups, 0.95)
        slope, relative = fitted(groups, 0.95)
        assert (found.value, found.interval.low, found.interval.high) == pytest.approx(slope, rel=1e-7, abs=1e-9)
        if found.relative is None:
            assert min(found.most_disadvantaged, found.least_disadvantaged) <= 0
            continue
        ratio = found.relative
        assert (ratio.value, ratio.interval.low, ratio.interval.high) == pytest.approx(relative, rel=1e-7)


def five(*values: float) -> Slope:
    return slope_index([Group(100, value) for value in values])


def test_more_among_the_most_disadvantaged_is_above_0() -> None:
    found = five(34, 30, 26, 22, 18)
    assert found.value == pytest.approx(20)
    assert (found.most_disadvantaged, found.least_disadvantaged) == pytest.approx((36, 16))
    assert found.relative is not None
    assert found.relative.value == pytest.approx(36 / 16)
    assert five(18, 22, 26, 30, 34).value == pytest.approx(-20)


def test_a_line_that_reaches_0_has_no_ratio() -> None:
    assert five(8, 6, 4, 2, 0).relative is None


def test_two_groups_or_a_group_of_nobody_have_no_line() -> None:
    with pytest.raises(ValueError, match="three groups"):
        slope_index([Group(100, 1), Group(100, 2)])
    with pytest.raises(ValueError, match="somebody in it"):
        slope_index([Group(100, 1), Group(0, 2), Group(3, 4)])
