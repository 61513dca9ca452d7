"""The tables' common base: one metadata for the service, how Python's types are stored, and rows for hot statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
ALIKE = "alike"
"""In the ``info`` of a table: what makes two of its rows say the same thing once two records are one (`Alike`)."""
HOLDS_ORGANISATION = {"holds": "organisation"}
"""The same for every column that holds an organisation's id without a foreign key."""
HOLDS_ORGANISATION_SIDE = {"holds": "organisation", "another": "organisation", "side": "organisation"}
"""The same for either side of what is between two organisations."""
After = tuple[str | int, ...] | None
"""The position of the last row that a caller has: here always the value of one unique column."""


@dataclass(frozen=True, slots=True)
class Alike:
    """When two rows say the same thing of the same, so that of two that a merge makes alike one is set aside.

    They agree in these ``columns``, whichever of the two ``sides`` is which, and both are ``among`` the rows of which
    it is so (SQL). Which of them stands is decided ``by`` a column: its values from the one that counts most. Of days
    such as ``since`` the earlier one holds.
    """

    columns: tuple[str, ...]
    among: str
    sides: Mapping[str, str] = field(default_factory=dict)
    by: tuple[str, Sequence[str]] | None = None
    since: str | None = None

    def ways(self, row: Mapping[str, object]) -> list[dict[str, object]]:
        """What another row says in these columns that says the same as this one."""
        said = {name: row[name] for name in self.columns}
        if not self.sides:
            return [said]
        other = {**self.sides} | {second: first for first, second in self.sides.items()}
        return [said, {name: said[other.get(name, name)] for name in self.columns}]

    def stands(self, one: Mapping[str, object], other: Mapping[str, object]) -> bool:
        """Whether the first of two rows stands before the other; where neither does, either may."""
        if self.by is None:
            return False
        column, order = self.by
        return order.index(str(one[column])) < order.index(str(other[column]))


class Base(orm.DeclarativeBase):
    """Text for ``str``, 64-bit integers for ``int``, microseconds for instants, calendar days as dates.

    Every table's key begins with the movement, and so does every foreign key: a row of one movement cannot point into
    another's.
    """

    type_annotation_map: ClassVar = {str: sa.Text, int: sa.BigInteger, datetime: Instant, date: sa.Date}

    def __init__(self, **values: object) -> None:
        """A new row. It was never loaded, so that no value is compared with one before: it cost a sign-up a fifth."""
        if strange := values.keys() - _attributes(type(self)):
            raise TypeError(f"{type(self).__name__} has no {', '.join(sorted(strange))}")
        self.__dict__.update(values)


def bare(row: Base) -> dict[str, Value]:
    """A row as a hot statement takes it: every column by name, in the form that both drivers store it in."""
    said = row.__dict__  # past the mapping's descriptors, which look at each value whether it was loaded
    return {column: _bare(said.get(attribute)) for attribute, column in _columns(type(row))}


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


@cache
def _attributes(table: type[Base]) -> frozenset[str]:
    return frozenset(attribute.key for attribute in sa.inspect(table).column_attrs)
