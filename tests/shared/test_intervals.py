"""Wilson's interval against published values, and where the textbook interval fails."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.intervals import wilson


@pytest.mark.parametrize(
    ("numerator", "denominator", "low", "high"),
    [(20, 100, 0.133367, 0.288829), (0, 20, 0.0, 0.161125), (20, 20, 0.838875, 1.0), (1, 1, 0.206549, 1.0)],
)
def test_the_interval_is_wilsons(numerator: int, denominator: int, low: float, high: float) -> None:
    found = wilson(numerator, denominator)
    assert (round(found.low, 6), round(found.high, 6), found.level) == (low, high, 0.95)


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
