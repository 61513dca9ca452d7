"""The ladder's arithmetic, by its properties: whatever somebody did, and whatever the policy asks."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.members.engagement.ladder import engine, policies
from services.members.engagement.ladder.engine import RUNGS, Activity, Policy, Rule, Rung

TODAY = date(2026, 6, 1)
KINDS = ("walk", "led", "hosted")

activities = st.lists(
    st.builds(
        Activity,
        id=st.uuids().map(str),
        kind=st.sampled_from(KINDS),
        on=st.integers(0, 400).map(lambda ago: TODAY - timedelta(days=ago)),
        counterpart=st.none() | st.sampled_from(["eve", "joan", "ben", "ada"]),
    ),
    max_size=40,
)
rules = st.builds(
    Rule,
    kinds=st.frozensets(st.sampled_from(KINDS), max_size=2),
    activities=st.none() | st.integers(1, 6),
    distinct_days=st.none() | st.integers(1, 6),
    distinct_counterparts=st.none() | st.integers(1, 3),
    within_days=st.none() | st.integers(1, 400),
)
drafts = st.fixed_dictionaries({rung: st.lists(rules, min_size=1, max_size=3).map(tuple) for rung in RUNGS[1:]})
some_policy = st.just(policies.DEFAULT) | drafts.map(Policy)


def rung(policy: Policy, did: Sequence[Activity], as_of: date = TODAY) -> Rung:
    return engine.computed(policy, engine.tallies(policy, did, as_of))


@given(some_policy, activities, st.randoms())
def test_the_order_in_which_activities_come_does_not_matter(policy: Policy, did: list[Activity], dice: Random) -> None:
    shuffled = dice.sample(did, len(did))
    assert engine.tallies(policy, shuffled, TODAY) == engine.tallies(policy, did, TODAY)


@given(some_policy, activities)
def test_an_activity_that_comes_twice_counts_once(policy: Policy, did: list[Activity]) -> None:
    assert engine.tallies(policy, did + did[::2], TODAY) == engine.tallies(policy, did, TODAY)


@given(some_policy, activities, activities)
def test_voiding_activities_leaves_the_rung_that_would_have_been_without_them(
    policy: Policy, did: list[Activity], voided: list[Activity]
) -> None:
    ids = {activity.id for activity in voided}
    left = [activity for activity in did + voided if activity.id not in ids]
    assert rung(policy, left) is rung(policy, did)


@given(some_policy, activities, activities)
def test_doing_more_never_takes_anybody_down(policy: Policy, did: list[Activity], more: list[Activity]) -> None:
    assert rung(policy, did + more).height >= rung(policy, did).height


@given(some_policy, activities, activities)
def test_an_activity_of_a_kind_that_no_rule_names_changes_nothing(
    policy: Policy, did: list[Activity], more: list[Activity]
) -> None:
    unconcerned = [activity for activity in more if not policy.concerns({activity.kind})]
    assert rung(policy, did + unconcerned) is rung(policy, did)


@given(some_policy, activities)
def test_what_is_done_after_the_day_does_not_count_on_it(policy: Policy, did: list[Activity]) -> None:
    day = TODAY - timedelta(days=100)
    assert rung(policy, did, day) is rung(policy, [activity for activity in did if activity.on <= day], day)


@given(some_policy, activities)
def test_every_rung_on_the_way_has_its_rules_met(policy: Policy, did: list[Activity]) -> None:
    found = engine.tallies(policy, did, TODAY)
    for below in RUNGS[1 : engine.computed(policy, found).height + 1]:
        assert all(finding.rule.met(finding.found) for finding in engine.findings(policy, below, found))


@given(rules, rules, activities)
def test_a_rule_that_follows_from_another_is_met_whenever_the_other_is(
    rule: Rule, other: Rule, did: list[Activity]
) -> None:
    if rule.follows_from(other) and other.met(engine.tally(did, other.selection, TODAY)):
        assert rule.met(engine.tally(did, rule.selection, TODAY))


maybe = st.none() | st.sampled_from(RUNGS)


@given(st.sampled_from(RUNGS), maybe, maybe, maybe)
def test_a_lock_decides_else_the_floor_holds_up_and_neither_goes_past_what_is_confirmed(
    reached: Rung, confirmed: Rung | None, lock: Rung | None, floor: Rung | None
) -> None:
    stands = engine.effective(reached, confirmed, lock, floor)
    cap = confirmed or engine.HIGHEST_UNCONFIRMED
    wanted = lock or RUNGS[max(reached.height, floor.height if floor else 0)]
    assert stands.height == min(wanted.height, cap.height)


@given(some_policy)
def test_a_policy_comes_back_from_its_stored_form(policy: Policy) -> None:
    assert policies.parsed(policies.stored(policy)) == policy


@pytest.mark.parametrize(
    ("did", "reached"),
    [
        (0, Rung.OBSERVER),
        (1, Rung.FOLLOWER),
        (2, Rung.FOLLOWER),
        (3, Rung.ACTIVE_PARTICIPANT),
        (6, Rung.CHAMPION),
        (11, Rung.CHAMPION),
        (12, Rung.CO_OWNER),
    ],
)
def test_all_five_rungs_can_be_reached_under_the_first_policy(did: int, reached: Rung) -> None:
    """By somebody who leads something with another person on one day of each week."""
    done = [
        Activity(id=str(week), kind="led", on=TODAY - timedelta(weeks=week), counterpart=f"person {week}")
        for week in range(did)
    ]
    assert rung(policies.DEFAULT, done) is reached


def test_a_window_of_days_begins_so_many_days_ago_counting_today() -> None:
    week = Rule(activities=1, within_days=7)
    for ago, counts in ((0, 1), (6, 1), (7, 0)):
        done = [Activity(id="1", kind="walk", on=TODAY - timedelta(days=ago))]
        assert engine.tally(done, week.selection, TODAY).activities == counts


def test_the_first_policy_is_one_that_could_be_drafted() -> None:
    assert policies.faults(policies.DEFAULT) == []
