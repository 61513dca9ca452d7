"""Counts that are rounded, and totals of rounded counts: nothing tells a small one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.disclosure import MIDPOINT_SIX, REDACT_TO_SEVEN_ROUND_TO_FIVE, Redacting, rounded
from tests.plugins.parts import scale


def test_rounded_counts_and_the_total_of_what_is_shown() -> None:
    shown = rounded({"a": 3, "b": 8, "c": 16, "d": 23}, REDACT_TO_SEVEN_ROUND_TO_FIVE)
    assert (shown.counts, shown.total) == ({"a": None, "b": 10, "c": 15, "d": 25}, 50)
    shown = rounded({"a": 0, "b": 1, "c": 6, "d": 7}, MIDPOINT_SIX)
    assert (shown.counts, shown.total) == ({"a": 0, "b": 3, "c": 3, "d": 9}, 15)


@settings(max_examples=scale(40))
@given(counts=st.lists(st.integers(0, 40), min_size=1, max_size=6), at=st.integers(0, 5), small=st.integers(1, 4))
def test_rounding_shows_the_same_whether_a_small_group_is_there_or_not(counts: list[int], at: int, small: int) -> None:
    """Cells of 1 to 4, and the total with them, look like cells of none: so nothing tells one."""
    place = at % len(counts)

    def shown(of: int) -> object:
        known = {str(number): count for number, count in enumerate(counts)} | {str(place): of}
        return rounded(known, REDACT_TO_SEVEN_ROUND_TO_FIVE)

    assert shown(small) == shown(0) == shown(7)


@pytest.mark.parametrize(("count", "shown"), [(7, None), (8, 10), (12, 10), (13, 15), (1_000_002, 1_000_000)])
def test_counts_are_redacted_up_to_seven_and_rounded_to_five(count: int, shown: int | None) -> None:
    assert rounded({"": count}, Redacting(7, 5)).counts[""] == shown
