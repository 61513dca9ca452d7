"""The ladder's replay, by its properties: whatever was done and decided, and in whatever order it came to be known."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.members.engagement.ladder import engine, moments
from services.members.engagement.ladder.engine import RUNGS, Activity, Pace, Policy, Rule, Rung
from services.members.engagement.ladder.models import Cause, Decided
from services.members.engagement.ladder.policies import Rules
from services.members.engagement.ladder.replay import Course, Decision, Fact, State, What, replay
from services.members.engagement.ladder.windows import Windows
from shared.db.types import microseconds
from tests.members.engagement.test_engine import activities, some_policy

JOINED = date(2025, 6, 1)
TODAY = date(2026, 6, 1)
PACE = Pace(review_every_days=7, keep_days_longer=10, grace_days=14, quiet_after_days=30)
POLICY = Policy(
    {
        Rung.FOLLOWER: (Rule(activities=1, within_days=60),),
        Rung.ACTIVE_PARTICIPANT: (Rule(distinct_days=3, within_days=30),),
        Rung.CHAMPION: (Rule(distinct_days=5, within_days=60),),
        Rung.CO_OWNER: (Rule(distinct_days=8, within_days=90),),
    },
    PACE,
)
WEEKLY = [JOINED + timedelta(days=7 * week) for week in range(1, 53)]


def at(day: date, micro: int = 12) -> moments.Moment:
    return (day, 2, micro)


def done(*days: date, kind: str = "walk") -> list[Fact]:
    return [Fact(at(day), What.ACTIVITY, Activity(f"{kind} {day}", kind, day)) for day in days]


def decided(what: Decided, on: date, rung: Rung | None = None, until: date | None = None) -> list[Fact]:
    decision = Decision(f"{what} {on}", what, rung)
    begins = [Fact(at(on, 20), What.BEGINS, decision)]
    return begins if until is None else [*begins, Fact(at(until, 20), What.ENDS, decision)]


def turned(state: str, on: date) -> Fact:
    return Fact(at(on, 10), What.STATE, State(state))


def course(
    facts: Sequence[Fact], until: date = TODAY, reviews: Sequence[date] = WEEKLY, policy: Policy = POLICY
) -> Course:
    versions = [(moments.EARLIEST, Rules("policy_1", 1, policy))]
    return replay(versions, reviews, [turned("active", JOINED), *facts], until)


def each_once(known: Sequence[Fact]) -> list[Fact]:
    """Without facts that come twice at the same moment."""
    return list({(fact.at, fact.what): fact for fact in known}.values())


facts = st.lists(
    st.one_of(
        st.integers(0, 360).map(lambda n: done(JOINED + timedelta(days=n))),
        st.builds(
            lambda what, n, rung, lasts: decided(what, JOINED + timedelta(days=n), rung, JOINED + timedelta(n + lasts)),
            st.sampled_from(list(Decided)), st.integers(0, 300), st.sampled_from(RUNGS), st.integers(1, 60),
        ),
        st.builds(
            lambda state, n: [turned(state, JOINED + timedelta(days=n))],
            st.sampled_from(["active", "paused", "left"]), st.integers(0, 360),
        ),
    ),
    max_size=30,
).map(lambda several: each_once([fact for some in several for fact in some]))  # fmt: skip


@given(facts, st.randoms())
def test_the_order_in_which_facts_come_to_be_known_does_not_matter(known: list[Fact], dice: Random) -> None:
    shuffled = dice.sample(known, len(known))
    assert course(shuffled).steps == course(known).steps


@given(facts)
def test_nobody_has_a_rung_while_they_are_excluded_or_gone(known: list[Fact]) -> None:
    for until in WEEKLY[::6]:
        after = course(known, until)
        assert after.rung is None or not (after.excluded or after.state == "left")
        assert (after.rung is None) == (after.computed is None)


@given(facts)
def test_nobody_stands_on_a_confirmed_rung_without_a_confirmation(known: list[Fact]) -> None:
    unconfirmed = [
        fact for fact in known if not (isinstance(fact.subject, Decision) and fact.subject.decided is Decided.CONFIRMED)
    ]
    assert not {step.to_rung for step in course(unconfirmed).steps} & engine.CONFIRMED
    after = course(known)
    if after.rung in engine.CONFIRMED:
        assert after.confirmed is not None
        assert after.rung.height <= after.confirmed.height


@given(facts)
def test_what_is_computed_goes_down_only_at_a_review_and_never_while_paused(known: list[Fact]) -> None:
    unreviewed = [fact for fact in known if isinstance(fact.subject, Activity)]
    steps = course(unreviewed, reviews=()).steps
    heights = [step.to_rung.height for step in steps if step.to_rung is not None]
    assert heights == sorted(heights)
    paused = [*unreviewed, turned("paused", JOINED)]
    assert not [step for step in course(paused).steps if step.cause is Cause.REVIEW]


@given(some_policy, activities)
def test_the_windows_find_what_the_engine_finds_on_every_day(policy: Policy, did: list[Activity]) -> None:
    windows, in_order = Windows(policy.selections()), sorted(did, key=lambda activity: activity.on)
    for number, activity in enumerate(in_order, 1):
        windows.add(activity)
        expected = engine.tallies(policy, in_order[:number], activity.on)
        assert windows.tallies(activity.on) == expected


def test_people_go_up_at_once_and_down_a_review_after_the_longer_window_and_the_grace() -> None:
    start = date(2026, 1, 5)
    did = done(*(start + timedelta(days=ago) for ago in range(3)))
    last = start + timedelta(days=2)
    assert course(did, last).rung is Rung.ACTIVE_PARTICIPANT
    lapsed = start + timedelta(
        days=PACE.keep_days_longer + 30
    )  # the first day on which even the longer window is short
    short = next(day for day in WEEKLY if day > lapsed)
    down = next(day for day in WEEKLY if (day - short).days >= PACE.grace_days)
    assert course(did, down - timedelta(days=1)).rung is Rung.ACTIVE_PARTICIPANT
    after = course(did, down)
    assert (after.rung, after.steps[-1].cause) == (Rung.FOLLOWER, Cause.REVIEW)


def test_a_grace_begins_anew_where_the_rules_were_met_in_between() -> None:
    start = date(2026, 1, 5)
    did = done(*(start + timedelta(days=number) for number in (0, 1, 2)))
    again = done(*(start + timedelta(days=number) for number in (43, 44, 45)))
    assert course(did + again, start + timedelta(days=70)).rung is Rung.ACTIVE_PARTICIPANT


def test_somebody_who_did_nothing_for_long_enough_is_quiet_until_they_do_something() -> None:
    assert not course([], JOINED + timedelta(days=30)).quiet
    assert course([], JOINED + timedelta(days=37)).quiet
    back = done(JOINED + timedelta(days=50))
    assert not course(back, JOINED + timedelta(days=51)).quiet
    assert not course([turned("paused", JOINED + timedelta(days=5))]).quiet


def test_a_lock_holds_until_it_ends_and_a_floor_holds_up() -> None:
    up = done(*(JOINED + timedelta(days=number) for number in range(3)))
    day = JOINED + timedelta(days=10)
    locked = decided(Decided.LOCKED, day, Rung.FOLLOWER, day + timedelta(days=5))
    assert course(up + locked, day + timedelta(days=1)).rung is Rung.FOLLOWER
    assert course(up + locked, day + timedelta(days=6)).rung is Rung.ACTIVE_PARTICIPANT
    floor = decided(Decided.FLOOR, day, Rung.ACTIVE_PARTICIPANT)
    assert course(floor).rung is Rung.ACTIVE_PARTICIPANT
    assert course(decided(Decided.FLOOR, day, Rung.CO_OWNER)).rung is Rung.ACTIVE_PARTICIPANT


def test_a_confirmation_that_rests_on_a_void_counts_no_more() -> None:
    did = done(*(JOINED + timedelta(days=number) for number in range(5)))
    confirmed = decided(Decided.CONFIRMED, JOINED + timedelta(days=6), Rung.CHAMPION)
    day = JOINED + timedelta(days=7)
    assert course(did + confirmed, day).rung is Rung.CHAMPION
    assert course(did[1:] + confirmed, day).rung is Rung.ACTIVE_PARTICIPANT


def test_whoever_comes_back_begins_again_and_needs_a_new_confirmation() -> None:
    did = done(*(JOINED + timedelta(days=number) for number in range(5)))
    confirmed = decided(Decided.CONFIRMED, JOINED + timedelta(days=6), Rung.CHAMPION)
    gone, back = turned("left", JOINED + timedelta(days=8)), turned("active", JOINED + timedelta(days=9))
    assert course([*did, *confirmed, gone], JOINED + timedelta(days=8)).rung is None
    after = course([*did, *confirmed, gone, back], JOINED + timedelta(days=9))
    assert (after.rung, after.confirmed) == (Rung.ACTIVE_PARTICIPANT, None)


@pytest.mark.parametrize(
    ("recorded", "counts_at"),
    [("2026-03-01T23:59:59+00:00", 2), ("2026-03-02T00:00:00+00:00", 3), ("2026-05-01T00:00:00+00:00", 3)],
)
def test_what_is_recorded_late_counts_at_the_end_of_its_day(recorded: str, counts_at: int) -> None:
    moment = moments.of_activity("Europe/London", date(2026, 3, 1), microseconds(datetime.fromisoformat(recorded)))
    assert moment[:2] == (date(2026, 3, 1), counts_at)
