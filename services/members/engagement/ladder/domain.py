"""The ladder's verbs: people climb by what they do, policies are drafted and put in force, high rungs are confirmed."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

import msgspec
from sqlalchemy.orm import Session

from services.members import days
from services.members.engagement.ladder import engine, policies, store, words
from services.members.engagement.ladder.engine import RUNGS, Activity, Policy, Rung, Tallies
from services.members.engagement.ladder.models import Cause, LadderPolicy, PolicyState, RungChange
from services.members.engagement.ladder.store import Member
from shared import clock, outbox
from shared.db.types import microseconds
from shared.errors import Conflict, Invalid, NotFound
from shared.events.members.engagement import LadderPolicyActivated, MembershipRungChanged, MembershipRungRemoved
from shared.ids import new_id


class NotEligible(Conflict):
    """The rung is not the next one up for this person, or its rules are not met; ``rung`` says where they stand."""

    code = "not_eligible"
    title = "Not eligible for this rung"


class NoLadder(Conflict):
    """The person has no place on the ladder, and nobody is told why."""

    code = "no_ladder"
    title = "This person has no place on the ladder"


class Rules(NamedTuple):
    """The policy in force, by which a change is explained."""

    id: str
    version: int
    policy: Policy


def rules_in_force(session: Session, movement: str) -> Rules:
    """The active policy; before a movement first uses its ladder, the one that every movement starts with."""
    found = store.active(session, movement)
    if found is None:
        return Rules(_first_policy(movement), 1, policies.DEFAULT)
    return Rules(found.id, found.version, policies.parsed(found.rules))


def join(session: Session, movement: str, person: str, membership: str, done: Sequence[Activity]) -> Member:
    """Put somebody who joins on the lowest rung, and as far up as what they do in joining takes them."""
    rules, today = _rules_applied(session, movement), days.today(session, movement)
    found = engine.tallies(rules.policy, done, today)
    reached = engine.computed(rules.policy, found)
    stands = engine.effective(Rung.OBSERVER, reached)
    joined = Member(person, membership, Rung.OBSERVER, reached)
    _step(session, movement, joined._replace(rung=None), Rung.OBSERVER, Cause.JOINED, rules, {}, today)
    if stands is not Rung.OBSERVER:
        _step(session, movement, joined, stands, Cause.ACTIVITY, rules, found, today)
    return joined._replace(rung=stands)


def climb(session: Session, movement: str, members: Sequence[Member], kinds: Collection[str]) -> None:
    """Move members up as far as activities of these kinds, just recorded, take them. Nobody ever moves down here."""
    rules = _rules_applied(session, movement)
    if rules.policy.concerns(kinds):
        _move_up(session, movement, members, rules, Cause.ACTIVITY)


def _move_up(session: Session, movement: str, members: Sequence[Member], rules: Rules, cause: Cause) -> None:
    climbing = [(member, Rung(member.rung)) for member in members if member.rung and member.rung != RUNGS[-1]]
    if not climbing:
        return
    today, people = days.today(session, movement), [member.person for member, _ in climbing]
    found = store.tallies(session, movement, people, rules.policy.selections(), today)
    for member, stood in climbing:
        reached = engine.computed(rules.policy, found[member.person])
        stands = engine.effective(stood, reached)
        if (stands, reached) != (stood, member.computed_rung):
            store.move(session, movement, member.person, stands, reached)
        if stands is not stood:
            _step(session, movement, member, stands, cause, rules, found[member.person], today)


def take_off(session: Session, movement: str, members: Sequence[Member]) -> None:
    """Let members have no rung any more, whatever they do. `guard` decides who."""
    for member in members:
        store.set_off_ladder(session, movement, member.person, is_off=True)
        if member.rung is not None:
            rules = _rules_applied(session, movement)
            _step(session, movement, member, None, Cause.OFF_LADDER, rules, {}, days.today(session, movement))


def let_on_again(session: Session, movement: str, members: Sequence[Member]) -> None:
    """Let members begin again as observers, and as far up as what they did takes them. `guard` decides who."""
    rules = _rules_applied(session, movement)
    for member in members:
        store.set_off_ladder(session, movement, member.person, is_off=False)
        store.move(session, movement, member.person, Rung.OBSERVER, Rung.OBSERVER)
        _step(session, movement, member, Rung.OBSERVER, Cause.READMITTED, rules, {}, days.today(session, movement))
    begun = [member._replace(rung=Rung.OBSERVER, computed_rung=Rung.OBSERVER) for member in members]
    _move_up(session, movement, begun, rules, Cause.ACTIVITY)


def draft(session: Session, movement: str, policy: Policy) -> LadderPolicy:
    """Write down a version of the rules, not yet in force. Raises Invalid with all that makes it impossible."""
    if faults := policies.faults(policy):
        raise Invalid("nobody could climb by these rules", faults=faults)
    _rules_applied(session, movement)
    row = LadderPolicy(
        movement=movement,
        id=new_id("policy"),
        version=store.lock_and_count_versions(session, movement) + 1,
        state=PolicyState.DRAFT,
        rules=policies.stored(policy),
        created_at=clock.now(),
        activated_at=None,
        reviewed_up_to=None,
    )
    session.add(row)
    return row


def activate(session: Session, movement: str, policy: str) -> LadderPolicy:
    """Put a draft in force in place of the version before. Everybody is then reviewed under it; nobody moves down."""
    store.lock_and_count_versions(session, movement)
    row = store.find(session, movement, policy)
    if row is None:
        raise NotFound
    store.retire_active(session, movement)  # undone with everything else where the row is no draft
    row.activate(clock.now())
    outbox.record(session, LadderPolicyActivated(policy=row.id, version=row.version))
    return row


def review(session: Session, movement: str, slice_of: int) -> bool:
    """Move up the next people whom the policy in force has not been applied to; whether more of them are left."""
    policy = store.under_review(session, movement)
    if policy is None:
        return False
    members = store.next_for_change(session, movement, policy.reviewed_up_to or "", slice_of)
    rules = Rules(policy.id, policy.version, policies.parsed(policy.rules))
    _move_up(session, movement, members, rules, Cause.POLICY)
    policy.reviewed_up_to = members[-1].person if len(members) == slice_of else None
    return policy.reviewed_up_to is not None


def confirm(session: Session, movement: str, person: str, rung: Rung, user: str) -> RungChange:
    """Let an eligible person stand on a rung that needs a confirmation. The caller vouches that the person accepts."""
    found = store.for_change(session, movement, [person])
    if not found:
        raise NotFound
    member = found[0]
    if member.rung is None:
        raise NoLadder
    rules, today = _rules_applied(session, movement), days.today(session, movement)
    seen = store.tallies(session, movement, [person], rules.policy.selections(), today)[person]
    reached = engine.computed(rules.policy, seen)
    if engine.awaiting(Rung(member.rung), reached) is not rung:
        raise NotEligible(f"their next step is not to be {words.NAMES[rung]}", rung=member.rung)
    store.move(session, movement, person, rung, reached)
    return _step(session, movement, member, rung, Cause.CONFIRMATION, rules, seen, today, confirmed_by=user)


def _rules_applied(session: Session, movement: str) -> Rules:
    """The rules in force, for a verb: a movement's first use of its ladder puts its first policy in force."""
    rules = rules_in_force(session, movement)
    if rules.policy is policies.DEFAULT:  # itself, and not one like it: nothing is stored yet
        text, at = policies.stored(rules.policy), microseconds(clock.now())
        if store.add_first(session, movement, rules.id, text, at):
            outbox.record(session, LadderPolicyActivated(policy=rules.id, version=rules.version))
    return rules


