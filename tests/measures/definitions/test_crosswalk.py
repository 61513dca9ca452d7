"""Carrying figures over changes of places: nothing is lost on the way, and what is shared out is an estimate."""

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.measures.observations.models import Amount, Bound, FigureStatus
from services.measures.places.crosswalk import CannotCarry, Crosswalk, Step, carry
from services.measures.places.models import Span

FIRST = date(2020, 4, 1)
ALWAYS = Span(None, None)


def counts(numerator: int, denominator: int) -> Amount:
    return Amount(FigureStatus.REPORTED, None, numerator, denominator, None)


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Step], dict[str, Span]]:
    """Three years of changes. Each year new places are made of all the places before, in random shares."""
    steps: list[Step] = []
    spans = {place: Span(None, FIRST - timedelta(days=1)) for place in "ABC"}
    before = list(spans)
    for year in range(3):
        day = FIRST.replace(year=FIRST.year + year)
        after = [f"{letter}{year}" for letter in "VWXYZ"[: draw(st.integers(1, 5))]]
        spans |= {place: Span(day, day.replace(year=day.year + 1) - timedelta(days=1)) for place in after}
        for place in before:
            parts = draw(st.lists(st.integers(0, 9), min_size=len(after), max_size=len(after)).filter(any))
            shares = [(to, Fraction(part, sum(parts))) for to, part in zip(after, parts, strict=True) if part]
            steps += [Step(day, place, to, share) for to, share in shares]
        before = after
    return steps, spans


@given(histories(), st.integers(0, 2))
def test_what_became_of_a_place_is_all_of_it_and_both_ways_say_the_same(
    history: tuple[list[Step], dict[str, Span]], years: int
) -> None:
    steps, spans = history
    crosswalk = Crosswalk(steps, spans)
    since, until = FIRST - timedelta(days=1), FIRST.replace(year=FIRST.year + years)
    forward = {place: crosswalk.shares(place, since, until) for place in "ABC"}
    assert all(sum(shares.values()) == 1 for shares in forward.values())
    for place in {place for shares in forward.values() for place in shares}:
        sources = crosswalk.sources(place, since, until)
        assert sources == {origin: shares[place] for origin, shares in forward.items() if place in shares}


@given(histories(), st.lists(st.integers(0, 1000), min_size=3, max_size=3))
def test_counts_carried_to_all_new_places_sum_to_what_they_were(
    history: tuple[list[Step], dict[str, Span]], numerators: list[int]
) -> None:
    steps, spans = history
    crosswalk = Crosswalk(steps, spans)
    since, until = FIRST - timedelta(days=1), FIRST
    amounts = {place: counts(number, 1000) for place, number in zip("ABC", numerators, strict=True)}
    made = {to for place in "ABC" for to in crosswalk.shares(place, since, until)}
    carried = [carry(amounts, crosswalk.sources(place, since, until), counts_add_up=False) for place in made]
    assert sum(each.numerator or 0 for each in carried) == sum(numerators)
    assert sum(each.denominator or 0 for each in carried) == 3000


def test_a_merger_of_whole_places_is_no_estimate_and_a_share_is_one() -> None:
    on = date(2023, 4, 1)
    merger = [Step(on, place, "new", Fraction(1)) for place in ("one", "two")]
    crosswalk = Crosswalk(merger, {"new": Span(on, None), "one": ALWAYS, "two": ALWAYS})
    sources = crosswalk.sources("new", date(2022, 4, 1), date(2024, 4, 1))
    whole = carry({"one": counts(3, 10), "two": counts(5, 30)}, sources, counts_add_up=False)
    assert (whole.numerator, whole.denominator, whole.estimated) == (Fraction(8), Fraction(40), False)
    shared = carry({"one": counts(3, 10), "two": counts(5, 30)}, sources | {"two": Fraction(1, 3)}, counts_add_up=False)
    assert (shared.numerator, shared.denominator, shared.estimated) == (Fraction(14, 3), Fraction(20), True)


def test_a_place_that_gave_a_part_away_keeps_the_rest_and_the_taker_keeps_its_own() -> None:
    on = date(2023, 4, 1)
    steps = [Step(on, "giver", "giver", Fraction(9, 10)), Step(on, "giver", "taker", Fraction(1, 10))]
    crosswalk = Crosswalk(steps, {"giver": ALWAYS, "taker": ALWAYS})
    days = date(2023, 3, 31), on
    assert crosswalk.sources("taker", *days) == {"giver": Fraction(1, 10), "taker": 1}
    assert crosswalk.sources("giver", *days) == {"giver": Fraction(9, 10)}
    assert crosswalk.sources("taker", on, on) == {"taker": 1}


BARE = Amount(FigureStatus.REPORTED, "21.2", None, None, 73)
REFUSED: list[tuple[Mapping[str, Amount], str, list[str]]] = [
    ({"one": counts(3, 10)}, "missing", ["two"]),
    ({"one": counts(3, 10), "two": Amount(FigureStatus.SUPPRESSED, None, None, None, None)}, "missing", ["two"]),
    ({"one": counts(3, 10), "two": BARE}, "needs_counts", ["two"]),
]


@pytest.mark.parametrize(("amounts", "code", "places"), REFUSED)
def test_what_no_figure_follows_from_is_refused_with_the_places(
    amounts: Mapping[str, Amount], code: str, places: list[str]
) -> None:
    sources = dict.fromkeys(("one", "two"), Fraction(1, 2))
    with pytest.raises(CannotCarry) as refused:
        carry(amounts, sources, counts_add_up=False)
    assert (refused.value.code, refused.value.places) == (code, places)


def test_a_bound_carries_over_and_two_that_contradict_do_not() -> None:
    def walks(bound: Bound) -> Amount:
        return Amount(FigureStatus.REPORTED, "30", None, None, None, bound=bound)

    sources = dict.fromkeys(("one", "two"), Fraction(1))
    made = carry({"one": walks(Bound.AT_LEAST), "two": walks(Bound.EXACTLY)}, sources, counts_add_up=True)
    assert (made.value, made.bound) == (Fraction(60), Bound.AT_LEAST)
    with pytest.raises(CannotCarry, match="at most"):
        carry({"one": walks(Bound.AT_LEAST), "two": walks(Bound.AT_MOST)}, sources, counts_add_up=True)
