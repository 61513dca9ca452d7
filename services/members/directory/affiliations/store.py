"""Every SQL statement about affiliations."""

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After, page
from services.members.directory.affiliations.models import Affiliation


def add(session: Session, affiliation: Affiliation) -> None:
    """Insert an affiliation."""
    session.add(affiliation)


def remove(session: Session, affiliation: Affiliation) -> None:
    """Delete an affiliation."""
    session.delete(affiliation)


def find(session: Session, movement: str, affiliation: str) -> Affiliation | None:
    """One affiliation."""
    return session.get(Affiliation, (movement, affiliation))


def for_change(session: Session, movement: str, affiliation: str) -> Affiliation | None:
    """One affiliation, locked until the transaction ends."""
    return session.get(Affiliation, (movement, affiliation), with_for_update=True)


def of_both(session: Session, movement: str, person: str, organisation: str) -> Sequence[Affiliation]:
    """Every place that a person has or had in an organisation."""
    query = sa.select(Affiliation).where(
        Affiliation.movement == movement, Affiliation.person == person, Affiliation.organisation == organisation
    )
    return session.scalars(query.order_by(Affiliation.id)).all()


def open_on(session: Session, movement: str, organisation: str, day: date) -> Sequence[Affiliation]:
    """The places in an organisation that have no end on or before a day, locked until the transaction ends."""
    query = sa.select(Affiliation).where(
        Affiliation.movement == movement,
        Affiliation.organisation == organisation,
        sa.or_(Affiliation.ended_on.is_(None), Affiliation.ended_on > day),
    )
    return session.scalars(query.order_by(Affiliation.id).with_for_update()).all()


def list_affiliations(
    session: Session,
    movement: str,
    *,
    person: str | None,
    organisation: str | None,
    role: str | None,
    on: date | None,
    updated_since: datetime | None,
    after: After,
    limit: int,
) -> Sequence[Affiliation]:
    """Affiliations in the order in which they were entered, those after ``after`` first; ``on``: that hold on a day."""
    query = sa.select(Affiliation).where(Affiliation.movement == movement)
    if person is not None:
        query = query.where(Affiliation.person == person)
    if organisation is not None:
        query = query.where(Affiliation.organisation == organisation)
    if role is not None:
        query = query.where(Affiliation.role == role)
    if on is not None:
        query = query.where(
            sa.or_(Affiliation.started_on.is_(None), Affiliation.started_on <= on),
            sa.or_(Affiliation.ended_on.is_(None), Affiliation.ended_on > on),
        )
    if updated_since is not None:
        query = query.where(Affiliation.updated_at >= updated_since)
    return session.scalars(page(query, Affiliation.id, after, limit)).all()
