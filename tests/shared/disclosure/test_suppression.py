"""No small count shows in what is published, whatever is added or subtracted, and the cheapest others go with it."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.disclosure import (
    Cell,
    Equation,
    Limits,
    Nest,
    Profile,
    Role,
    System,
    Table,
    Unprotected,
    attack,
    protect,
    published,
    ratio,
    system_of,
    told,
)  # fmt: skip
from tests.plugins.parts import scale
from tests.shared.disclosure.attacker import Attacker, small
from tests.shared.disclosure.published import BELOW_TEN, MIDPOINT, REDACTING, Figures, Name, figures, nests, table

COUNT = Role.COUNT


def plain_counts(**counts: int) -> Figures:
    return {(group,): {COUNT: count} for group, count in counts.items()}


def planned(plain: Table, earlier: Sequence[Table] = ()) -> Table:
    """The table with what its plan hides."""
    return replace(plain, hidden=protect(system_of(plain, earlier)).hidden)


def planned_or_refused(plain: Table, earlier: Sequence[Table] = ()) -> Table | None:
    """None where no plan protects it: nothing of it is published then."""
    try:
        return planned(plain, earlier)
    except Unprotected:
        return None


def one_way(**counts: int) -> Table:
    """Counts of groups and their total."""
    found: Figures = plain_counts(total=sum(counts.values()), **counts)
    parts = tuple((group,) for group in counts)
    worth = {name: 1 + each[COUNT] for name, each in found.items()}
    return Table(found, [Nest(("total",), parts, True)], BELOW_TEN, worth=worth)


def assert_nothing_is_told(tables: Sequence[Table], *, knowing: bool) -> None:
    attacker = Attacker(tables, knowing=knowing)
    for each in tables:
        above = each.profile.small_below - (each.profile is not BELOW_TEN)
        for figure, role, count in small(each):
            least, most = attacker.range_of(figure, role, count)
            assert least <= max(0, 1 - each.profile.zero_is_small) or count == 0, (figure, role, count, least)
            assert most >= above - 1e-6 or (count == 0 and each.profile is MIDPOINT), (figure, role, count, most)


@settings(max_examples=scale(12), deadline=None)
@given(found=figures(), knowing=st.booleans())
def test_a_reader_who_knows_the_rule_cannot_tell_a_small_count(found: Figures, knowing: bool) -> None:
    made = planned(table(found, BELOW_TEN))
    shown = published(made)
    assert all(shown[figure] is None for figure, _, _ in small(made) if figure in shown)
    assert all(counts in (None, found[name]) for name, counts in shown.items()), "what is shown is true"
    assert_nothing_is_told([made], knowing=knowing)


@settings(max_examples=scale(10), deadline=None)
@given(found=figures(), left_out=st.sets(st.integers(0, 60), max_size=12), again=st.data())
def test_nor_from_it_and_every_earlier_release_together(
    found: Figures, left_out: set[int], again: st.DataObject
) -> None:
    names = list(found)
    some = {name: found[name] for number, name in enumerate(names) if number not in left_out}
    corrected = again.draw(st.sampled_from([name for name in names if name[0] in "abcd"]))
    first = planned(table(some, BELOW_TEN))
    now = found[corrected]
    later = ratio(now[Role.NUMERATOR] + 3, now[Role.BASE] + 6) if Role.BASE in now else {COUNT: now[COUNT] + 3}
    holding = [nest for nest in nests(found) if corrected not in (nest.whole, *nest.parts)]
    plain = Table({**found, corrected: later}, holding, BELOW_TEN)
    second = planned_or_refused(plain, [first])
    if second is not None:
        assert_nothing_is_told([first, second], knowing=again.draw(st.booleans()))


@settings(max_examples=scale(10), deadline=None)
@given(found=figures(), profile=st.sampled_from([REDACTING, MIDPOINT]))
def test_rounded_counts_tell_no_small_one_or_are_refused(found: Figures, profile: Profile) -> None:
    made = planned_or_refused(table(found, profile))
    if made is not None:
        assert_nothing_is_told([made], knowing=True)


def test_a_small_count_alone_is_told_by_the_total_and_another_goes_with_it() -> None:
    plain = one_way(band_1=3, band_2=25, band_3=12)
    found = attack(system_of(plain), [("band_1",)])
    assert found["band_1", "count", "3"] == (3, 3), "40 less 25 less 12"
    assert published(planned(plain)) == {
        ("total",): {COUNT: 40}, ("band_1",): None, ("band_2",): {COUNT: 25}, ("band_3",): None,
    }  # fmt: skip


def test_small_counts_that_are_all_near_the_threshold_take_another_with_them() -> None:
    """9 + 9 is 18, and who knows that both are below ten knows them."""
    shown = published(planned(one_way(a=9, b=9, c=200, d=30)))
    assert [name for name, counts in shown.items() if counts is None] == [("a",), ("b",), ("d",)]


def test_a_table_in_which_all_is_large_loses_nothing() -> None:
    plan = protect(system_of(one_way(a=10, b=200, c=33)))
    assert (plan.hidden, plan.secondary) == (frozenset(), frozenset())


def test_nobody_and_everybody_of_a_base_are_not_shown_where_zero_may_be() -> None:
    profile = replace(BELOW_TEN, zero_is_small=False)
    made: Figures = {("a",): ratio(0, 50), ("b",): ratio(50, 50), ("c",): ratio(25, 50)}
    shown = published(planned(Table(made, [], profile)))
    assert [counts is None for counts in shown.values()] == [True, True, False]
    assert published(planned(Table(plain_counts(a=0), [], profile)))["a",] == {COUNT: 0}


def test_bases_are_held_to_the_least_of_a_group_and_of_an_area() -> None:
    profile = replace(BELOW_TEN, least_base=30, least_area_base=150)
    made: Figures = {
        ("area",): ratio(60, 149),
        ("large",): ratio(60, 150),
        ("group",): ratio(14, 30),
        ("few",): ratio(14, 29),
    }
    shown = published(planned(Table(made, [], profile, areas={("area",), ("large",)})))
    assert [name[0] for name, counts in shown.items() if counts is None] == ["area", "few"]


def test_what_a_total_holds_beside_the_figures_that_are_asked_for_is_protected_too() -> None:
    """The county and five of its six districts: the sixth is the difference."""
    made = plain_counts(county=103, d0=20, d1=20, d2=20, d3=20, d4=20)
    nest = Nest(("county",), tuple(name for name in made if name != ("county",)), False)
    shown = published(planned(Table(made, [nest], BELOW_TEN)))
    assert list(shown.values()).count(None) == 1


def test_a_group_that_is_public_already_cannot_be_protected_any_more() -> None:
    public = one_way(a=12, b=40, c=50)
    stricter = replace(public, profile=replace(BELOW_TEN, small_below=15))
    with pytest.raises(Unprotected) as refused:
        protect(system_of(stricter, [public]))
    assert (refused.value.cell, refused.value.because) == (("a", "count", "12"), "public")


def test_a_second_table_that_would_tell_what_the_first_hid_hides_it_differently() -> None:
    """Hidden were a and c; a later table by twos, without a total of its own, must not show b + c."""
    first = planned(one_way(a=3, b=25, c=12))
    twos = plain_counts(ab=28, a=3, b=25)
    second = planned(Table(twos, [Nest(("ab",), (("a",), ("b",)), True)], BELOW_TEN), [first])
    assert published(second)["ab",] is None, "28 less 25, which the first one shows"
    assert_nothing_is_told([first, second], knowing=False)


@settings(max_examples=scale(12), deadline=None)
@given(counts=st.lists(st.integers(0, 40), min_size=2, max_size=5), data=st.data())
def test_the_plan_is_the_cheapest_that_an_attack_does_not_break(counts: list[int], data: st.DataObject) -> None:
    plain = one_way(**{f"g{number}": count for number, count in enumerate(counts)})
    system = system_of(plain)
    plan = protect(system)

    def worth(hidden: frozenset[Name]) -> int:
        return sum(plain.worth[name] for name in hidden)

    names = list(plain.figures)
    choices = (frozenset(some) for size in range(len(names) + 1) for some in combinations(names, size))
    cheapest = min(
        worth(some) for some in choices if system.small <= some and not told(system, attack(system, some))
    )  # fmt: skip
    assert worth(plan.hidden) <= 1.02 * cheapest


def test_people_are_whole() -> None:
    """Three tables that each hold two of three counts: halves of people would leave more open than there is."""
    said = Limits(0, None)
    parts = [Cell((name,), 1, said, Limits(0, 1)) for name in "abc"]
    sums = [Cell((name,), 2, Limits(2, 2), Limits(2, 2)) for name in ("ab", "bc")]
    odd = Cell(("twice",), 3, Limits(3, 3), Limits(3, 3))
    system = System(
        [*parts, *sums, odd],
        [Equation(("ab",), (("a",), ("b",))), Equation(("bc",), (("b",), ("c",))),
         Equation(("twice",), (("a",), ("b",), ("c",)))],
    )  # fmt: skip
    assert attack(system, [], only=[("a",)])["a",] == (1, 1)


def test_counts_that_do_not_add_up_are_a_fault_of_whoever_made_the_system() -> None:
    cells = [Cell((name,), 2, Limits(0, None), Limits(0, None)) for name in "ab"]
    with pytest.raises(ValueError, match="add up"):
        System([*cells, Cell(("c",), 5, Limits(0, None), Limits(0, None))], [Equation(("c",), (("a",), ("b",)))])
    with pytest.raises(ValueError, match="numerator"):
        ratio(3, 2)
