"""The verbs of the ladder's policy: a version is drafted, and put in force in place of the one before."""

from sqlalchemy.orm import Session

from services.members.engagement.ladder import policies, rules, runs, store
from services.members.engagement.ladder.engine import Policy
from services.members.engagement.ladder.models import LadderPolicy, PolicyState, RunKind
from shared import clock, outbox
from shared.errors import Invalid, NotFound
from shared.events.members.engagement import LadderPolicyActivated
from shared.ids import new_id


def draft(session: Session, movement: str, policy: Policy) -> LadderPolicy:
    """Write down a version of the rules, not yet in force. Raises Invalid with all that makes it impossible."""
    if faults := policies.faults(policy):
        raise Invalid("nobody could climb by these rules", faults=faults)
    rules.applied(session, movement)
    row = LadderPolicy(
        movement=movement,
        id=new_id("policy"),
        version=store.lock_and_count_versions(session, movement) + 1,
        state=PolicyState.DRAFT,
        rules=policies.stored(policy),
        created_at=clock.now(),
        activated_at=None,
    )
    session.add(row)
    return row


def activate(session: Session, movement: str, policy: str) -> LadderPolicy:
    """Put a draft in force in place of the version before. Everybody is then reckoned anew; nobody moves down by it."""
    store.lock_and_count_versions(session, movement)
    row = read(session, movement, policy)
    store.retire_active(session, movement)  # undone with everything else where the row is no draft
    row.activate(clock.now())
    outbox.record(session, LadderPolicyActivated(policy=row.id, version=row.version))
    runs.start(session, movement, RunKind.POLICY)
    return row


def read(session: Session, movement: str, policy: str) -> LadderPolicy:
    """A version of the rules. Raises NotFound."""
    row = store.find(session, movement, policy)
    if row is None:
        raise NotFound
    return row
