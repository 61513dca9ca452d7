"""What the tables say of erasing: read off the metadata, and worked out into conditions that select the rows."""

from collections.abc import Iterator, Sequence
from functools import cache
from graphlib import TopologicalSorter
from typing import NamedTuple

import sqlalchemy as sa

from services.members.directory.merging import references
from services.members.directory.merging.references import MOVEMENT
from services.members.erasing import FATE, Emptied, Fate, Goes, GoesWith, LeadsNowhere

PEOPLE = "people"


class Leaving(NamedTuple):
    """Who is erased, by all their ids, and the tables whose rows of theirs are held: then their own stays, blank."""

    ids: Sequence[str]
    held: frozenset[str] = frozenset()


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


def going(table: sa.Table, movement: str, of: Leaving) -> "sa.ColumnElement[bool] | None":
    """Which rows of a table go when somebody does; None where none can, or where its rows are held."""
    if table.name in of.held or (of.held and table.name == PEOPLE):
        return None
    going = named(table, movement, of)
    return sa.and_(going, *_unneeded(table, of)) if table.name == PEOPLE and going is not None else going


def named(table: sa.Table, movement: str, of: Leaving) -> "sa.ColumnElement[bool] | None":
    """Which rows of a table are about somebody, whether they go or are held."""
    by_column = (_goes_by(each, of) for each in _of(table))
    conditions = [condition for condition in by_column if condition is not None]
    if table.name == PEOPLE:
        conditions.append(table.c.id.in_(of.ids))
    for columns, parent, parents_columns in _hanging_on(table):
        gone = going(parent, movement, of)
        if gone is not None:
            keys = sa.select(*parents_columns).where(parent.c[MOVEMENT] == movement, gone)
            conditions.append(sa.tuple_(*columns).in_(keys) if len(columns) > 1 else columns[0].in_(keys))
    return sa.and_(table.c[MOVEMENT] == movement, sa.or_(*conditions)) if conditions else None


def staying(each: Said, movement: str, of: Leaving) -> sa.ColumnElement[bool]:
    """Which rows stay without somebody whom the column names."""
    named_there = sa.and_(each.table.c[MOVEMENT] == movement, each.column.in_(of.ids))
    if not isinstance(each.fate, Emptied) or each.fate.where is None:
        return named_there
    name, value = each.fate.where
    return sa.and_(named_there, each.table.c[name] == value)


def _unneeded(people: sa.Table, of: Leaving) -> Iterator[sa.ColumnElement[bool]]:
    """That nothing which stays refers to somebody's own row: else it stays too, blank and hidden."""
    for each in of_kind(LeadsNowhere):
        if each.column.foreign_keys:
            yield people.c.id.not_in(sa.select(each.column).where(each.column.in_(of.ids)))


def _goes_by(each: Said, of: Leaving) -> sa.ColumnElement[bool] | None:
    """Which rows go because of one column; None where it lets none go."""
    match each.fate:
        case Goes():
            return each.column.in_(of.ids)
        case Emptied(where=(name, value)):
            return sa.and_(each.column.in_(of.ids), each.table.c[name] != value)
    return None


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
