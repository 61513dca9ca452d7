"""Where a service's texts speak of somebody: read off its tables, so that a text that is added tomorrow is found.

It is found as erasing finds it (:mod:`shared.erasure`): by names in either order, numbers however they are written.
"""

from collections.abc import Callable, Collection, Iterator
from itertools import islice

import sqlalchemy as sa
from sqlalchemy import orm

from shared.access.sections import Column, Section
from shared.erasure.marks import Finder
from shared.erasure.sweep import MOVEMENT, likely, speaks, texts

_AT_MOST = 1000
"""Passages of one column: more of them are found when these have been dealt with."""

_ROWS_AT_ONCE = 500

Besides = Callable[[sa.Table], "sa.ColumnElement[bool] | None"]
"""Which rows of a table are told elsewhere and are no passages."""


def passages(
    session: orm.Session,
    movement: str,
    metadata: sa.MetaData,
    finder: Finder,
    *,
    title: str,
    unread: Collection[str] = (),
    besides: Besides = lambda table: None,
) -> list[Section]:
    """A section of the passages that speak of somebody; none where there is none.

    ``unread`` are tables that hold no text, and are long.
    """
    if not finder.needles:
        return []
    rows = [
        (_plain(of.table.name), _plain(column.name), text)
        for of in texts(metadata)
        if of.table.name not in unread
        for column in of.columns
        for text in islice(_found(session, movement, column, finder, besides(of.table)), _AT_MOST)
    ]
    columns = [
        Column("kind", "Kind of record"),
        Column("field", "Where in it"),
        Column("words", "Words", "text", "others"),
    ]
    about = "Records of others, in which your name, address or number stands. The rest of them is theirs."
    return [Section(title.lower().replace(" ", "_"), title, about, columns, rows)] if rows else []


def _found(
    session: orm.Session,
    movement: str,
    column: "sa.Column[object]",
    finder: Finder,
    told: "sa.ColumnElement[bool] | None",
) -> Iterator[str]:
    text = sa.cast(column, sa.Text)
    query = sa.select(text).where(column.table.c[MOVEMENT] == movement, likely(column, finder))
    if told is not None:
        query = query.where(~sa.func.coalesce(told, sa.false()))
    for each in session.scalars(query.execution_options(yield_per=_ROWS_AT_ONCE)):
        if speaks(finder, each, column):
            yield each


def _plain(name: str) -> str:
    return str(name).replace("_", " ").capitalize()
