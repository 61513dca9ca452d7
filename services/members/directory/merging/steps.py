"""What a merge did, step by step, as it is kept so that it can be undone: pure values and their stored form.

A step holds rows as JSON, with the ids that they had. They are no references: they say how it was, and whatever is
done to people later leaves that alone.
"""

from collections.abc import Mapping
from datetime import date, datetime

import msgspec
import sqlalchemy as sa

from shared.db.types import Instant

Row = Mapping[str, object]
"""A row by the names of its columns, without the movement; the values as SQLAlchemy gives and takes them."""


class Changed(msgspec.Struct, frozen=True, tag="changed"):
    """Columns of the row that had this key went from ``before`` to ``after``."""

    table: str
    key: dict[str, object]
    before: dict[str, object]
    after: dict[str, object]

    @property
    def key_after(self) -> dict[str, object]:
        """The key that the row has had since."""
        return {name: self.after.get(name, value) for name, value in self.key.items()}


class SetAside(msgspec.Struct, frozen=True, tag="set_aside"):
    """A row was taken out whole: the survivor has its like already, or it would name the survivor twice."""

    table: str
    row: dict[str, object]


class Added(msgspec.Struct, frozen=True, tag="added"):
    """A row was made by the merge itself."""

    table: str
    key: dict[str, object]


Step = Changed | SetAside | Added


def plain(row: Row) -> dict[str, object]:
    """A row's values as JSON has them."""
    return {str(name): msgspec.to_builtins(value) for name, value in row.items()}


def restored(table: sa.Table, values: Mapping[str, object]) -> dict[str, object]:
    """The values of a row out of their plain form."""
    return {name: _restored(table.columns[name].type, value) for name, value in values.items()}


def difference(table: str, key: Row, before: Row, after: Row) -> Changed | None:
    """The step from one state of a row to another; None where they are the same."""
    was, is_now = plain(before), plain(after)
    changed = [name for name, value in is_now.items() if was[name] != value]
    if not changed:
        return None
    return Changed(table, plain(key), {name: was[name] for name in changed}, {name: is_now[name] for name in changed})


def encoded(step: Step) -> str:
    """A step as its row keeps it."""
    return msgspec.json.encode(step).decode()


def decoded(text: str) -> Step:
    """A step out of its row."""
    step: Step = msgspec.json.decode(text, type=Step)
    return step


def _restored(kind: sa.types.TypeEngine[object], value: object) -> object:
    if value is None:
        return None
    if isinstance(kind, Instant | sa.DateTime):
        return msgspec.convert(value, datetime)
    if isinstance(kind, sa.Date):
        return msgspec.convert(value, date)
    if isinstance(kind, sa.LargeBinary):
        return msgspec.convert(value, bytes)
    return value
