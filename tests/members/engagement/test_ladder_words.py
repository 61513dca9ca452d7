"""The ladder in plain words."""

from datetime import date

import pytest

from services.members.engagement.ladder import words
from services.members.engagement.ladder.engine import Finding, Rule, Rung, Tally


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (Rule(activities=1), "took part once"),
        (Rule(activities=2, kinds=frozenset({"walk"})), "took part twice (walk)"),
        (Rule(distinct_days=1), "took part on one day"),
        (
            Rule(kinds=frozenset({"led", "community_meal"}), distinct_days=3, within_days=180),
            "took part on three different days (community meal or led), in the last 180 days",
        ),
        (
            Rule(activities=14, distinct_days=5, distinct_counterparts=2),
            "took part 14 times on five different days with two different people",
        ),
    ],
)
def test_a_rule_says_what_it_asks_for(rule: Rule, said: str) -> None:
    assert words.rule(rule) == said


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Tally(), "nothing yet"),
        (Tally(1, 1, 0, date(2026, 5, 2)), "one activity on one day, the latest on 2 May 2026"),
        (
            Tally(14, 3, 2, date(2026, 5, 2)),
            "14 activities on three days with two people, the latest on 2 May 2026",
        ),
    ],
)
def test_evidence_says_what_was_found(found: Tally, said: str) -> None:
    assert words.evidence(found) == said


@pytest.mark.parametrize(
    ("rule", "found", "said"),
    [
        (Rule(activities=1), Tally(), "Take part once more."),
        (Rule(distinct_days=3), Tally(2, 2), "Take part on another day."),
        (Rule(distinct_days=3), Tally(1, 1), "Take part on a couple more days."),
        (Rule(activities=6), Tally(1, 1), "Take part a few more times."),
        (Rule(activities=60), Tally(1, 1), "Take part quite a few more times."),
        (Rule(distinct_counterparts=1), Tally(1, 1), "Do something with somebody new."),
        (
            Rule(kinds=frozenset({"led", "hosted"}), distinct_days=2, distinct_counterparts=3),
            Tally(1, 1, 1),
            "Take part on another day. Do something with a couple more people. What counts here: hosted or led.",
        ),
    ],
)
def test_an_invitation_has_no_number_to_count_down(rule: Rule, found: Tally, said: str) -> None:
    invitation = words.invitation(Finding(Rung.FOLLOWER, rule, found))
    assert invitation == said
    assert not any(character.isdigit() for character in invitation)
