"""Every SQL statement about places that are named."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from services.grants.places.models import NamedPlace
from shared import clock


def note(session: Session, movement: str, codes: Collection[str]) -> None:
    """Have measures asked about places that were not named before; of two who name one at once either is enough."""
    new = sorted(set(codes) - within(session, movement, codes).keys())
    if new:
        insert = postgres_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
        rows = [{"movement": movement, "code": code, "within": [], "due_at": clock.now()} for code in new]
        session.execute(insert(NamedPlace).values(rows).on_conflict_do_nothing())


def within(session: Session, movement: str, codes: Collection[str]) -> Mapping[str, Sequence[str]]:
    """The areas that each of these lies in, of those that were named."""
    query = sa.select(NamedPlace.code, NamedPlace.within).where(
        NamedPlace.movement == movement, NamedPlace.code.in_(codes)
    )
    return {row.code: row.within for row in session.execute(query)} if codes else {}


def due(session: Session, at: datetime, limit: int) -> Sequence[tuple[str, str]]:
    """Places of all movements that measures is to be asked about: movement and code, the longest due first."""
    query = sa.select(NamedPlace.movement, NamedPlace.code).where(NamedPlace.due_at <= at)
    return [(movement, code) for movement, code in session.execute(query.order_by(NamedPlace.due_at).limit(limit))]


def learn(session: Session, movement: str, code: str, areas: Sequence[str], next_at: datetime) -> None:
    """Keep in what a place lies, and when measures is asked again."""
    here = NamedPlace.movement == movement, NamedPlace.code == code
    session.execute(sa.update(NamedPlace).where(*here).values(within=list(areas), due_at=next_at))
