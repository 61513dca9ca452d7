"""Every SQL statement about pledges."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After, bare, page
from services.members.engagement.pledges.models import Pledge
from shared.db.hot import hot

_add = hot(sa.insert(Pledge))


def add(session: Session, movement: str, pledge: Pledge) -> None:
    """Insert a pledge, by the end of the transaction."""
    _add.later(session, bare(pledge) | {"movement": movement})


def first_of(session: Session, movement: str, person: str) -> str | None:
    """The id of the pledge that the person made first."""
    query = sa.select(sa.func.min(Pledge.id)).where(Pledge.movement == movement, Pledge.person == person)
    return session.scalar(query)


def list_pledges(
    session: Session, movement: str, *, person: str | None, campaign: str | None, after: After, limit: int
) -> Sequence[Pledge]:
    """Pledges in the order of their making, those after ``after`` first."""
    query = sa.select(Pledge).where(Pledge.movement == movement)
    if person is not None:
        query = query.where(Pledge.person == person)
    if campaign is not None:
        query = query.where(Pledge.campaign == campaign)
    return session.scalars(page(query, Pledge.id, after, limit)).all()
