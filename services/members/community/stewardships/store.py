"""Every SQL statement about stewardships and caretakers."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict, Unpack

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After, Base, page
from services.members.community.assets.models import Asset
from services.members.community.circles.models import Circle
from services.members.community.stewardships.models import (
    AboutKind,
    Caretaker,
    Role,
    State,
    Stewardship,
    kind_of,
)
from services.members.directory.organisations.models import Organisation
from services.members.directory.people.models import Person

_ABOUT = {
    AboutKind.PERSON: Stewardship.about_person,
    AboutKind.ORGANISATION: Stewardship.about_organisation,
    AboutKind.CIRCLE: Stewardship.about_circle,
    AboutKind.ASSET: Stewardship.about_asset,
}
_TABLES: dict[AboutKind, type[Person] | type[Organisation] | type[Circle] | type[Asset]] = {
    AboutKind.PERSON: Person,
    AboutKind.ORGANISATION: Organisation,
    AboutKind.CIRCLE: Circle,
    AboutKind.ASSET: Asset,
}


def add(session: Session, row: Base) -> None:
    """Insert a stewardship or a caretaker."""
    session.add(row)
    session.flush()


def lock(session: Session, movement: str, about: str) -> bool:
    """Hold what a relationship is with, until the transaction ends (PostgreSQL); False where there is no such thing.

    Whoever gives a holder to somebody or something locks it first: so there is never a second one.
    """
    table = _TABLES[kind_of(about)]
    query = sa.select(table.id).where(table.movement == movement, table.id == about)
    return session.scalar(query.with_for_update(key_share=True)) is not None


def find(session: Session, movement: str, stewardship: str, *, lock: bool = False) -> Stewardship | None:
    """One stewardship; ``lock`` holds the row until the transaction ends (PostgreSQL)."""
    query = sa.select(Stewardship).where(Stewardship.movement == movement, Stewardship.id == stewardship)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalar(query)


def held(session: Session, movement: str, about: str, role: Role | None = None) -> Sequence[Stewardship]:
    """Who keeps a relationship now, in whichever role or in this one; the longest first."""
    query = sa.select(Stewardship).where(
        Stewardship.movement == movement, _ABOUT[kind_of(about)] == about, Stewardship.state == State.HELD
    )
    if role is not None:
        query = query.where(Stewardship.role == role)
    return session.scalars(query.order_by(Stewardship.id)).all()


def of_holder(session: Session, movement: str, person: str) -> Sequence[Stewardship]:
    """Everything that somebody holds or is asked to hold, locked (PostgreSQL), in the order of the ids."""
    query = sa.select(Stewardship).where(
        Stewardship.movement == movement,
        Stewardship.holder == person,
        Stewardship.state.in_([State.HELD, State.OFFERED]),
    )
    return session.scalars(query.order_by(Stewardship.id).with_for_update()).all()


class Further(TypedDict):
    """Which stewardships of a list: in one state, changed since, and behind which on the page."""

    state: State | None
    updated_since: datetime | None
    after: After
    limit: int


def list_stewardships(
    session: Session, movement: str, *, about: str | None, holder: str | None, **further: Unpack[Further]
) -> Sequence[Stewardship]:
    """Stewardships in the order in which they were offered: all, of one relationship, of one holder, in one state."""
    query = sa.select(Stewardship).where(Stewardship.movement == movement)
    if about is not None:
        query = query.where(_ABOUT[kind_of(about)] == about)
    if holder is not None:
        query = query.where(Stewardship.holder == holder)
    if further["state"] is not None:
        query = query.where(Stewardship.state == further["state"])
    if further["updated_since"] is not None:
        query = query.where(Stewardship.updated_at >= further["updated_since"])
    return session.scalars(page(query, Stewardship.id, further["after"], further["limit"])).all()


def caretakers(
    session: Session, movement: str, *, past: bool, after: After = None, limit: int = 1000
) -> Sequence[Caretaker]:
    """The caretakers of the movement and of its circles: those of now, or (``past``) those of before too."""
    query = sa.select(Caretaker).where(Caretaker.movement == movement)
    if not past:
        query = query.where(Caretaker.ended_at.is_(None))
    return session.scalars(page(query, Caretaker.id, after, limit)).all()
