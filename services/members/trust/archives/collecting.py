"""What this service keeps of somebody, table by table: found as erasing finds it, and told in plain words.

A row is about the person where erasing them would delete it, or where its column ``person`` names them. Of a row that
only names them besides (who helped, who brought whom) no more is told than that, and when: the rest is somebody else's.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import Base
from services.members.directory.merging import references
from services.members.directory.merging.models import Merge
from services.members.directory.merging.steps import SetAside, restored
from services.members.directory.merging.store import steps
from services.members.erasing import Goes
from services.members.trust.archives import naming, opening
from services.members.trust.archives.catalogue import ALL, CATALOGUE, LEFT_OUT, Entry
from services.members.trust.archives.naming import SELF, SOMEBODY
from services.members.trust.erasures import fates
from shared.access import speaking
from shared.access.sections import Author, Column, Section, Value
from shared.erasure.marks import Finder, Marks
from shared.secrets import Secrets

PEOPLE, ORGANISATIONS = "people", "organisations"
_UNTOLD = frozenset({references.MOVEMENT, "version", "hidden_by", "line", "called_overdue", "digits"})
"""Columns of our own bookkeeping, which say nothing of anybody."""
_HANGING = {"request_waits": ("request", "requests")}
"""Tables whose rows belong to a row that erasing leaves standing: the column that says which, and the table of that."""

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class _Shape:
    """A table as it is told: its columns that are told, those of people and of organisations, and other records."""

    table: sa.Table
    entry: Entry
    columns: Sequence["sa.Column[object]"]
    people: Collection[str]
    subjects: Collection[str]
    organisations: Collection[str]
    records: Mapping[str, sa.Table]


def sections(session: Session, movement: str, ids: Sequence[str], secrets: Secrets) -> list[Section]:
    """A section for each table that has rows of somebody, by all their ids. ``secrets`` open what stands sealed."""
    aside = _set_aside(session, movement, ids)
    found = []
    for table in references.tables():
        if table.name in LEFT_OUT:
            continue
        condition = _theirs(table, movement, ids)
        if condition is None:
            continue
        query = sa.select(table).where(table.c[references.MOVEMENT] == movement, condition)
        rows: list[Row] = [dict(row) for row in session.execute(query.order_by(*table.primary_key)).mappings()]
        rows += aside.get(table.name, [])
        if rows:
            section = _section(session, movement, _shape(table), rows, ids)
            found.append(_with_sealed(section, rows, movement, secrets))
    return sorted(found, key=lambda section: _turn(section.name))


def passages(session: Session, movement: str, asked: Marks) -> list[Section]:
    """Where records of others speak of somebody; those of safeguarding are sealed, and so no part of this."""
    return speaking.passages(
        session,
        movement,
        Base.metadata,
        Finder(asked),
        title="Where others wrote of you",
        unread=LEFT_OUT,
        besides=lambda table: _theirs(table, movement, asked.people),
    )


def nothing_in(found: Sequence[Section]) -> list[str]:
    """What the tables are called that were looked into and hold nothing of the person."""
    names = {section.name for section in found}
    tables = [table for table in references.tables() if table.name not in {*LEFT_OUT, *names}]
    return [naming.entry(table).title for table in tables if _theirs(table, "", [""]) is not None]


def _turn(name: str) -> tuple[int, str]:
    """The order of the sections: that of the catalogue, and behind it by name."""
    order = list(CATALOGUE)
    return (order.index(name) if name in CATALOGUE else len(order), name)


def _with_sealed(section: Section, rows: Sequence[Row], movement: str, secrets: Secrets) -> Section:
    """The section with what stands sealed in its rows."""
    columns = opening.columns(section.name)
    if not columns:
        return section
    opened = [opening.opened(section.name, row, movement, secrets) for row in rows]
    told = [
        [*cells, *(words[column.name] for column in columns)] for cells, words in zip(section.rows, opened, strict=True)
    ]
    return msgspec.structs.replace(section, columns=[*section.columns, *columns], rows=told)


def _theirs(table: sa.Table, movement: str, ids: Sequence[str]) -> "sa.ColumnElement[bool] | None":
    named = references.naming(table.name, PEOPLE)
    conditions: list[sa.ColumnElement[bool]] = [table.c[name].in_(ids) for name in named]
    going = fates.named(table, movement, fates.Leaving(ids))
    if going is not None:
        conditions.append(going)
    if table.name in _HANGING:
        column, parent = _HANGING[table.name]
        of = references.table(parent)
        theirs = sa.select(of.c.id).where(of.c[references.MOVEMENT] == movement, of.c.person.in_(ids))
        conditions.append(table.c[column].in_(theirs))
    return sa.or_(*conditions) if conditions else None


def _set_aside(session: Session, movement: str, ids: Sequence[str]) -> dict[str, list[Row]]:
    """By table the rows that were taken out when records of them became one: they are kept so that it can be undone."""
    merges = sa.select(Merge.id).where(Merge.movement == movement, Merge.merged.in_(ids), Merge.undone_at.is_(None))
    found: dict[str, list[Row]] = {}
    for merge in session.scalars(merges):
        for step in steps(session, movement, merge):
            if isinstance(step, SetAside):
                row = restored(references.table(step.table), step.row)
                found.setdefault(step.table, []).append(row)
    return found


def _shape(table: sa.Table) -> _Shape:
    people = dict.fromkeys(references.naming(table.name, PEOPLE))
    people |= {each.column.name: None for each in fates.said() if each.table is table and "holds" in each.column.info}
    goes = {each.column.name for each in fates.said() if each.table is table and isinstance(each.fate, Goes)}
    records = {
        name: references.table(reference.parent)
        for reference in references.references_from(table.name)
        if reference.parent not in (PEOPLE, ORGANISATIONS)
        for name in reference.columns
    }
    columns = [
        column
        for column in table.columns
        if column.name not in _UNTOLD
        and not isinstance(column.type, sa.LargeBinary)
        and (column.name in people or not _is_by_whom(column.name))
    ]
    organisations = references.naming(table.name, ORGANISATIONS)
    subjects = {name for name in people if name == "person" or name in goes}
    return _Shape(table, naming.entry(table), columns, people, subjects, organisations, records)


def _section(session: Session, movement: str, shape: _Shape, rows: Sequence[Row], ids: Collection[str]) -> Section:
    names = _names(session, movement, shape, rows)
    told = [_told(shape, row, ids, names) for row in rows]
    shown = [column for column in shape.columns if any(row[column.name] is not None for row in told)]
    of_others = any(not _is_own(shape, row, ids) for row in rows)
    columns = [
        Column(str(column.name), naming.title(column.name), naming.sort_of(column), _author(shape, column, of_others))
        for column in shown
    ]
    return Section(
        name=str(shape.table.name),
        title=shape.entry.title,
        about=shape.entry.about,
        columns=columns,
        rows=[[row[column.name] for column in shown] for row in told],
        provided=shape.entry.provided,
    )


def _told(shape: _Shape, row: Row, ids: Collection[str], names: Mapping[tuple[str, str], str]) -> dict[str, Value]:
    """The row's values in plain words. What only names the person is told without what it says of others."""
    named = [name for name in shape.people if row[name] in ids]
    in_passing = bool(named) and not any(name in shape.subjects for name in named)
    told: dict[str, Value] = {}
    for column in shape.columns:
        value = row[column.name]
        if value is None or (in_passing and not _told_in_passing(shape, column)):
            told[column.name] = None
        elif column.name in shape.people:
            told[column.name] = SELF if value in ids else SOMEBODY
        elif column.name in shape.organisations or column.name in shape.records:
            told[column.name] = names.get((column.name, str(value)))
        else:
            told[column.name] = naming.plain(value)
    return told


