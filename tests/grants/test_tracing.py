"""Whose pounds are paid, and to whom those go back that return: to the penny, whatever the amounts."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.grants.ledger.tracing import Source, allocate, shared_out

PENCE = st.integers(1, 5_000_00)
DAY = date(2026, 4, 1)


@st.composite
def _sources(draw: st.DrawFn) -> list[Source]:
    return [
        Source(f"contrib_{n}", draw(PENCE), draw(st.booleans()), DAY + timedelta(draw(st.integers(0, 3))))
        for n in range(draw(st.integers(0, 6)))
    ]


def test_restricted_money_is_paid_first_and_then_the_oldest() -> None:
    old, new = Source("contrib_b", 400, False, DAY), Source("contrib_a", 300, False, DAY + timedelta(1))
    bound = Source("contrib_c", 250, True, DAY + timedelta(9))
    assert allocate(700, [new, old, bound]) == {"contrib_c": 250, "contrib_b": 400, "contrib_a": 50}


@given(PENCE, _sources())
def test_every_penny_of_a_payment_is_somebodys_as_far_as_there_are_any(pence: int, sources: list[Source]) -> None:
    at_hand = {each.contribution: each.pence for each in sources}
    taken = allocate(pence, sources)
    assert sum(taken.values()) == min(pence, sum(at_hand.values()))
    assert all(0 < part <= at_hand[each] for each, part in taken.items())


@given(st.data(), st.dictionaries(st.sampled_from("abcdef"), PENCE, min_size=1))
def test_what_comes_back_is_shared_to_the_penny_and_nobody_gets_more_than_they_gave(
    data: st.DataObject, gave: dict[str, int]
) -> None:
    total = sum(gave.values())
    pence = data.draw(st.integers(0, total))
    parts = shared_out(pence, gave)
    assert sum(parts.values()) == pence
    assert all(0 < part <= gave[each] for each, part in parts.items())
    assert all(abs(parts.get(each, 0) * total - pence * given_by) < total for each, given_by in gave.items())
    assert shared_out(total, gave) == gave


def test_pennies_that_do_not_divide_go_to_the_largest_remainders() -> None:
    assert shared_out(100, {"a": 1_00, "b": 1_00, "c": 1_00}) == {"a": 34, "b": 33, "c": 33}
    assert shared_out(5, {"a": 6, "b": 14}) == {"a": 2, "b": 3}
