"""Which rows belong to a record, read off the tables: every reference between them, and every rule of uniqueness.

A column names a record of another table by a foreign key, or by its ``info`` where it has none (``HOLDS_PERSON``,
``HOLDS_ORGANISATION``). The movement is the first column of every key and the same on both sides: it is left out.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

import sqlalchemy as sa

from services.members.base import ALIKE, Alike, Base

MOVEMENT = "movement"
_UNEQUAL = re.compile(r"(\w+)\s*(?:<>|!=)\s*(\w+)")
_HELD = {"person": "people", "organisation": "organisations"}
RECORDS = tuple(_HELD.values())
"""The tables whose records can be merged."""


class Reference(NamedTuple):
    """That a row of ``child`` refers to the row of ``parent`` whose columns equal its own: child's name → parent's.

    ``held_to``: by a foreign key, so that there is always such a row.
    """

    child: str
    parent: str
    columns: Mapping[str, str]
    held_to: bool


class Unique(NamedTuple):
    """Columns that no two rows share; with ``where``, no two of those rows.

    ``flag`` is the Boolean column that ``where`` consists of, if it does: one row of several is marked, such as the
    primary address.
    """

    columns: tuple[str, ...]
    where: str | None
    flag: str | None


def tables() -> Sequence[sa.Table]:
    """Every table of the service, what is referred to before what refers to it."""
    return Base.metadata.sorted_tables


def table(name: str) -> sa.Table:
    """A table by its name."""
    return Base.metadata.tables[name]


def key_columns(of: sa.Table) -> list[str]:
    """The columns of the primary key."""
    return [column.name for column in of.primary_key if column.name != MOVEMENT]


def references_from(child: str) -> Sequence[Reference]:
    """What rows of a table refer to."""
    return [reference for reference in _references() if reference.child == child]


def references_to(parent: str) -> Sequence[Reference]:
    """What refers to rows of a table."""
    return [reference for reference in _references() if reference.parent == parent]


def naming(child: str, parent: str) -> list[str]:
    """The columns of a table that hold the id of a record of another one, in their order."""
    found = [name for ref in references_from(child) if ref.parent == parent for name, of in ref.columns.items()]
    return [column.name for column in table(child).columns if column.name in found]


@cache
def uniques(of: str) -> Sequence[Unique]:
    """What must be unique in a table within a movement: its key, its constraints and its unique indexes."""
    here = table(of)
    found = [Unique(tuple(key_columns(here)), None, None)]
    constraints = [constraint for constraint in here.constraints if isinstance(constraint, sa.UniqueConstraint)]
    found += [Unique(_names(constraint.columns), None, None) for constraint in constraints]
    for index in here.indexes:
        if index.unique:
            where = index.dialect_options["postgresql"]["where"]
            text = None if where is None else str(where)
            flags = [column.name for column in here.columns if isinstance(column.type, sa.Boolean)]
            found.append(Unique(_names(index.columns), text, text if text in flags else None))
    return sorted(found, key=lambda unique: unique.columns)


def alike(of: str) -> Alike | None:
    """What makes two rows of a table say the same thing, where it says so."""
    said: Alike | None = table(of).info.get(ALIKE)
    return said


@cache
def apart(of: str, parent: str) -> Sequence[tuple[str, str]]:
    """The pairs of columns of a table that never name the same record of ``parent``.

    A CHECK says so (`a <> b`), or the ``info`` of a column that it is ``another``; and nothing refers to itself.
    """
    here, names = table(of), naming(of, parent)
    pairs = [("id", name) for name in names if of == parent]
    for constraint in here.constraints:
        if isinstance(constraint, sa.CheckConstraint):
            pairs += [
                (one, other) for one, other in _UNEQUAL.findall(str(constraint.sqltext)) if {one, other} <= {*names}
            ]
    pairs += [(name, other) for other in names if "another" in here.c[other].info for name in names if name != other]
    return list(dict.fromkeys(pairs))


@cache
def _references() -> Sequence[Reference]:
    found = []
    for child in tables():
        for constraint in child.foreign_key_constraints:
            pairs = {element.parent.name: element.column.name for element in constraint.elements}
            pairs.pop(MOVEMENT)
            found.append(Reference(child.name, constraint.referred_table.name, pairs, held_to=True))
        keyed = {name for reference in found if reference.child == child.name for name in reference.columns}
        found += [
            Reference(child.name, _HELD[column.info["holds"]], {column.name: "id"}, held_to=False)
            for column in child.columns
            if "holds" in column.info and column.name not in keyed
        ]
    return found


def _names(columns: "sa.sql.base.ReadOnlyColumnCollection[str, sa.Column[object]]") -> tuple[str, ...]:
    return tuple(column.name for column in columns if column.name != MOVEMENT)
