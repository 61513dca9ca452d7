"""Where a service's texts speak of somebody: read off its tables, so that a text that is added tomorrow is found."""

from collections.abc import Callable, Collection, Iterator, Sequence

import msgspec
import sqlalchemy as sa
from sqlalchemy import orm

from shared.access.sections import Column, Section

MOVEMENT = "movement"
_AT_MOST = 1000
"""Passages of one column: more of them are found when these have been dealt with."""


class Asked(msgspec.Struct, frozen=True):
    """Who is asked for: all their ids, and the names, addresses and numbers that they are written about with."""

    people: Sequence[str]
    phrases: Sequence[str] = ()


Besides = Callable[[sa.Table], "sa.ColumnElement[bool] | None"]
"""Which rows of a table are told elsewhere and are no passages."""


def passages(
    session: orm.Session,
    movement: str,
    metadata: sa.MetaData,
    phrases: Sequence[str],
    *,
    title: str,
    unread: Collection[str] = (),
    besides: Besides = lambda table: None,
) -> list[Section]:
    """A section of the passages that hold one of the phrases, in any case; none where there is none.

    ``unread`` are tables that hold no text, and are long.
    """
    if not phrases:
        return []
    rows = [
        (_plain(table.name), _plain(column.name), text)
        for table in metadata.sorted_tables
        if MOVEMENT in table.columns and table.name not in unread
        for column in _texts(table)
        for text in _found(session, movement, table, column, phrases, besides)
    ]
    columns = [
        Column("kind", "Kind of record"),
        Column("field", "Where in it"),
        Column("words", "Words", "text", "others"),
    ]
    about = "Records of others, in which your name, address or number stands. The rest of them is theirs."
    return [Section(title.lower().replace(" ", "_"), title, about, columns, rows)] if rows else []


def _texts(table: sa.Table) -> Iterator["sa.Column[object]"]:
    for column in table.columns:
        if isinstance(column.type, sa.Text | sa.JSON) and not (column.primary_key or column.foreign_keys):
            yield column


def _found(
    session: orm.Session,
    movement: str,
    table: sa.Table,
    column: "sa.Column[object]",
    phrases: Sequence[str],
    besides: Besides,
) -> Sequence[str]:
    text = sa.cast(column, sa.Text)
    speaks = sa.or_(*(text.ilike(f"%{_escaped(phrase)}%", escape="\\") for phrase in phrases))
    query = sa.select(text).where(table.c[MOVEMENT] == movement, speaks)
    told = besides(table)
    if told is not None:
        query = query.where(~sa.func.coalesce(told, sa.false()))
    return session.scalars(query.limit(_AT_MOST)).all()


def _escaped(phrase: str) -> str:
    return phrase.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _plain(name: str) -> str:
    return str(name).replace("_", " ").capitalize()
