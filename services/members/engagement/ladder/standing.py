"""How the ladder is read: where somebody stands, why, what would help them up; and how many stand on each rung."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.members import days
from services.members.directory.people import store as people
from services.members.engagement.ladder import decisions, engine, moments, rules, store, timelines
from services.members.engagement.ladder.engine import RUNGS, Finding, Rung
from services.members.engagement.ladder.models import Decided, LadderDecision, RungChange
from services.members.engagement.ladder.policies import Rules
from services.members.engagement.ladder.replay import Course, replay
from services.members.engagement.ladder.store import Member
from services.members.trust.employers.store import refuse_own_staff
from shared.errors import Fault, Invalid, NotFound


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
    lock: LadderDecision | None = None
    floor: LadderDecision | None = None

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
    """Where a person stands, and what would take them on. Raises NotFound and OwnStaff."""
    person = people.present_id(session, movement, person)
    refuse_own_staff(session, movement, person)
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
    history = store.changes(session, movement, person)
    lock, floor = (_held(session, movement, member, kind) for kind in (Decided.LOCKED, Decided.FLOOR))
    return Standing(member, now, awaiting, missing if stands.above else (), history, lock, floor)


def as_of(session: Session, movement: str, person: str, day: date | None, known_on: date | None) -> tuple[date, Course]:
    """Where a person stood at the end of a day (None: today), by what was known at the end of another (None: is now).

    Raises NotFound; Invalid for days that are not past or not in order.
    """
    person = people.present_id(session, movement, person)
    refuse_own_staff(session, movement, person)
    member, today = store.member(session, movement, person), days.today(session, movement)
    if member is None:
        raise NotFound
    day = day or today
    faults = [
        Fault(f"?{name}", "is in the future", "in_the_future")
        for name, on in (("day", day), ("known_on", known_on))
        if on is not None and on > today
    ]
    if known_on is not None and known_on < day:
        faults.append(Fault("?known_on", "is before the day that is asked about", "before_day"))
    if faults:
        raise Invalid(faults=faults)
    zone, versions = days.zone(session, movement), rules.versions(session, movement)
    if member.off_ladder:
        return day, Course(versions[0][1])
    known = timelines.LATEST if known_on is None else moments.end_of(zone, known_on) - 1
    reviews = [on for on in store.reviews(session, movement) if known_on is None or on <= known_on]
    facts = timelines.of(session, movement, [person], zone, known)
    return day, replay(versions, reviews, facts[person], day)


def _held(session: Session, movement: str, member: Member, kind: Decided) -> LadderDecision | None:
    """The lock or the floor that holds the member."""
    held = decisions.of_person(session, movement, member.person, kind) if member.held else ()
    return held[-1] if held else None


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
