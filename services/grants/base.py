"""The tables' common base: one metadata for the service, how types are stored, how rows are listed, and held."""

from datetime import datetime
from typing import ClassVar, TypeVar

import sqlalchemy as sa
from sqlalchemy import orm

from shared.db.types import Instant

T = TypeVar("T")


class Base(orm.DeclarativeBase):
    """Text for ``str``, 64-bit integers for ``int`` (pence, in every money column), microseconds for instants."""

    type_annotation_map: ClassVar = {str: sa.Text, int: sa.BigInteger, datetime: Instant}


Listed = TypeVar("Listed", bound=Base)


def listed(
    table: type[Listed], movement: str, *, after: str, limit: int, since: datetime | None = None, **only: str | None
) -> sa.Select[Listed]:
    """A page of a movement's rows in the order of their making, those after ``after`` first.

    ``only`` names columns and what is to stand there, ``since`` when a row was changed last; None asks for neither.
    """
    columns = table.__table__.c
    query = sa.select(table).where(columns.movement == movement, columns.id > after)
    for name, value in only.items():
        if value is not None:
            query = query.where(columns[name] == value)
    if since is not None:
        query = query.where(columns.updated_at >= since)
    return query.order_by(columns.id).limit(limit)


def locked(session: orm.Session, query: sa.Select[T]) -> T | None:
    """The one row as it is now, whatever the session knew of it, held until the transaction ends.

    Its key is not held, for it never changes: whoever writes a row that refers to this one need not wait.
    """
    return session.scalar(query.with_for_update(key_share=True).execution_options(populate_existing=True))
