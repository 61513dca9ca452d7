"""Outliers by their named methods, against scipy's and numpy's own reckoning."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from services.measures.validation.outliers import Method, yardstick

NUMBERS = st.lists(st.integers(-1000, 1000).map(lambda n: n / 8), min_size=5, max_size=40)


@given(NUMBERS, st.floats(-500, 500), st.sampled_from([1.0, 2.5, 3.5]))
def test_a_robust_z_is_reckoned_as_by_scipy(numbers: list[float], number: float, threshold: float) -> None:
    by = yardstick(numbers, Method.ROBUST_Z, threshold)
    mad = float(stats.median_abs_deviation(numbers))
    if mad == 0:
        assert by is None
        return
    assert by is not None
    z = 0.6745 * (number - float(np.median(numbers))) / mad
    assert by.score(number) == pytest.approx(z, abs=1e-9)
    if abs(abs(z) - threshold) > 1e-9:
        assert by.flags(number) == (abs(z) > threshold)


@given(NUMBERS, st.floats(-500, 500))
def test_tukeys_fences_are_those_of_numpys_quartiles(numbers: list[float], number: float) -> None:
    first, third = np.percentile(numbers, [25, 75])
    by = yardstick(numbers, Method.IQR, 1.5)
    if third - first < 1e-12:
        assert by is None
        return
    assert by is not None
    fences = (first - 1.5 * (third - first), third + 1.5 * (third - first))
    assert (by.low, by.high) == pytest.approx(fences, abs=1e-9)
    if by.flags(number):
        assert abs(by.score(number)) > 1.5 - 1e-9


def test_nothing_is_far_among_fewer_than_five_or_where_most_are_alike() -> None:
    assert yardstick([1, 2, 3, 4], Method.ROBUST_Z, 3.5) is None
    assert yardstick([5, 5, 5, 5, 90], Method.ROBUST_Z, 3.5) is None
    assert yardstick([5, 5, 5, 5, 90], Method.IQR, 1.5) is None
