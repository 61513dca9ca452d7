"""What has to happen to every row for one record to become another: worked out by reading, before anything is changed.

Rows that name the record are repointed to the survivor. One that the survivor has already, by some rule of uniqueness,
is set aside, and what hangs on it is repointed to the survivor's. Where a mark may be set on one row only, such as the
primary address, the survivor's keeps it. Of two that say the same thing of the same by then, such as two ties, one is
set aside. Whoever was another person in the row is nobody else any more: that column is emptied, and where it cannot
be, the row is set aside.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import Alike
from services.members.directory.merging import references, rows
from services.members.directory.merging.references import Unique
from services.members.directory.merging.steps import Changed, Row, SetAside, Step, plain

Key = tuple[object, ...]


@dataclass
class Plan:
    """The steps in their order, what is referred to before what refers to it; and who else stands in those rows."""

    steps: list[Step] = field(default_factory=list)
    neighbours: set[str] = field(default_factory=set)


@dataclass
class _Pulled:
    """A row that refers to something which is replaced: what becomes of its columns, or that it goes as well."""

    row: Row
    values: dict[str, object] = field(default_factory=dict)
    doomed: bool = False


def plan(session: Session, movement: str, kind: str, merged: Row, survivor: Row, *, lock: bool) -> Plan:
    """What it takes for the record ``merged`` of the table ``kind`` to become ``survivor``; nothing is changed yet.

    ``lock`` keeps the rows as they are until the transaction ends.
    """
    planner = _Planner(session, movement, kind, merged, lock)
    planner.set_aside(references.table(kind), merged, survivor)
    for table in references.tables():
        planner.table(table)
    planner.plan.neighbours -= {str(merged["id"]), str(survivor["id"])}
    return planner.plan


class _Planner:
    def __init__(self, session: Session, movement: str, kind: str, merged: Row, lock: bool) -> None:
        self.plan = Plan()
        self._session, self._movement, self._lock = session, movement, lock
        self._kind, self._merged = kind, merged
        self._replaced: dict[str, list[tuple[Row, Row | None]]] = {}
        self._aside: list[dict[str, object]] = []
        self._taken: dict[tuple[str, Unique, Key], Row] = {}

    def table(self, table: sa.Table) -> None:
        """Plan for every row of a table that refers to something which is replaced."""
        done: set[Key] = set()
        while pulled := {key: row for key, row in self._pulled(table).items() if key not in done}:
            done |= set(pulled)
            for each in pulled.values():
                self._settle(table, each)
            if not any(reference.parent == table.name for reference in references.references_from(table.name)):
                break  # only a table that refers to itself can have pulled more of its own rows

    def set_aside(self, table: sa.Table, row: Row, twin: Row | None) -> None:
        """Take a row out; what hangs on it goes to its twin, or out as well."""
        self.plan.steps.append(SetAside(str(table.name), plain(row)))
        self._aside.append(plain(rows.key_of(table, row)))
        self._replaced.setdefault(table.name, []).append((row, twin))

    def _pulled(self, table: sa.Table) -> dict[Key, _Pulled]:
        found: dict[Key, _Pulled] = {}
        for columns, values in self._wanted(table):
            for row in rows.where(self._session, self._movement, table, columns, lock=self._lock):
                pulled = found.setdefault(tuple(rows.key_of(table, row).values()), _Pulled(row))
                if values is None:
                    pulled.doomed = True
                else:
                    pulled.values |= values
        return found

    def _wanted(self, table: sa.Table) -> Iterator[tuple[dict[str, object], dict[str, object] | None]]:
        """Which values of which columns are replaced, and by what; by nothing, where the row goes as well."""
        for reference in references.references_from(table.name):
            for old, new in self._replaced.get(reference.parent, ()):
                columns = {name: old[of] for name, of in reference.columns.items()}
                if None in columns.values():
                    continue
                values = None if new is None else {name: new[of] for name, of in reference.columns.items()}
                if columns != values:
                    yield columns, values

    def _settle(self, table: sa.Table, pulled: _Pulled) -> None:
        row, values = pulled.row, pulled.values
        if table.name == self._kind and row["id"] == self._merged["id"]:
            return  # it goes as it is
        self._note_neighbours(table, row)
        if pulled.doomed or not self._parted(table, row, values):
            self.set_aside(table, row, None)
            return
        for unique in references.uniques(table.name):
            twin = self._twin(table, unique, row, values)
            if twin is None:
                continue
            if unique.flag is None:
                self.set_aside(table, row, twin)
                return
            values[unique.flag] = False
        if not self._folded(table, row, values):
            self._change(table, row, values)

    def _folded(self, table: sa.Table, row: Row, values: dict[str, object]) -> bool:
        """Fold a row into one that will say the same; where this is the one that stands, fold the other into it.

        Whether it is gone. What it becomes otherwise is in ``values``.
        """
        rule = references.alike(table.name)
        if rule is None or values.keys().isdisjoint(rule.columns):
            return False
        new, key = {**row, **values}, rows.key_of(table, row)
        others = rows.alike(self._session, self._movement, table, rule, key, new)
        twin = next((each for each in others if plain(rows.key_of(table, each)) not in self._aside), None)
        if twin is None:
            return False
        since = _since(rule, row, twin)
        if rule.stands(row, twin):
            values |= since
            self.set_aside(table, twin, {**new, **since})
            return False
        self.set_aside(table, row, {**twin, **since})
        if since.items() - twin.items():
            self._change(table, twin, since)
        return True

    def _change(self, table: sa.Table, row: Row, values: dict[str, object]) -> None:
        new = {**row, **values}
        for unique in references.uniques(table.name):
            self._taken[table.name, unique, _values(new, unique)] = new
        before = {name: row[name] for name in values}
        self.plan.steps.append(Changed(str(table.name), plain(rows.key_of(table, row)), plain(before), plain(values)))
        followed = {of for reference in references.references_to(table.name) for of in reference.columns.values()}
        if not followed.isdisjoint(values):
            self._replaced.setdefault(table.name, []).append((row, new))

    def _twin(self, table: sa.Table, unique: Unique, row: Row, values: dict[str, object]) -> Row | None:
        """The row, of those that are there or will be, that keeps this one from its new values."""
        if values.keys().isdisjoint(unique.columns):
            return None
        new = {**row, **values}
        if any(new[name] is None for name in unique.columns):
            return None
        planned = self._taken.get((table.name, unique, _values(new, unique)))
        if planned is not None and (unique.flag is None or (new[unique.flag] and planned[unique.flag])):
            return planned
        return rows.clash(self._session, self._movement, table, unique, rows.key_of(table, row), new)

    def _parted(self, table: sa.Table, row: Row, values: dict[str, object]) -> bool:
        """Empty what would say of the survivor that they are somebody else; False where that cannot be emptied."""
        new = {**row, **values}
        for first, second in references.apart(table.name, self._kind):
            if new[first] is None or new[first] != new[second] or row[first] == row[second]:
                continue
            empties = (name for name in (second, first) if table.c[name].nullable and "side" not in table.c[name].info)
            emptied = next(empties, None)
            if emptied is None:
                return False
            new[emptied] = values[emptied] = None
        return True

    def _note_neighbours(self, table: sa.Table, row: Row) -> None:
        # Of either kind: a row between a person and an organisation may be touched by the mergers of both.
        held = (row[name] for kind in references.RECORDS for name in references.naming(table.name, kind))
        self.plan.neighbours |= {str(each) for each in held if each is not None}


def _since(rule: Alike, one: Row, other: Row) -> dict[str, object]:
    """The earlier of two days, where the rule has one and either row says it."""
    if rule.since is None:
        return {}
    days = [day for day in (one[rule.since], other[rule.since]) if isinstance(day, date)]
    return {rule.since: min(days)} if days else {}


def _values(row: Row, unique: Unique) -> Key:
    return tuple(row[name] for name in unique.columns)
