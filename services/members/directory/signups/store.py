"""Every SQL statement about memberships."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import bare
from services.members.engagement.memberships.models import Membership
from shared.db.hot import hot

_add_membership = hot(sa.insert(Membership))


def add_membership(session: Session, movement: str, membership: Membership) -> None:
    """Insert a membership, by the end of the transaction."""
    _add_membership.later(session, bare(membership) | {"movement": movement})


def membership_of(session: Session, movement: str, person: str) -> Membership | None:
    """The person's membership."""
    query = sa.select(Membership).where(Membership.movement == movement, Membership.person == person)
    return session.scalar(query)
