"""Whether somebody may be brought close to others: the one question of all who introduce, roster or name a host.

The answer is yes or no and never why: that a check is missing, that two people are kept apart and that somebody is
protected look the same, and like a place that is taken. Who needs to know asks the designated lead.
"""

from collections.abc import Collection

from sqlalchemy.orm import Session

from services.members import days
from services.members.trust.safeguarding.checks.models import Act
from services.members.trust.safeguarding.checks.store import may_act
from services.members.trust.safeguarding.keep_apart.store import from_whom
from services.members.trust.safeguarding.protected.store import is_protected
from shared.errors import Conflict


class NotAvailable(Conflict):
    """It cannot be: not now, or not for them. Whatever the reason, this is all that is said."""

    code = "not_available"
    title = "This is not possible for them"


def may_join(session: Session, movement: str, person: str, others: Collection[str]) -> bool:
    """Whether somebody may be where these others are."""
    return from_whom(session, movement, person).isdisjoint(others)


def may_be(session: Session, movement: str, person: str, act: Act, others: Collection[str]) -> bool:
    """Whether somebody may be made this among these others: by their checks, and by whom they are kept from.

    Nobody is who must not be found.
    """
    allowed = may_act(session, movement, person, act, days.today(session, movement))
    return allowed and may_join(session, movement, person, others) and not is_protected(session, movement, person)
