"""What the tables say of erasing: read off the metadata, and worked out into conditions that select the rows."""

from collections.abc import Iterator, Sequence
from functools import cache
from graphlib import TopologicalSorter
from typing import NamedTuple

import sqlalchemy as sa

from services.members.directory.merging import references
from services.members.directory.merging.references import MOVEMENT
from services.members.erasing import FATE, Fate, Goes, GoesWith

PEOPLE = "people"


class Said(NamedTuple):
    """What a table says of one of its columns."""

    table: sa.Table
    column: "sa.Column[object]"
    fate: Fate


@cache
def said() -> Sequence[Said]:
    """All that the tables say, in the order of the tables."""
    return [each for table in references.tables() for each in _of(table)]


def of_kind(kind: type[Fate]) -> list[Said]:
    """Where the tables say this."""
    return [each for each in said() if isinstance(each.fate, kind)]


@cache
def children_first() -> Sequence[sa.Table]:
    """Every table, each one before those whose rows its own go with."""
    after: dict[str, set[str]] = {table.name: set() for table in references.tables()}
    for table in references.tables():
        parents = {reference.parent for reference in references.references_from(table.name)} - {table.name}
        parents |= {each.fate.table for each in _of(table) if isinstance(each.fate, GoesWith)}
        for parent in parents:
            after[parent].add(table.name)
    return [references.table(name) for name in TopologicalSorter(after).static_order()]


def going(table: sa.Table, movement: str, people: Sequence[str]) -> "sa.ColumnElement[bool] | None":
    """Which rows of a table go when the people behind these ids do; None where none can."""
    conditions = [each.column.in_(people) for each in said() if each.table is table and isinstance(each.fate, Goes)]
    if table.name == PEOPLE:
        conditions.append(table.c.id.in_(people))
    for columns, parent, parents_columns in _hanging_on(table):
        gone = going(parent, movement, people)
        if gone is not None:
            keys = sa.select(*parents_columns).where(parent.c[MOVEMENT] == movement, gone)
            conditions.append(sa.tuple_(*columns).in_(keys) if len(columns) > 1 else columns[0].in_(keys))
    return sa.and_(table.c[MOVEMENT] == movement, sa.or_(*conditions)) if conditions else None


def _hanging_on(
    table: sa.Table,
) -> Iterator[tuple[list["sa.Column[object]"], sa.Table, list["sa.Column[object]"]]]:
    """The tables whose rows take those of this one with them, and the columns that say which."""
    for reference in references.references_from(table.name):
        if reference.held_to and reference.parent not in (PEOPLE, table.name):
            parent = references.table(reference.parent)
            pairs = reference.columns.items()
            yield [table.c[name] for name, _ in pairs], parent, [parent.c[of] for _, of in pairs]
    for each in _of(table):
        if isinstance(each.fate, GoesWith):
            parent = references.table(each.fate.table)
            yield [each.column], parent, [parent.c.id]


def _of(table: sa.Table) -> Iterator[Said]:
    for constraint in table.foreign_key_constraints:
        if FATE in constraint.info:
            yield from (
                Said(table, element.parent, constraint.info[FATE])
                for element in constraint.elements
                if element.parent.name != MOVEMENT
            )
    yield from (Said(table, column, column.info[FATE]) for column in table.columns if FATE in column.info)
