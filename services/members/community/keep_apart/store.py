"""Every SQL statement about people who are kept apart."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After, page
from services.members.community.keep_apart.models import KeptApart


def add(session: Session, movement: str, pair: KeptApart) -> None:
    """Keep two people apart from now on."""
    pair.movement = movement
    session.add(pair)


def for_change(session: Session, movement: str, pair: str) -> KeptApart | None:
    """One record, locked until the transaction ends."""
    query = sa.select(KeptApart).where(KeptApart.movement == movement, KeptApart.id == pair)
    return session.scalar(query.with_for_update())


def list_pairs(session: Session, movement: str, *, person: str | None, after: After, limit: int) -> Sequence[KeptApart]:
    """The records in the order of their making: all of them, or those that a person is in."""
    query = sa.select(KeptApart).where(KeptApart.movement == movement)
    if person is not None:
        query = query.where(sa.or_(KeptApart.person == person, KeptApart.other == person))
    return session.scalars(page(query, KeptApart.id, after, limit)).all()


def from_whom(movement: str, person: str) -> sa.CompoundSelect[str]:
    """Everybody who is kept apart from a person, as a query: what all who bring people together ask."""
    in_force = KeptApart.movement == movement, KeptApart.ended_at.is_(None)
    return sa.union_all(
        sa.select(KeptApart.other).where(*in_force, KeptApart.person == person),
        sa.select(KeptApart.person).where(*in_force, KeptApart.other == person),
    )


def are_apart(session: Session, movement: str, person: str, other: str) -> bool:
    """Whether two people are kept apart."""
    apart = from_whom(movement, person).subquery()
    return session.scalar(sa.select(sa.literal(1)).where(sa.literal(other).in_(sa.select(apart)))) is not None
