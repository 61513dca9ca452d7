"""The tables' common base: one metadata for the service, how Python's types are stored, and rows for hot statements."""

from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import ClassVar, TypeVarTuple

import msgspec
import sqlalchemy as sa
from sqlalchemy import orm

from shared.db.hot import Value
from shared.db.types import Instant, microseconds

Columns = TypeVarTuple("Columns")
HOLDS_PERSON = {"holds": "person"}
"""The ``info`` of every column that holds a person's id without a foreign key: merging people finds the rows by it."""
HOLDS_ANOTHER_PERSON = {"holds": "person", "another": "person"}
"""The same for one who is another than whoever else stands in the row: it is emptied where the two become one."""
HOLDS_SIDE = {"holds": "person", "another": "person", "side": "person"}
"""The same for either side of what is between two: where the two become one, there is nothing between them any more."""
HOLDS_ORGANISATION = {"holds": "organisation"}
"""The same for every column that holds an organisation's id without a foreign key."""
HOLDS_ORGANISATION_SIDE = {"holds": "organisation", "another": "organisation", "side": "organisation"}
"""The same for either side of what is between two organisations."""
After = tuple[str | int, ...] | None
"""The position of the last row that a caller has: here always the value of one unique column."""


class Base(orm.DeclarativeBase):
    """Text for ``str``, 64-bit integers for ``int``, microseconds for instants, calendar days as dates.

    Every table's key begins with the movement, and so does every foreign key: a row of one movement cannot point into
    another's.
    """

    type_annotation_map: ClassVar = {str: sa.Text, int: sa.BigInteger, datetime: Instant, date: sa.Date}


def bare(row: Base) -> dict[str, Value]:
    """A row as a hot statement takes it: every column by name, in the form that both drivers store it in."""
    return {column: _bare(getattr(row, attribute)) for attribute, column in _columns(type(row))}


def page(
    query: sa.Select[*Columns],
    by: orm.InstrumentedAttribute[str] | orm.InstrumentedAttribute[int],
    after: After,
    limit: int,
) -> sa.Select[*Columns]:
    """The next rows of a query, in the order of a unique column."""
    if after is not None:
        query = query.where(by > after[0])
    return query.order_by(by).limit(limit)


def _bare(value: object) -> Value:
    match value:
        case Enum():
            return str(value.value)
        case None | str() | int() | float() | bytes():
            return value
        case datetime():
            return microseconds(value)
        case date():
            return value.isoformat()
        case _:
            return msgspec.json.encode(value).decode()


@cache
def _columns(table: type[Base]) -> list[tuple[str, str]]:
    return [(attribute.key, attribute.columns[0].key) for attribute in sa.inspect(table).column_attrs]
