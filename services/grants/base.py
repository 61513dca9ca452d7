"""The tables' common base: one metadata for the service, how Python's types are stored, and how a row is held."""

from datetime import datetime
from typing import ClassVar, TypeVar

import sqlalchemy as sa
from sqlalchemy import orm

from shared.db.types import Instant

T = TypeVar("T")


class Base(orm.DeclarativeBase):
    """Text for ``str``, 64-bit integers for ``int`` (pence, in every money column), microseconds for instants."""

    type_annotation_map: ClassVar = {str: sa.Text, int: sa.BigInteger, datetime: Instant}


def locked(session: orm.Session, query: sa.Select[T]) -> T | None:
    """The one row as it is now, whatever the session knew of it, held until the transaction ends.

    Its key is not held, for it never changes: whoever writes a row that refers to this one need not wait.
    """
    return session.scalar(query.with_for_update(key_share=True).execution_options(populate_existing=True))
