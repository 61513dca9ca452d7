"""Every SQL statement about gatherings themselves."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After, page
from services.members.engagement.gatherings.models import Gathering, Kind, State


def add(session: Session, gathering: Gathering) -> None:
    """Insert a gathering."""
    session.add(gathering)
    session.flush()


def find(session: Session, movement: str, gathering: str) -> Gathering | None:
    """One gathering."""
    return session.get(Gathering, (movement, gathering))


def for_change(session: Session, movement: str, gathering: str) -> Gathering | None:
    """One gathering, locked until the transaction ends (PostgreSQL). Its slots are locked after it, never before."""
    return session.get(Gathering, (movement, gathering), with_for_update=True)


def as_it_is(session: Session, movement: str, gathering: str) -> Gathering | None:
    """One gathering that stays as it is until the transaction ends, while others may book it too (PostgreSQL)."""
    return session.get(Gathering, (movement, gathering), with_for_update={"read": True})


def list_gatherings(
    session: Session,
    movement: str,
    *,
    kind: Kind | None,
    state: State | None,
    updated_since: datetime | None,
    after: After,
    limit: int,
) -> Sequence[Gathering]:
    """Gatherings in the order in which they were drafted."""
    query = sa.select(Gathering).where(Gathering.movement == movement)
    if kind is not None:
        query = query.where(Gathering.kind == kind)
    if state is not None:
        query = query.where(Gathering.state == state)
    if updated_since is not None:
        query = query.where(Gathering.updated_at >= updated_since)
    return session.scalars(page(query, Gathering.id, after, limit)).all()
