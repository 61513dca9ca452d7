"""Plain names: columns, words from lists and the records that a row points to, as a stranger to the software reads."""

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import Base
from services.members.trust.archives.catalogue import CATALOGUE, NONE, Entry
from shared.access.sections import Plain, Sort, Value
from shared.db.types import Instant

SELF, SOMEBODY = "you", "another person"

_TITLES: Mapping[str, str] = {
    "id": "Reference",
    "known_as": "Called",
    "is_primary": "Main address",
    "due_on": "Due",
    "hundredths": "How much, in hundredths",
    "happened_on": "On",
    "until": "Until",
    "held": "Locked by somebody",
    "off_ladder": "Not on the ladder",
    "computed_rung": "Rung by the rules",
    "rung": "Rung",
    "as_of": "For the day",
    "how": "How it came",
    "identified": "How we knew you",
    "begins_on": "The month began",
    "first_due_on": "Due without more time",
    "told_on": "We told you",
    "refused_for": "Ground of refusal",
    "behalf_name": "Who asked for you",
    "behalf_authority": "By what authority",
    "behalf_evidence": "Proved by",
    "as_volunteer": "As a volunteer",
    "brought_by": "Who brought you",
}
_ID = re.compile(r"[a-z_]+_[0-7][0-9a-hjkmnp-tv-z]{25}")
_CALLED = ("title", "name", "text", "what", "purpose", "question", "label")
"""The columns by which a record is called, the best one first."""


def entry(table: sa.Table) -> Entry:
    """What a table is called and is for; where nobody said so, its own name and what its docstring begins with."""
    if table.name in CATALOGUE:
        return CATALOGUE[table.name]
    described = next((each.class_.__doc__ for each in Base.registry.mappers if each.local_table is table), None)
    first = " ".join((described or "").split("\n\n")[0].split())
    return Entry(_words(table.name), first, NONE)


def title(column: str) -> str:
    """A column's title: `settled_at` is `Settled`."""
    if column in _TITLES:
        return _TITLES[column]
    return _words(column.removesuffix("_at").removesuffix("_on") or column)


def sort_of(column: "sa.Column[object]") -> Sort:
    """What kind of value stands in a column."""
    match column.type:
        case Instant():
            return "moment"
        case sa.Date():
            return "day"
        case sa.Boolean():
            return "yes_no"
        case sa.Numeric() | sa.Integer():
            return "number"
        case _:
            return "text"


def plain(value: object) -> Value:
    """A value as JSON has it; of a list its elements, and of what has parts each part with its name."""
    if isinstance(value, datetime | date):
        return str(msgspec.to_builtins(value))
    if isinstance(value, str) and value.startswith(("{", "[")):
        return plain(_decoded(value))
    if isinstance(value, Mapping):
        return [_part(str(name), part) for name, part in value.items() if part not in (None, [], {})]
    if isinstance(value, list | tuple | set | frozenset):
        return [_one(each) for each in value]
    return _one(value)


def day(on: date) -> str:
    """A day as people write it: `12 May 2026`."""
    return f"{on.day} {on:%B %Y}"


def is_reference(value: Value) -> bool:
    """Whether a value is an id of ours, which tells nobody anything."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def called(
    session: Session, movement: str, parent: sa.Table, keys: Mapping[str, str], ids: Collection[str]
) -> dict[str, str]:
    """What records of another table are called, by their ids: by their title or name, else by their kind and day."""
    if not ids or list(keys.values()) != ["id"]:
        return {}
    columns = [parent.c[name] for name in _CALLED if name in parent.c]
    days = [column for column in parent.columns if sort_of(column) in ("day", "moment")]
    shown = [*columns[:1], *(days[:1] if not columns else [])]
    query = sa.select(parent.c.id, *shown).where(parent.c.movement == movement, parent.c.id.in_(ids))
    kind = _words(parent.name).removesuffix("s")
    found: dict[str, str] = {}
    for id_, *first in session.execute(query):
        value = first[0] if first else None
        if isinstance(value, date):  # a moment is one too
            found[id_] = f"{kind} of {day(value)}"
        else:
            found[id_] = str(value or kind)
    return found


def _part(name: str, value: object) -> str:
    """A part with its name: `distinct days 3`, or in brackets what itself has parts."""
    return f"{_words(name)} ({_one(value)})" if isinstance(value, Mapping) else f"{_words(name)}: {_one(value)}"


def _one(value: object) -> Plain:
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, Iterable):
        parts = plain(value)
        return "; ".join(str(part) for part in parts) if isinstance(parts, list) else parts
    return str(msgspec.to_builtins(value))


def _decoded(text: str) -> object:
    """What a text says that holds JSON; itself, in a list, where it only begins like that."""
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return [text]


def _words(name: str) -> str:
    return name.replace("_", " ").strip().capitalize()
