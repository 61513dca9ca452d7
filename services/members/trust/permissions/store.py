"""Every SQL statement about permissions."""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from services.members.base import After, bare, page
from services.members.trust.permissions.models import Decision, Permission
from shared.db.hot import hot

_add = hot(sa.insert(Permission))


def add(session: Session, movement: str, permission: Permission) -> None:
    """Insert a decision, by the end of the transaction."""
    _add.later(session, bare(permission) | {"movement": movement})


def holders(movement: str, purpose: str, channel: str, at: datetime) -> sa.Select[str]:
    """The people who allow a purpose over a channel at a moment, as a query: what all who ask about many people join.

    Of two decisions of one moment the refusal holds.
    """
    later = aliased(Permission)
    outdone = sa.select(later.id).where(
        later.movement == movement,
        later.person == Permission.person,
        later.purpose == purpose,
        later.channel == channel,
        later.decided_at <= at,
        sa.or_(
            later.decided_at > Permission.decided_at,
            sa.and_(later.decided_at == Permission.decided_at, later.decision == Decision.REFUSED),
        ),
    )
    return sa.select(Permission.person).where(
        Permission.movement == movement,
        Permission.purpose == purpose,
        Permission.channel == channel,
        Permission.decision == Decision.GIVEN,
        Permission.decided_at <= at,
        ~outdone.exists(),
    )


def permitted(session: Session, movement: str, person: str, purpose: str, channel: str, at: datetime) -> bool:
    """Whether the person allows the purpose over the channel at a moment."""
    query = holders(movement, purpose, channel, at).where(Permission.person == person)
    return session.scalar(query.limit(1)) is not None


def decided_at(session: Session, movement: str, person: str, at: datetime) -> Sequence[str]:
    """The ids of what the person decided at an instant, in the order in which they were made."""
    query = sa.select(Permission.id).where(
        Permission.movement == movement, Permission.person == person, Permission.decided_at == at
    )
    return session.scalars(query.order_by(Permission.id)).all()


def list_permissions(session: Session, movement: str, person: str, *, after: After, limit: int) -> Sequence[Permission]:
    """A person's decisions in the order in which they were made, those after ``after`` first."""
    query = sa.select(Permission).where(Permission.movement == movement, Permission.person == person)
    return session.scalars(page(query, Permission.id, after, limit)).all()


def all_of(session: Session, movement: str, people: Collection[str]) -> Sequence[Permission]:
    """Every decision of these people, in the order in which they were made."""
    query = sa.select(Permission).where(Permission.movement == movement, Permission.person.in_(people))
    return session.scalars(query.order_by(Permission.id).execution_options(populate_existing=True)).all()
