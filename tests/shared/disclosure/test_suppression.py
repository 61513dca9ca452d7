"""No small count shows: not in a table that rounds, nor in one that suppresses, whatever is added or subtracted."""

from collections.abc import Iterator, Mapping
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.disclosure import (
    BELOW_TEN,
    MIDPOINT_SIX,
    REDACT_TO_SEVEN_ROUND_TO_FIVE,
    Redacting,
    Table,
    bounds,
    one_way,
    protect,
    rounded,
    two_way,
)
from tests.plugins.parts import scale

Counts = Mapping[tuple[str, str], int]
PLACES = list(product("ab", "cd"))
SMALL_AND_LARGE = st.one_of(st.integers(0, 12), st.integers(0, 60))


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """One- and two-way tables in which many cells are small."""
    if draw(st.booleans()):
        return one_way({f"c{at}": draw(SMALL_AND_LARGE) for at in range(draw(st.integers(1, 6)))})
    rows, columns = (["r0", "r1", "r2"][: draw(st.integers(1, 3))] for _ in range(2))
    return two_way(rows, columns, {(row, column): draw(SMALL_AND_LARGE) for row in rows for column in columns})


def holds(table: Table, counts: Mapping[tuple[str, ...], int]) -> bool:
    """Whether these counts add up as the table's do: for every line of cells, its total."""
    nodes = {node for cell in table.cells.values() for node in (cell.tail, cell.head)}
    cells = table.cells.values()
    return all(
        sum(counts[cell.name] for cell in cells if cell.tail == node)
        == sum(counts[cell.name] for cell in cells if cell.head == node)
        for node in nodes
    )


def others_like(
    table: Table, shown: Mapping[tuple[str, ...], int | None], shift: int
) -> Iterator[Mapping[tuple[str, ...], int]]:
    """Tables that show the same, tried by brute force: each hidden part as it is, or one shift more or less."""
    parts = [cell for cell in table.cells.values() if not cell.is_total]
    choices = [
        [cell.count] if shown[cell.name] is not None else [cell.count, cell.count + shift, cell.count - shift]
        for cell in parts
    ]
    for counts in product(*choices):
        if min(counts) < 0:
            continue
        values = {cell.name: count for cell, count in zip(parts, counts, strict=True)}
        whole = dict(values)
        for cell in table.cells.values():
            if cell.is_total:
                whole[cell.name] = sum(count for name, count in values.items() if _is_in(name, cell.name))
        if all(shown[name] in (None, count) for name, count in whole.items()):
            yield whole


def _is_in(part: tuple[str, ...], total: tuple[str, ...]) -> bool:
    return all(of in ("total", name) for of, name in zip(total, part, strict=True))


@settings(max_examples=scale(60))
@given(table=tables())
def test_of_no_small_count_can_a_reader_tell_that_it_is_small(table: Table) -> None:
    shown = protect(table, BELOW_TEN).cells
    assert all(count is None or count >= BELOW_TEN for count in shown.values())
    open_still = {cell.name for cell in table.cells.values() if cell.count < BELOW_TEN}
    for other in others_like(table, shown, BELOW_TEN):
        assert holds(table, other)
        open_still -= {name for name in open_still if other[name] >= BELOW_TEN}
        if not open_still:
            return
    assert not open_still, "no table that shows the same has more people there"


@settings(max_examples=scale(40))
@given(table=tables())
def test_what_is_shown_is_true_and_large_tables_lose_nothing(table: Table) -> None:
    shown = protect(table, BELOW_TEN).cells
    assert all(count in (None, table.cells[name].count) for name, count in shown.items())
    if all(cell.count >= BELOW_TEN for cell in table.cells.values()):
        assert None not in shown.values()


def test_a_small_count_alone_is_told_by_the_total_and_another_goes_with_it() -> None:
    table = one_way({"band_1": 3, "band_2": 25, "band_3": 12})
    assert bounds(table, [("band_1",)])["band_1",] == (3, 3), "40 less 25 less 12"
    shown = protect(table, BELOW_TEN).cells
    assert shown == {("band_1",): None, ("band_2",): 25, ("band_3",): None, ("total",): 40}


def test_in_a_two_way_table_the_ring_closes() -> None:
    rows, columns = ["porters", "cleaners", "cooks"], ["band_1", "band_2", "band_3"]
    counts = dict(zip(product(rows, columns), [4, 30, 40, 20, 15, 50, 60, 70, 80], strict=True))
    shown = protect(two_way(rows, columns, counts), BELOW_TEN).cells
    hidden = {name for name, count in shown.items() if count is None}
    assert hidden == set(product(["porters", "cleaners"], ["band_1", "band_2"])), "no total, and the cheapest three"


def test_a_table_of_small_counts_shows_nothing_at_all() -> None:
    shown = protect(one_way({"a": 1, "b": 2}), BELOW_TEN).cells
    assert set(shown.values()) == {None}


@settings(max_examples=scale(25))
@given(counts=st.tuples(*[st.integers(0, 3)] * 4), hidden=st.sets(st.sampled_from(PLACES), min_size=1))
def test_what_can_be_worked_out_is_exactly_what_trying_every_table_says(
    counts: tuple[int, ...], hidden: set[tuple[str, str]]
) -> None:
    def made(numbers: tuple[int, ...]) -> Table:
        return two_way("ab", "cd", dict(zip(product("ab", "cd"), numbers, strict=True)))

    table = made(counts)
    alike = [
        other
        for numbers in product(range(7), repeat=4)
        if all(
            (other := made(numbers)).cells[name].count == cell.count
            for name, cell in table.cells.items()
            if name not in hidden
        )
    ]
    for name, found in bounds(table, hidden).items():
        possible = [other.cells[name].count for other in alike]
        assert found == (min(possible), max(possible))


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


def test_a_count_below_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="below zero"):
        one_way({"a": -1})
