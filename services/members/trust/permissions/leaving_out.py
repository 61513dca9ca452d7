"""Whoever does not permit what a route shows people for is not in what it reads.

A route declares its purpose (:mod:`shared.uses`), and the condition is added to whatever it selects that is about
somebody: people themselves, rows with a ``person``, rows that would go with a person who is erased. So no query can
forget it. Where somebody only stands in another's record, such as who brought them, the record stays.

Statements on the bare tables and hot ones do without it, and so do numbers of people: nobody is shown by a count.
"""

from collections.abc import Iterator, Sequence
from functools import cache

import sqlalchemy as sa
from sqlalchemy import orm

from services.members.base import Base
from services.members.directory.merging import references
from services.members.directory.people.models import Person
from services.members.erasing import FATE, Goes
from services.members.trust.permissions.asked import NOW
from services.members.trust.permissions.store import Column
from services.members.trust.permissions.verdicts import permitting
from shared.db import Session
from shared.uses import Use, declare, declared


@sa.event.listens_for(Session, "do_orm_execute")
def _leave_out(state: orm.ORMExecuteState) -> None:
    use = declared(state.session)
    mapper = state.bind_mapper
    if use is None or not state.is_select or state.is_column_load or state.is_relationship_load:
        return
    if mapper is None or mapper.registry is not Base.registry or not isinstance(state.statement, sa.Select):
        return
    about = list(_about(state.statement))
    if about:
        declare(state.session, None)  # what is asked now, to know who is left out, leaves out nobody
        try:
            state.statement = state.statement.where(*(_permits(state.session, use, column) for column in about))
        finally:
            declare(state.session, use)


def shown_here(session: orm.Session, column: Column) -> sa.ColumnElement[bool]:
    """The condition itself, for a query that is no plain selection of rows: that the person in a column is shown."""
    use = declared(session)
    return sa.true() if use is None else _permits(session, use, column)


def _permits(session: orm.Session, use: Use, column: Column) -> sa.ColumnElement[bool]:
    permits = permitting(session, use.movement, column, use.purpose, use.channel, NOW)
    return sa.or_(column.is_(None), permits)


def _about(statement: sa.Select[*tuple[object, ...]]) -> Iterator[orm.InstrumentedAttribute[str]]:
    """The columns of what is selected that say whom its rows are about."""
    entities = {each["entity"]: None for each in statement.column_descriptions if each.get("entity") is not None}
    for entity in entities:
        for name in _subjects(sa.inspect(entity).mapper.class_):
            yield getattr(entity, name)


@cache
def _subjects(table: type[Base]) -> Sequence[str]:
    """The attributes that hold the id of whom a row is about."""
    if table is Person:
        return ["id"]
    mapper = sa.inspect(table)
    here = mapper.local_table
    if not isinstance(here, sa.Table):
        return []
    named = references.naming(here.name, "people")
    held = [(attribute.key, attribute.columns[0].name) for attribute in mapper.column_attrs]
    return [key for key, column in held if column in named and (column == "person" or _goes_with(here, column))]


def _goes_with(table: sa.Table, column: str) -> bool:
    """Whether erasing the person in the column deletes the row."""
    fates = [table.c[column].info.get(FATE)] + [
        constraint.info.get(FATE)
        for constraint in table.foreign_key_constraints
        if column in constraint.column_keys and constraint.referred_table.name == "people"
    ]
    return any(isinstance(fate, Goes) for fate in fates)
