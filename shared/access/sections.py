"""A section of somebody's data: a table with a plain title, a sentence on what it is, and rows without codes."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal

import msgspec

Plain = str | int | float | bool | None
Value = Plain | list[Plain]
"""A cell: days are `2026-05-12`, moments UTC as `2026-05-12T09:00:00Z`."""

Sort = Literal["text", "number", "yes_no", "day", "moment"]

Author = Literal["nobody", "themself", "others"]
"""Who wrote what stands in a column: nobody, for a fact or a choice from a list; the person; or somebody else."""


class Column(msgspec.Struct, frozen=True):
    """A column: its name for machines, its title for people, and who wrote what stands in it."""

    name: str
    title: str
    sort: Sort = "text"
    author: Author = "nobody"


class Section(msgspec.Struct, frozen=True):
    """A table of one kind of record. Every row has a value for each of the columns, in their order.

    ``provided``: the person gave it or caused it, so that they may take it elsewhere (UK GDPR, article 20).
    """

    name: str
    title: str
    about: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]
    provided: bool = False


class Contribution(msgspec.Struct, frozen=True):
    """All that one service keeps of somebody. ``movement`` is what the movement is called, by whoever knows."""

    sections: Sequence[Section]
    movement: str | None = None


def is_words(value: Value) -> bool:
    """Whether a value is a text that somebody wrote, and not a code, a number or a word out of a list."""
    if isinstance(value, list):
        return any(is_words(each) for each in value)
    return isinstance(value, str) and any(mark.isspace() or mark.isupper() or mark == "@" for mark in value)


def as_text(value: Value) -> str:
    """A value as one text: the elements of a list one a line."""
    if isinstance(value, list):
        return "\n".join(as_text(each) for each in value)
    return "" if value is None else str(value)


def moment(at: datetime | None) -> str | None:
    """A moment as a cell has it."""
    return None if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")
