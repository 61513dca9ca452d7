"""Many numbers rounded at once are what ``round`` says of each, to the last bit."""

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from shared.statistics import round_all
from tests.plugins.parts import scale

_HALVES = st.integers(-(10**9), 10**9).map(lambda k: (2 * k + 1) / 2_000_000)


@example([0.0000005, 2.5e-07, 0.1, -0.0000015, 1e22, 5e-324, 1099511.6277775])
@given(st.lists(st.floats(-1e15, 1e15) | _HALVES, max_size=50))
def test_whatever_the_numbers_they_are_rounded_as_one_by_one(numbers: list[float]) -> None:
    assert round_all(np.asarray(numbers, dtype=np.float64), 6) == [round(number, 6) for number in numbers]


def test_thousands_of_percentages_are_rounded_as_one_by_one() -> None:
    chance = np.random.default_rng(29)
    of_all = chance.integers(1, 10 ** chance.integers(1, 9, scale(20_000)))
    shares = 100 * chance.integers(0, of_all + 1) / of_all
    for decimals in (0, 1, 6):
        assert round_all(shares, decimals) == [round(share, decimals) for share in shares.tolist()]