def _step(
    session: Session,
    movement: str,
    member: Member,
    to_rung: Rung | None,
    cause: Cause,
    rules: Rules,
    found: Tallies,
    as_of: date,
    confirmed_by: str | None = None,
) -> RungChange:
    """Store a change with what it rests on: each rule of each rung that was climbed, and what was found for it."""
    started = 0 if member.rung is None else Rung(member.rung).height
    climbed = () if to_rung is None else RUNGS[started + 1 : to_rung.height + 1]
    evidence = [finding for rung in climbed for finding in engine.findings(rules.policy, rung, found)]
    change = RungChange(
        id=new_id("change"),
        person=member.person,
        from_rung=member.rung,
        to_rung=to_rung,
        cause=cause,
        confirmed_by=confirmed_by,
        policy=rules.id,
        policy_version=rules.version,
        evidence=msgspec.json.encode(evidence, order="deterministic").decode(),
        as_of=as_of,
        changed_at=clock.now(),
    )
    store.add_change(session, movement, change)
    _announce(session, member, to_rung, rules)
    return change


def _announce(session: Session, member: Member, to_rung: Rung | None, rules: Rules) -> None:
    """Say that somebody moved. Coming onto the ladder is no move."""
    if member.rung is None:
        return
    if to_rung is None:
        gone = MembershipRungRemoved(person=member.person, membership=member.membership, from_rung=member.rung)
        outbox.record(session, gone)
        return
    moved = MembershipRungChanged(
        person=member.person,
        membership=member.membership,
        from_rung=member.rung,
        to_rung=to_rung,
        policy=rules.id,
    )
    outbox.record(session, moved)


def _first_policy(movement: str) -> str:
    """The id of a movement's first policy: the same whoever asks first, and whether it is stored yet or not."""
    return f"policy_{movement.rpartition('_')[2]}"
