"""Carrying out the steps of a merge, and undoing them while keeping what was edited, added or deleted since.

A row whose key others refer to cannot change it in place: it is copied under the new key, what refers to it follows by
a step of its own, and the old one goes at the end.
"""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.directory.merging import references, rows
from services.members.directory.merging.steps import Added, Changed, Row, SetAside, Step, plain, restored
from shared.errors import Conflict


class CannotUnmerge(Conflict):
    """What was set aside has no place to go back to; ``table`` says of what kind it is."""

    code = "cannot_unmerge"
    title = "It cannot be undone as things stand"


def carry_out(session: Session, movement: str, steps: Sequence[Step]) -> None:
    """Make the changes of a plan."""
    leaving: list[tuple[sa.Table, Row]] = []
    for step in steps:
        table = references.table(step.table)
        if isinstance(step, Changed):
            key = restored(table, step.key)
            if _move(session, movement, table, key, restored(table, step.after)):
                leaving.append((table, key))
        elif isinstance(step, SetAside):
            leaving.append((table, rows.key_of(table, restored(table, step.row))))
    for table, key in reversed(leaving):
        rows.delete(session, movement, table, key)


def undo(session: Session, movement: str, steps: Sequence[Step]) -> list[Changed]:
    """Put things back as they were before the steps, and answer the changes that were taken back, as they were made.

    A column that says something else by now keeps what it says. A row that has been deleted since stays deleted, and
    so does one of those set aside where what it hung on is gone. Raises CannotUnmerge.
    """
    undoing = _Undoing(session, movement)
    for step in steps:
        if isinstance(step, Added):
            table = references.table(step.table)
            rows.delete(session, movement, table, restored(table, step.key))
    for step in steps:
        if isinstance(step, SetAside):
            undoing.put_back(step)
        elif isinstance(step, Changed):
            undoing.change_back(step)
    undoing.finish()
    return undoing.taken_back


class _Undoing:
    def __init__(self, session: Session, movement: str) -> None:
        self.taken_back: list[Changed] = []
        self._session, self._movement = session, movement
        self._leaving: list[tuple[sa.Table, Row]] = []

    def put_back(self, step: SetAside) -> None:
        """Insert a row that was set aside."""
        table = references.table(step.table)
        row = restored(table, step.row)
        if not self._holds_together(table, row, row.keys()):
            return
        for unique in references.uniques(table.name):
            if rows.clash(self._session, self._movement, table, unique, rows.key_of(table, row), row) is not None:
                raise CannotUnmerge("something else has taken the place of what was set aside", table=table.name)
        rows.insert(self._session, self._movement, table, row)

    def change_back(self, step: Changed) -> None:
        """Give columns the values that they had, where they still have those that the merge gave them."""
        table = references.table(step.table)
        key = restored(table, step.key_after)
        row = rows.find(self._session, self._movement, table, key)
        if row is None:
            return
        now = plain(row)
        untouched = [name for name, value in step.after.items() if now[name] == value]
        values = restored(table, {name: step.before[name] for name in untouched})
        if not values or not self._holds_together(table, {**row, **values}, values.keys()):
            return
        for unique in references.uniques(table.name):
            if values.keys().isdisjoint((*unique.columns, unique.flag)):
                continue
            if rows.clash(self._session, self._movement, table, unique, key, {**row, **values}) is not None:
                if unique.flag is None:
                    return
                values[unique.flag] = False
        if _move(self._session, self._movement, table, key, values):
            self._leaving.append((table, key))
        before, after = ({name: each[name] for name in values if name in each} for each in (step.before, step.after))
        self.taken_back.append(Changed(step.table, step.key, before, after))

    def finish(self) -> None:
        """Delete the rows that were copied under their old keys."""
        for table, key in reversed(self._leaving):
            rows.delete(self._session, self._movement, table, key)

    def _holds_together(self, table: sa.Table, row: Row, changed: Collection[str]) -> bool:
        """Whether there is what the row would refer to by the columns that change."""
        asked = [
            (reference, references.table(reference.parent))
            for reference in references.references_from(table.name)
            if reference.held_to and not reference.columns.keys().isdisjoint(changed)
        ]
        return rows.refers_to_something(self._session, self._movement, asked, row)


def _move(session: Session, movement: str, table: sa.Table, key: Row, values: Row) -> bool:
    """Change a row; where others refer to what changes, copy it instead. Whether the old one is still to go."""
    followed = {of for reference in references.references_to(table.name) for of in reference.columns.values()}
    if followed.isdisjoint(values):
        rows.update(session, movement, table, key, values)
        return False
    row = rows.find(session, movement, table, key)
    if row is not None:
        rows.insert(session, movement, table, {**row, **values})
    return row is not None
