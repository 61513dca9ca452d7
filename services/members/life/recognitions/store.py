"""Every SQL statement about recognition."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After, page
from services.members.life.recognitions.models import Recognition, Scheme


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which recognitions are wanted; None where it does not matter. ``on`` is a day on which they hold."""

    scheme: str | None = None
    person: str | None = None
    organisation: str | None = None
    on: date | None = None
    updated_since: datetime | None = None


def add(session: Session, row: Scheme | Recognition) -> None:
    """Insert a row."""
    session.add(row)
    session.flush()


def find_scheme(session: Session, movement: str, scheme: str, *, locked: bool = False) -> Scheme | None:
    """One scheme, perhaps locked until the transaction ends."""
    return session.get(Scheme, (movement, scheme), with_for_update=locked or None)


def list_schemes(
    session: Session, movement: str, *, updated_since: datetime | None, after: After, limit: int
) -> Sequence[Scheme]:
    """Schemes in the order in which they were made, those after ``after`` first."""
    query = sa.select(Scheme).where(Scheme.movement == movement)
    if updated_since is not None:
        query = query.where(Scheme.updated_at >= updated_since)
    return session.scalars(page(query, Scheme.id, after, limit)).all()


def find(session: Session, movement: str, recognition: str, *, locked: bool = False) -> Recognition | None:
    """One recognition, perhaps locked until the transaction ends."""
    query = sa.select(Recognition).where(Recognition.movement == movement, Recognition.id == recognition)
    return session.scalar(query.with_for_update() if locked else query)


def meeting(
    session: Session, movement: str, scheme: str, whose: tuple[str | None, str | None], first: date, last: date | None
) -> str | None:
    """A recognition by the scheme, of a person or an organisation, that holds on one of these days."""
    person, organisation = whose
    ends = sa.func.coalesce(Recognition.ended_on, sa.literal(date.max))
    query = sa.select(Recognition.id).where(
        Recognition.movement == movement,
        Recognition.scheme == scheme,
        Recognition.person == person if person is not None else Recognition.organisation == organisation,
        sa.or_(Recognition.until.is_(None), Recognition.until >= first),
        ends > first,
    )
    if last is not None:
        query = query.where(Recognition.given_on <= last)
    return session.scalar(query.order_by(Recognition.id).limit(1))


def list_recognitions(
    session: Session, movement: str, *, chosen: Chosen, after: After, limit: int
) -> Sequence[Recognition]:
    """Recognitions in the order in which they were noted, those after ``after`` first."""
    query = sa.select(Recognition).where(Recognition.movement == movement)
    for column, wanted in (
        (Recognition.scheme, chosen.scheme),
        (Recognition.person, chosen.person),
        (Recognition.organisation, chosen.organisation),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    if chosen.on is not None:
        query = query.where(
            Recognition.given_on <= chosen.on,
            sa.or_(Recognition.until.is_(None), Recognition.until >= chosen.on),
            sa.or_(Recognition.ended_on.is_(None), Recognition.ended_on > chosen.on),
        )
    if chosen.updated_since is not None:
        query = query.where(Recognition.updated_at >= chosen.updated_since)
    return session.scalars(page(query, Recognition.id, after, limit)).all()
