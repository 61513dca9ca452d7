"""What becomes of an organisation's own membership when it ends: it leaves. A place in a movement passes to nobody.

And how it comes back where that is undone.
"""

from typing import NamedTuple

from sqlalchemy.orm import Session

from services.members.engagement.memberships import domain, store
from services.members.engagement.memberships.models import Membership, State
from shared import clock


class Left(NamedTuple):
    """A membership that left, and the state that it was in before."""

    membership: str
    before: str


def leave(session: Session, movement: str, organisation: str) -> Left | None:
    """Let the membership of an organisation that has ended leave, where it has one that has not left."""
    row = store.of_subject(session, movement, organisation=organisation)
    if row is None or row.state == State.LEFT:
        return None
    before = row.state
    domain.turn(session, movement, row, State.LEFT)
    _edited(row)
    return Left(row.id, before)


def come_back(session: Session, movement: str, membership: str, before: str) -> None:
    """Undo `leave`, where it has not come back by itself since."""
    row = store.find_for_change(session, movement, membership)
    if row is not None and row.state == State.LEFT:
        domain.restore(session, movement, row, State(before))
        _edited(row)


def _edited(row: Membership) -> None:
    row.version, row.updated_at = row.version + 1, clock.now()
