"""Rolling amounts up, as pure functions: what adds up, what is only bounded, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from services.measures.measures.models import Kind
from services.measures.measures.rollups import Over, RollUp
from services.measures.observations.models import Amount, Bound, FigureStatus
from services.measures.rollups.adding import RollUpRefused, Rule, components, roll_up
from services.measures.series.points import read, sums_of
from shared.statistics import Bounds, Sums

COUNTS = Rule(Kind.FLOW, RollUp.SUM, distinct=False)
PEOPLE = Rule(Kind.STOCK, RollUp.NONE, distinct=True)
RATES = Rule(Kind.RATIO, RollUp.RECOMPUTE, distinct=False)
MEANS = Rule(Kind.MEAN, RollUp.RECOMPUTE, distinct=False)
SUPPRESSED = Amount(FigureStatus.SUPPRESSED, None, None, None, None)


def count(value: str, bound: Bound = Bound.EXACTLY) -> Amount:
    return Amount(FigureStatus.REPORTED, value, None, None, None, bound=bound)


def share(numerator: int, denominator: int) -> Amount:
    return Amount(FigureStatus.REPORTED, None, numerator, denominator, denominator)


def mean(*answers: int) -> Amount:
    sums = len(answers), sum(answers), sum(x * x for x in answers)
    return Amount(FigureStatus.REPORTED, None, None, None, sums[0], str(sums[1]), str(sums[2]))


def added(*amounts: Amount, rule: Rule) -> Amount:
    amount = roll_up(amounts, Over.PLACE, rule).amount
    assert amount is not None
    return amount


def reason(*amounts: Amount, rule: Rule) -> str:
    with pytest.raises(RollUpRefused) as refused:
        roll_up(amounts, Over.PLACE, rule)
    return refused.value.reason


def test_counts_add_up_to_the_last_decimal() -> None:
    assert added(count("0.1"), count("0.2"), rule=COUNTS).value == "0.3"


def test_of_counts_of_which_one_is_missing_there_were_at_least_so_many() -> None:
    found = added(count("10"), SUPPRESSED, rule=COUNTS)
    assert (found.value, found.bound) == ("10", Bound.AT_LEAST)
    assert added(count("30", Bound.AT_LEAST), count("4"), rule=COUNTS).bound is Bound.AT_LEAST
    assert added(count("30", Bound.AT_MOST), count("4"), rule=COUNTS).bound is Bound.AT_MOST
    assert reason(count("30", Bound.AT_LEAST), count("4", Bound.AT_MOST), rule=COUNTS) == "contrary_bounds"
    assert reason(count("30", Bound.AT_MOST), SUPPRESSED, rule=COUNTS) == "contrary_bounds"


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1))
def test_a_rate_of_parts_is_that_of_their_sums(parts: list[tuple[int, int]]) -> None:
    found = added(*(share(x, x + y) for x, y in parts), rule=RATES)
    assert (found.numerator, found.denominator) == (sum(x for x, _ in parts), sum(x + y for x, y in parts))
    assert found.value is None


def test_the_mean_of_rates_is_refused() -> None:
    published = Amount(FigureStatus.REPORTED, "21.2", None, None, 500)
    assert reason(published, share(1, 10), rule=RATES) == "no_counts"
    with pytest.raises(RollUpRefused, match="a mean of rates is no rate") as refused:
        roll_up([share(1, 10)], Over.PLACE, Rule(Kind.RATIO, RollUp.NONE, distinct=False))
    assert refused.value.reason == "not_declared"
    bounded = Amount(FigureStatus.REPORTED, None, 3, 10, 10, bound=Bound.AT_LEAST)
    assert reason(bounded, share(1, 10), rule=RATES) == "bounded"


@given(st.lists(st.lists(st.integers(0, 10), min_size=1), min_size=1))
def test_a_mean_of_parts_is_exactly_that_of_everybody(groups: list[list[int]]) -> None:
    found = added(*(mean(*answers) for answers in groups), rule=MEANS)
    everybody = [x for answers in groups for x in answers]
    assert sums_of(found) == Sums.of(len(everybody), sum(everybody), sum(x * x for x in everybody))
    assert read(found, Kind.MEAN, "points").value == pytest.approx(sum(everybody) / len(everybody), abs=1e-6)


def test_a_mean_without_its_sums_is_refused() -> None:
    assert reason(mean(1, 2), Amount(FigureStatus.REPORTED, "7.1", None, None, 30), rule=MEANS) == "no_counts"


def test_different_people_are_bounded_and_never_added() -> None:
    assert roll_up([count("120"), count("80")], Over.REPORTER, PEOPLE).unique == Bounds(120, 200)
    assert roll_up([count("120"), SUPPRESSED], Over.REPORTER, PEOPLE).unique == Bounds(120, None)
    open_ended = [count("120", Bound.AT_MOST), count("30", Bound.AT_LEAST)]
    assert roll_up(open_ended, Over.PLACE, PEOPLE).unique == Bounds(30, None)
    assert roll_up([count("120"), count("80")], Over.REPORTER, PEOPLE).amount is None
    assert reason(count("1"), rule=Rule(Kind.STOCK, RollUp.NONE, distinct=False)) == "not_declared"


@pytest.mark.parametrize("rule", [COUNTS, RATES, MEANS])
def test_what_it_says_that_it_looks_at_is_all_it_needs(rule: Rule) -> None:
    whole = Amount(FigureStatus.REPORTED, "7", 3, 10, 10, "21", "91")
    others = {"value", "numerator", "denominator", "n", "sum_x", "sum_x2"}.difference(components(rule))
    bare = structs.replace(whole, **dict.fromkeys(others))
    assert added(whole, whole, rule=rule) == added(bare, bare, rule=rule)


def test_nothing_but_gaps_is_no_figure_and_no_zero() -> None:
    assert added(SUPPRESSED, SUPPRESSED, rule=COUNTS).status is FigureStatus.SUPPRESSED
    missing = Amount(FigureStatus.NOT_APPLICABLE, None, None, None, None)
    assert added(SUPPRESSED, missing, rule=RATES) == Amount(FigureStatus.NOT_COLLECTED, None, None, None, None)