def _told_in_passing(shape: _Shape, column: "sa.Column[object]") -> bool:
    name = column.name
    return name in shape.people or name == "id" or naming.sort_of(column) in ("day", "moment")


def _names(session: Session, movement: str, shape: _Shape, rows: Sequence[Row]) -> dict[tuple[str, str], str]:
    """What the organisations and other records are called that the rows point to, by column and id."""
    parents = dict(shape.records) | dict.fromkeys(shape.organisations, references.table(ORGANISATIONS))
    found: dict[tuple[str, str], str] = {}
    for column, parent in parents.items():
        keys = next(
            (each.columns for each in references.references_from(shape.table.name) if column in each.columns), {}
        )
        ids = {str(row[column]) for row in rows if row[column] is not None}
        called = naming.called(session, movement, parent, keys, ids)
        found |= {(column, id_): name for id_, name in called.items()}
    return found


def _author(shape: _Shape, column: "sa.Column[object]", of_others: bool) -> Author:
    """Who wrote what stands in a column; a name of something else is nobody's."""
    elsewhere = {*shape.people, *shape.organisations, *shape.records}
    if naming.sort_of(column) != "text" or column.name in elsewhere or column.name in shape.entry.reckoned:
        return "nobody"
    if shape.entry.own is ALL or column.name in shape.entry.own:
        return "others" if of_others else "themself"
    return "others"


def _is_own(shape: _Shape, row: Row, ids: Collection[str]) -> bool:
    return shape.entry.by is None or row[shape.entry.by] in ids


def _is_by_whom(name: str) -> bool:
    """Whether a column says which user or key did something: that tells of them."""
    return name == "by" or name.endswith("_by")
