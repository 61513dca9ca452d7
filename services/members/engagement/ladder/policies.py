"""Ladder policies as data: the one that a movement starts with, their stored form, and what makes one impossible."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import msgspec

from services.members.engagement.ladder.engine import RUNGS, Policy, Rule, Rung
from shared.errors import Fault

DEFAULT = Policy(
    {
        Rung.FOLLOWER: (Rule(activities=1),),
        Rung.ACTIVE_PARTICIPANT: (Rule(distinct_days=3, within_days=180),),
        Rung.CHAMPION: (Rule(distinct_days=6, within_days=365), Rule(distinct_counterparts=3, within_days=365)),
        Rung.CO_OWNER: (
            Rule(distinct_days=12, within_days=365),
            Rule(kinds=frozenset({"led", "hosted", "decided_together"}), distinct_days=3, within_days=365),
        ),
    }
)
"""What a movement starts with. A movement that means something else by its rungs writes a policy of its own."""


class Rules(NamedTuple):
    """A version of a movement's policy, by which a change is explained; in force since an instant in microseconds.

    The first version, which every movement starts with, was so from the beginning of time.
    """

    id: str
    version: int
    policy: Policy
    since: int = 0


def stored(policy: Policy) -> str:
    """The policy as the JSON text that its row keeps; the same rules give the same text."""
    return msgspec.json.encode(policy, order="deterministic").decode()


@lru_cache(maxsize=1024)
def parsed(rules: str) -> Policy:
    """The policy of a row. Activated rules never change, so their text is the key of the cache."""
    return msgspec.json.decode(rules, type=Policy)


def faults(policy: Policy) -> list[Fault]:
    """Everything that makes the policy one that nobody could climb by, each named by its place in the request."""
    return [
        fault
        for rung in RUNGS[1:]
        for fault in (*_impossible(policy, rung), *_too_easy(policy, rung), *_never_stood_on(policy, rung))
    ]


def _impossible(policy: Policy, rung: Rung) -> Iterator[Fault]:
    """Rules that nobody can meet, or that anybody meets."""
    for number, rule in enumerate(policy.rules[rung]):
        pointer = f"/rules/{rung}/{number}"
        if rule.activities is None and rule.distinct_days is None and rule.distinct_counterparts is None:
            yield Fault(pointer, "must ask for activities, distinct_days or distinct_counterparts", "asks_for_nothing")
        if rule.within_days is not None and (rule.distinct_days or 0) > rule.within_days:
            reason = f"nobody can be there on more than {rule.within_days} days in {rule.within_days} days"
            yield Fault(f"{pointer}/distinct_days", reason, "more_days_than_the_window")


def _too_easy(policy: Policy, rung: Rung) -> Iterator[Fault]:
    """Rules that ask for less than one of a rung below, which everybody has met who gets this far."""
    for number, rule in enumerate(policy.rules[rung]):
        for below in RUNGS[1 : rung.height]:
            if any(rule != other and rule.follows_from(other) for other in policy.rules[below]):
                yield Fault(f"/rules/{rung}/{number}", f"asks for less than {below} does", "weaker_than_below")
                break


def _never_stood_on(policy: Policy, rung: Rung) -> Iterator[Fault]:
    """A rung that adds nothing to the ones below: whoever reaches those would pass straight through to it."""
    below = [rule for lower in RUNGS[1 : rung.height] for rule in policy.rules[lower]]
    if all(any(rule.follows_from(other) for other in below) for rule in policy.rules[rung]):
        yield Fault(f"/rules/{rung}", "asks for nothing that the rungs below do not ask for already", "adds_nothing")
