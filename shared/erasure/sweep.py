"""Taking somebody out of whatever was written about them in a service's tables, which are read off the metadata.

Rows are looked for by reading, away from the writer, and changed a few at a time by their keys: a long table holds
nobody up, and what is done twice changes nothing.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from shared.erasure.marks import ERASED, Finder

THEIR_OWN = {"says": "of its own subject"}
"""The ``info`` of a column that says only of the person whose row it is what they are called or reached by: somebody
else may be called the same."""
MOVEMENT = "movement"


@dataclass(frozen=True, slots=True)
class Texts:
    """The columns of a table that may speak of anybody, and those that tell its rows apart."""

    table: sa.Table
    key: Sequence["sa.Column[object]"]
    columns: Sequence["sa.Column[object]"]


Key = Mapping[str, object]
Rewritten = Callable[[orm.Session, str, str, Key], None]
"""Called with the table and key of a row whose texts were changed: for what is derived from them."""


def nothing_derived(session: orm.Session, movement: str, table: str, key: Key) -> None:
    """For tables from whose texts nothing is derived."""


def texts(metadata: sa.MetaData) -> Iterator[Texts]:
    """Every table that has texts, each within a movement."""
    for table in metadata.sorted_tables:
        columns = [column for column in table.columns if _is_text(column)]
        if columns and MOVEMENT in table.columns:
            yield Texts(table, [column for column in table.primary_key if column.name != MOVEMENT], columns)


def speaking_of(session: orm.Session, movement: str, of: Texts, finder: Finder) -> list[Key]:
    """The keys of the rows that speak of somebody."""
    if not finder.needles:
        return []
    plain = (sa.cast(column, sa.Text).label(f"text_{n}") for n, column in enumerate(of.columns))
    query = sa.select(*of.key, *plain).where(
        of.table.c[MOVEMENT] == movement, sa.or_(*(likely(column, finder) for column in of.columns))
    )
    return [
        {column.name: value for column, value in zip(of.key, row, strict=False)}
        for row in session.execute(query)
        if any(speaks(finder, text, column) for text, column in zip(row[len(of.key) :], of.columns, strict=True))
    ]


def likely(column: "sa.Column[object]", finder: Finder) -> sa.ColumnElement[bool]:
    """The condition that a text may speak of somebody; one that does fulfils it, in a list or a field of JSON too."""
    text = sa.cast(column, sa.Text)
    written = dict.fromkeys(as_json for one in finder.needles for as_json in (one, _in_json(one)))
    return sa.or_(*(text.ilike(f"%{_escaped(needle)}%", escape="\\") for needle in written))


def speaks(finder: Finder, text: object, column: "sa.Column[object]") -> bool:
    """Whether what stands in a column, as text, speaks of somebody."""
    return _without(finder, text, column) != text


def take_out(
    session: orm.Session, movement: str, of: Texts, keys: Sequence[Key], finder: Finder, rewritten: Rewritten
) -> int:
    """Take somebody out of the texts of these rows, as they are by now. Answers how many rows changed."""
    changed = 0
    for key in keys:
        here = [of.table.c[MOVEMENT] == movement, *(of.table.c[name] == value for name, value in key.items())]
        plain = [sa.cast(column, sa.Text) for column in of.columns]
        row = session.execute(sa.select(*plain).where(*here)).one_or_none()
        if row is None:
            continue
        values = {
            column.name: None if without == ERASED and column.nullable else _stored(without, column)
            for column, text in zip(of.columns, row, strict=True)
            if (without := _without(finder, text, column)) != text
        }
        if values:
            session.execute(sa.update(of.table).where(*here).values(values))
            rewritten(session, movement, of.table.name, key)
            changed += 1
    return changed


def _is_text(column: "sa.Column[object]") -> bool:
    if column.primary_key or column.foreign_keys or "holds" in column.info or column.info.get("says"):
        return False
    return isinstance(column.type, sa.Text | sa.JSON)


def _without(finder: Finder, text: object, column: "sa.Column[object]") -> str | None:
    if not isinstance(text, str):
        return None
    if not isinstance(column.type, sa.JSON):
        return finder.without(text)
    value = json.loads(text)
    without = _walked(finder, value)
    return text if without == value else json.dumps(without)


def _walked(finder: Finder, value: object) -> object:
    match value:
        case str():
            return finder.without(value)
        case list():
            return [_walked(finder, each) for each in value]
        case dict():
            return {name: _walked(finder, each) for name, each in value.items()}
        case _:
            return value


def _stored(text: str | None, column: "sa.Column[object]") -> object:
    return json.loads(text) if isinstance(column.type, sa.JSON) and text is not None else text


def _escaped(needle: str) -> str:
    return needle.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _in_json(text: str) -> str:
    return json.dumps(text)[1:-1]
