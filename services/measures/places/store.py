"""Every SQL statement about places. They are shared by all movements, so nothing here takes one."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.measures.places.models import Place, PlaceRow, Span
from shared.db.hot import hot
from shared.db.lists import among, json_list
from shared.db.session import of

_columns = Place.__table__.c
_of_codes = hot(sa.select(*_columns).where(among(_columns.code, "codes")))
_of_parents = hot(sa.select(*_columns).where(among(_columns.parent, "parents")))
_upsert = {
    module.__name__.rsplit(".", 1)[-1]: hot(
        (
            insert := module.insert(Place).values({column.name: sa.bindparam(column.name) for column in _columns})
        ).on_conflict_do_update(
            index_elements=["code"],
            set_={column.name: insert.excluded[column.name] for column in _columns if column.name != "code"},
        )
    )
    for module in (sqlite, postgresql)
}


def save(session: Session, rows: Sequence[PlaceRow]) -> None:
    """Insert the places, or replace what is known of them."""
    _upsert[of(session).dialect.name].many(session, [row._asdict() for row in rows])


def find(session: Session, codes: Collection[str]) -> dict[str, PlaceRow]:
    """Those of the places that are known, by code."""
    rows = _of_codes.rows(session, {"codes": json_list(codes)})
    return {row[0]: PlaceRow(*row) for row in rows}


def lying_in(session: Session, parents: Collection[str]) -> dict[str, PlaceRow]:
    """The places whose parent, by the places file, is one of these, by code."""
    rows = _of_parents.rows(session, {"parents": json_list(parents)})
    return {row[0]: PlaceRow(*row) for row in rows}


def spans(session: Session) -> dict[str, Span]:
    """The days on which each place exists, of every place, by code."""
    return {row.code: PlaceRow(*row).span for row in session.execute(sa.select(*_columns))}


def get(session: Session, code: str) -> Place | None:
    """The place, or None."""
    return session.get(Place, code)


def page(session: Session, *, q: str | None, kind: str | None, after: str | None, limit: int) -> Sequence[Place]:
    """Places by code: whose name holds `q` or whose code starts with it, of one kind, behind the one named `after`."""
    query = sa.select(Place).order_by(Place.code).limit(limit)
    if q is not None:
        named = sa.func.lower(Place.name).contains(q.lower(), autoescape=True)
        query = query.where(named | Place.code.startswith(q.upper(), autoescape=True))
    if kind is not None:
        query = query.where(Place.kind == kind)
    if after is not None:
        query = query.where(Place.code > after)
    return session.scalars(query).all()
