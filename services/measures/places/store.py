"""Every SQL statement about places. They are shared by all movements, so nothing here takes one."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.measures.places.models import Place, PlaceRow, Span
from services.measures.slices import slices
from shared.db.hot import hot
from shared.db.session import of

_columns = Place.__table__.c
_FEW = 8
"""Places that are looked up one by one: a hot statement is fixed, and takes no list."""
_of_code = hot(sa.select(*_columns).where(_columns.code == sa.bindparam("code", type_=sa.Text)))
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
    if len(codes) <= _FEW:
        rows = (_of_code.one(session, {"code": code}) for code in codes)
        return {row[0]: PlaceRow(*row) for row in rows if row is not None}
    found: dict[str, PlaceRow] = {}
    for few in slices(sorted(codes)):
        for row in session.execute(sa.select(*_columns).where(_columns.code.in_(few))):
            found[row.code] = PlaceRow(*row)
    return found


def lying_in(session: Session, parents: Collection[str]) -> dict[str, PlaceRow]:
    """The places whose parent, by the places file, is one of these, by code."""
    rows = session.execute(sa.select(*_columns).where(_columns.parent.in_(parents)))
    return {row.code: PlaceRow(*row) for row in rows}


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
