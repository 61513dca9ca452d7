"""Every SQL statement about affiliations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After, page
from services.members.directory.affiliations.models import Affiliation


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which affiliations are wanted, ``on``: those that hold on a day; None where it does not matter."""

    person: str | None = None
    organisation: str | None = None
    role: str | None = None
    on: date | None = None
    updated_since: datetime | None = None


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
    session: Session, movement: str, *, chosen: Chosen, after: After, limit: int
) -> Sequence[Affiliation]:
    """Affiliations in the order in which they were entered, those after ``after`` first."""
    query = sa.select(Affiliation).where(Affiliation.movement == movement)
    for column, wanted in (
        (Affiliation.person, chosen.person),
        (Affiliation.organisation, chosen.organisation),
        (Affiliation.role, chosen.role),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    if chosen.on is not None:
        query = query.where(
            sa.or_(Affiliation.started_on.is_(None), Affiliation.started_on <= chosen.on),
            sa.or_(Affiliation.ended_on.is_(None), Affiliation.ended_on > chosen.on),
        )
    if chosen.updated_since is not None:
        query = query.where(Affiliation.updated_at >= chosen.updated_since)
    return session.scalars(page(query, Affiliation.id, after, limit)).all()
