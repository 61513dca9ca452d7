"""Rows at random in every table that has to do with people or organisations, whatever it is for.

The tables are read off the metadata, and so the tests that merge these rows cover a noun on the day it is added. What a
column of text may say is guessed from a small choice of words, so that rows clash; where a CHECK or the code knows
better, the words are given here.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from services.members.directory.merging import references
from services.members.directory.merging.people import found_by_name
from services.members.directory.merging.steps import plain
from services.members.engagement.ladder import guard
from services.members.engagement.ladder.engine import Rung
from services.members.engagement.ladder.models import Decided
from shared.db.types import Instant
from shared.ids import new_id

ATTEMPTS = 20
NOUNS = ("people", "organisations")
WORDS: dict[tuple[str, str], Sequence[object]] = {
    ("people", "age_band"): ("adult", "not_asked", "16_to_17"),
    ("people", "postcode"): (None, "GL1 1AA"),
    ("people", "hidden_by"): (None,),
    ("permissions", "decision"): ("given", "refused"),
    ("permissions", "purpose"): ("news",),
    ("permissions", "channel"): ("email", "post"),
    ("memberships", "state"): ("active",),
    ("memberships", "rung"): (None,),
    ("memberships", "computed_rung"): (None,),
    ("memberships", "confirmed_rung"): (None,),
    ("memberships", "declined_rung"): (None,),
    ("ladder_decisions", "decided"): tuple(Decided),
    ("ladder_decisions", "reason"): ("objected",),
    ("ladder_decisions", "rung"): tuple(Rung),
    ("rung_confirmations", "rung"): tuple(Rung),
    # so that merges make some of them alike
    ("affiliations", "role"): (None, "chair"),
    ("affiliations", "ended_on"): (None,),
    ("ties", "kind"): ("works_with",),
    ("ties", "state"): ("declared", "confirmed", "ended"),
    ("stewardships", "role"): ("holder", "second"),
    ("stewardships", "state"): ("held", "ended"),
}
_VERSION = {"version", "updated_at"}
NOT_COMPARED = {"people": _VERSION, "organisations": _VERSION, "memberships": _VERSION}
"""What merging and undoing change on purpose: whoever read the record before has to read it again."""

Rows = dict[str, list[dict[str, object]]]


def concerned() -> list[sa.Table]:
    """The tables that refer to people or organisations, and those that they need; these two first."""
    names = set(NOUNS)
    tables = list(references.tables())
    for table in tables:
        if any(reference.parent in names for reference in references.references_from(table.name)):
            names.add(table.name)
    for table in reversed(tables):
        if table.name in names:
            names |= {reference.parent for reference in references.references_from(table.name) if reference.held_to}
    return sorted((table for table in tables if table.name in names), key=lambda table: table.name not in NOUNS)


def fill(session: Session, movement: str, dice: Random, people: int) -> Rows:
    """Put up to four rows into each table concerned; the rows that were made, by table."""
    made: Rows = {}
    for table in concerned():
        wanted = people if table.name in NOUNS else dice.randrange(1, 5)
        made[table.name] = [row for _ in range(wanted) if (row := _inserted(session, movement, table, made, dice))]
    for person in made["people"]:
        guard.hold(session, movement, str(person["id"]))  # so that everybody stands where what was made up puts them
        found_by_name(session, movement, str(person["id"]))
    return made


def everything(session: Session, movement: str) -> dict[str, list[str]]:
    """Every row of the tables concerned, as text and in order."""
    seen = {}
    for table in concerned():
        left_out = NOT_COMPARED.get(table.name, set())
        shown = [column for column in table.columns if column.name not in left_out]
        found = session.execute(sa.select(*shown).where(table.c.movement == movement)).mappings()
        seen[str(table.name)] = sorted(
            str(sorted(plain({str(name): value for name, value in row.items()}).items())) for row in found
        )
    return seen


def _inserted(session: Session, movement: str, table: sa.Table, made: Rows, dice: Random) -> dict[str, object] | None:
    for _ in range(ATTEMPTS):
        row = dict(_values(table, made, dice))
        if None in (row.get(name, "") for name in references.key_columns(table)):
            continue
        connection = session.connection()
        connection.exec_driver_sql("SAVEPOINT a_row")
        try:
            connection.execute(sa.insert(table).values({"movement": movement, **row}))
        except DBAPIError:  # it clashes with another one, or a CHECK knows better
            connection.exec_driver_sql("ROLLBACK TO SAVEPOINT a_row")
            continue
        return row
    return None


def _values(table: sa.Table, made: Rows, dice: Random) -> Iterator[tuple[str, object]]:
    referring: dict[str, object] = {}
    for reference in references.references_from(table.name):
        parents = made.get(reference.parent, [])
        optional = all(table.c[name].nullable for name in reference.columns)
        parent = None if not parents or (optional and dice.random() < 0.3) else dice.choice(parents)
        for name, of in reference.columns.items():
            referring.setdefault(name, None if parent is None else parent[of])
    for column in table.columns:
        if column.name == "movement" or column.computed is not None:
            continue
        if column.name in referring:
            yield column.name, referring[column.name]
        else:
            yield column.name, _value(table, column, dice)


def _value(table: sa.Table, column: "sa.Column[object]", dice: Random) -> object:
    if (table.name, column.name) in WORDS:
        return dice.choice(WORDS[table.name, column.name])
    if column.name == "id":
        return new_id(str(table.name).rstrip("s"))
    if column.nullable and dice.random() < 0.4:
        return None
    return _of_type(column.type, dice)


def _of_type(kind: "sa.types.TypeEngine[object]", dice: Random) -> object:
    match kind:
        case Instant():
            return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=dice.randrange(1000))
        case sa.DateTime():
            return datetime(2026, 1, 1, 10) + timedelta(hours=dice.randrange(1000))  # noqa: DTZ001 - a local time
        case sa.Date():
            return date(2026, 1, 1) + timedelta(days=dice.randrange(100))
        case sa.Boolean():
            return dice.random() < 0.5
        case sa.JSON():
            return [dice.choice("ab")]
        case sa.LargeBinary():
            return dice.choice((b"a", b"b"))
        case sa.Integer():
            return dice.randrange(1, 4)
        case sa.Numeric() | sa.Float():
            return dice.choice((0.5, 1.5))
        case _:
            return dice.choice("ab")
