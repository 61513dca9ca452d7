"""How the ladder is read: where somebody stands, why, what would help them up; and how many stand on each rung."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.members import days
from services.members.engagement.ladder import engine, rules, store
from services.members.engagement.ladder.engine import RUNGS, Finding, Rung
from services.members.engagement.ladder.models import RungChange
from services.members.engagement.ladder.policies import Rules
from services.members.engagement.ladder.store import Member
from shared.errors import NotFound


@dataclass(frozen=True, slots=True)
class Standing:
    """A person on the ladder, today.

    ``awaiting`` is the next rung up where only a confirmation is missing; ``missing`` is what was found for each rule
    that is not met yet on the way to the next rung. Both are empty for somebody who has no ladder.
    """

    member: Member
    rules: Rules
    awaiting: Rung | None
    missing: Sequence[Finding]
    history: Sequence[RungChange]

    @property
    def rung(self) -> Rung | None:
        """Where they stand; None for somebody who has no place on the ladder."""
        return None if self.member.rung is None else Rung(self.member.rung)


class Occupied(NamedTuple):
    """A rung, how many stand on it, and how many are one confirmation below it."""

    rung: Rung
    people: int
    awaiting: int


@dataclass(frozen=True, slots=True)
class Funnel:
    """A movement's people by rung: every rung is listed, and everybody is counted once."""

    rules: Rules
    rungs: Sequence[Occupied]
    without_rung: int


def standing(session: Session, movement: str, person: str) -> Standing:
    """Where a person stands, and what would take them on. Raises NotFound."""
    member = store.member(session, movement, person)
    if member is None:
        raise NotFound
    now = rules.in_force(session, movement)
    if member.rung is None:
        return Standing(member, now, None, (), ())
    stands, today = Rung(member.rung), days.today(session, movement)
    found = store.tallies(session, movement, [person], now.policy.selections(), today)[person]
    awaiting = _awaiting(member)
    above = RUNGS[1 : stands.height + 2]  # what is asked for lower down is asked for higher up as well
    missing = [f for rung in above for f in engine.findings(now.policy, rung, found) if not f.rule.met(f.found)]
    return Standing(member, now, awaiting, missing if stands.above else (), store.changes(session, movement, person))


def _awaiting(member: Member) -> Rung | None:
    """The rung that only waits for a confirmation, unless the person has said no to it."""
    above = engine.awaiting(Rung(member.rung or RUNGS[0]), Rung(member.computed_rung or RUNGS[0]))
    return None if above is None or above == member.declined_rung else above


def funnel(session: Session, movement: str) -> Funnel:
    """How many people stand on each rung, and how many of them only wait for a confirmation to be on the next."""
    people, waiting, without = dict.fromkeys(RUNGS, 0), dict.fromkeys(RUNGS, 0), 0
    for rung, computed, declined, count in store.standings(session, movement):
        if rung is None or computed is None:
            without += count
            continue
        people[Rung(rung)] += count
        above = engine.awaiting(Rung(rung), Rung(computed))
        if above is not None and above != declined:
            waiting[above] += count
    return Funnel(
        rules.in_force(session, movement), [Occupied(rung, people[rung], waiting[rung]) for rung in RUNGS], without
    )
