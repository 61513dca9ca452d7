"""Which rules are in force: the active version of the ladder's policy, and the one that every movement starts with."""

from sqlalchemy.orm import Session

from services.members import days
from services.members.engagement.ladder import moments, policies, store
from services.members.engagement.ladder.moments import Moment
from services.members.engagement.ladder.policies import Rules
from shared import clock, outbox
from shared.db.types import microseconds
from shared.events.members.engagement import LadderPolicyActivated


def in_force(session: Session, movement: str) -> Rules:
    """The active policy; before a movement first uses its ladder, the one that every movement starts with."""
    found = store.active(session, movement)
    if found is None:
        return Rules(_first_policy(movement), 1, policies.DEFAULT)
    return _rules(*found)


def applied(session: Session, movement: str) -> Rules:
    """The rules in force, for a verb: a movement's first use of its ladder puts its first policy in force."""
    rules = in_force(session, movement)
    if rules.policy is policies.DEFAULT:  # itself, and not one like it: nothing is stored yet
        text, at = policies.stored(rules.policy), microseconds(clock.now())
        if store.add_first(session, movement, rules.id, text, at):
            outbox.record(session, LadderPolicyActivated(policy=rules.id, version=rules.version))
    return rules


def versions(session: Session, movement: str) -> list[tuple[Moment, Rules]]:
    """Every version that was ever put in force, from when on, the first one first. There is always one."""
    zone = days.zone(session, movement)
    found = [(moments.of(zone, found.activated_at), _rules(*found)) for found in store.activated(session, movement)]
    return found or [(moments.EARLIEST, in_force(session, movement))]


def _rules(policy: str, version: int, rules: str, activated_at: int) -> Rules:
    return Rules(policy, version, policies.parsed(rules), 0 if version == 1 else activated_at)


def _first_policy(movement: str) -> str:
    """The id of a movement's first policy: the same whoever asks first, and whether it is stored yet or not."""
    return f"policy_{movement.rpartition('_')[2]}"
