"""Every SQL statement about memberships and permissions."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import bare
from services.members.directory.signups.models import Membership, Permission
from shared.db.hot import hot

_add_membership = hot(sa.insert(Membership))
_add_permission = hot(sa.insert(Permission))


def add_membership(session: Session, movement: str, membership: Membership) -> None:
    """Insert a membership, by the end of the transaction."""
    _add_membership.later(session, bare(membership) | {"movement": movement})


def add_permission(session: Session, movement: str, permission: Permission) -> None:
    """Insert a decision, by the end of the transaction."""
    _add_permission.later(session, bare(permission) | {"movement": movement})


def membership_of(session: Session, movement: str, person: str) -> Membership | None:
    """The person's membership."""
    query = sa.select(Membership).where(Membership.movement == movement, Membership.person == person)
    return session.scalar(query)


def permissions_at(session: Session, movement: str, person: str, at: datetime) -> Sequence[str]:
    """The ids of what the person decided at an instant, in the order in which they were made."""
    query = sa.select(Permission.id).where(
        Permission.movement == movement, Permission.person == person, Permission.decided_at == at
    )
    return session.scalars(query.order_by(Permission.id)).all()
