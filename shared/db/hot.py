"""Statements for the hot paths: a Core statement compiled once for each dialect and run on the driver's own cursor.

SQLAlchemy's execution costs some fifteen times the driver's for a single row. A hot statement is still written and
checked as Core, and still one statement for both databases; it gives up type processing, so its columns are text,
integers, booleans, floats and bytes (an :class:`~shared.db.types.Instant` is given as microseconds).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from shared.db.session import Session, of

Value = str | int | float | bytes | None
Row = tuple[Any, ...]

_OPTIONS: Mapping[str, Mapping[str, bool]] = {"sqlite": {}, "postgresql": {"binary": True}}
"""How a cursor is made. In binary, psycopg reads answers without going through text, bytes above all."""

_PARAMETER = r"%\((\w+)\)s(?:::[A-Z ]+)?"
_INSERT = re.compile(
    rf"(?P<into>INSERT INTO .+?) VALUES \((?P<values>{_PARAMETER}(?:, {_PARAMETER})*)\)(?P<rest>[^%]*)"
)


_POSITIONS = re.compile(r"(?P<into>INSERT INTO .+?) VALUES (?P<values>\(\?(?:, \?)*\))(?P<rest>[^?]*)")
_ROWS_AT_ONCE = 40
"""How many rows one statement of SQLite's takes. After each statement its thread has to ask for the interpreter again,
which others may hold for long; SQLite's limit of parameters is far away."""


class _Compiled:
    """One dialect's SQL and how its parameters are handed over: by position (sqlite3) or by name (psycopg).

    Inserts of nothing but parameters have a second form for many rows at once, a fifth of the work of running it once a
    row: ``arrays`` on PostgreSQL, an array a column; ``grouped`` on SQLite, so many rows of values.
    """

    def __init__(self, statement: sa.ClauseElement, dialect: sa.Dialect, distinct: bool) -> None:
        compiled = statement.compile(dialect=dialect)
        if not isinstance(compiled, sa.sql.compiler.SQLCompiler):
            raise TypeError("only a statement can be hot")
        given = {name for name, bind in compiled.binds.items() if bind.required}
        if lists := [name for name in sorted(given) if compiled.binds[name].expanding]:
            raise TypeError(f"a hot statement is fixed, and takes no list of unknown length: {', '.join(lists)}")
        # Its own lists (`state IN ('offered', 'accepted')`) get a parameter for each element here, once and for all.
        expanded = compiled.construct_expanded_state(dict.fromkeys(given))
        self.sql = expanded.statement
        self._names = expanded.positiontup
        self._constants = {name: value for name, value in expanded.parameters.items() if name not in given}
        form = _INSERT if dialect.name == "postgresql" else _POSITIONS
        plain = isinstance(statement, sa.Insert) and not self._constants
        insert = form.fullmatch(self.sql) if plain else None
        if insert is not None and "DO UPDATE" in insert["rest"] and not distinct:
            insert = None
        self.arrays = _of_arrays(insert, compiled) if insert is not None and form is _INSERT else None
        self.grouped = _of_rows(insert) if insert is not None and form is _POSITIONS else None
        self._floats = {name for name in given if isinstance(compiled.binds[name].type, sa.Float)}

    def arrange(self, parameters: Mapping[str, Value]) -> object:
        merged = {**self._constants, **parameters} if self._constants else parameters
        return merged if self._names is None else [merged[name] for name in self._names]

    def groups(self, rows: Sequence[Mapping[str, Value]]) -> Iterator[list[Value]]:
        """The rows that fill whole groups, as one list of parameters a group, for `grouped`."""
        names = self._names or ()
        for start in range(0, len(rows) - _ROWS_AT_ONCE + 1, _ROWS_AT_ONCE):
            yield [row[name] for row in rows[start : start + _ROWS_AT_ONCE] for name in names]

    def columns(self, rows: Sequence[Mapping[str, Value]]) -> Mapping[str, list[Value]]:
        """The rows as an array a column, for `arrays`."""
        columns: dict[str, list[Value]] = {name: [row[name] for row in rows] for name in rows[0]}
        for name in self._floats:  # an array has elements of one type
            columns[name] = [None if value is None else float(value) for value in columns[name]]
        return columns


def _of_arrays(insert: re.Match[str], compiled: sa.sql.compiler.SQLCompiler) -> str:
    names = [found[1] for found in re.finditer(_PARAMETER, insert["values"])]
    types = [compiled.binds[name].type.compile(compiled.dialect) for name in names]
    # b: in binary, which psycopg writes several times faster than text.
    arrays = ", ".join(f"%({name})b::{kind}[]" for name, kind in zip(names, types, strict=True))
    return f"{insert['into']} SELECT * FROM unnest({arrays}){insert['rest']}"


def _of_rows(insert: re.Match[str]) -> str:
    return f"{insert['into']} VALUES {', '.join([insert['values']] * _ROWS_AT_ONCE)}{insert['rest']}"


class Hot:
    """A statement that runs on the driver's cursor. Parameters are given by name; a missing one is an error."""

    def __init__(self, statement: sa.ClauseElement, distinct: bool) -> None:
        self._statement = statement
        self._distinct = distinct
        self._by_dialect: dict[str, _Compiled] = {}

    def run(self, session: orm.Session, parameters: Mapping[str, Value]) -> int:
        """Run once and answer how many rows changed."""
        with _cursor(session) as (ours, cursor):
            compiled = self._for(ours)
            cursor.execute(compiled.sql, compiled.arrange(parameters))
            changed: int = cursor.rowcount
            return changed

    def many(self, session: orm.Session, rows: Iterable[Mapping[str, Value]]) -> None:
        """Run once a row, in one call of the driver."""
        given = list(rows)
        with _cursor(session) as (ours, cursor):
            compiled = self._for(ours)
            if len(given) == 1:
                cursor.execute(compiled.sql, compiled.arrange(given[0]))
            elif given and compiled.arrays is not None:
                cursor.execute(compiled.arrays, compiled.columns(given))
            else:
                if compiled.grouped is not None:
                    for group in compiled.groups(given):
                        cursor.execute(compiled.grouped, group)
                    given = given[len(given) - len(given) % _ROWS_AT_ONCE :]
                if given:
                    cursor.executemany(compiled.sql, [compiled.arrange(row) for row in given])

    def each(self, session: orm.Session, rows: Sequence[Mapping[str, Value]]) -> list[Row]:
        """Run once a row, and answer what each returned, in no certain order."""
        with _cursor(session) as (ours, cursor):
            compiled = self._for(ours)
            if len(rows) > 1 and compiled.arrays is not None:
                cursor.execute(compiled.arrays, compiled.columns(rows))
                found: list[Row] = cursor.fetchall()
                return found
            found = []
            for row in rows:
                cursor.execute(compiled.sql, compiled.arrange(row))
                found += cursor.fetchall()
            return found

    def rows(self, session: orm.Session, parameters: Mapping[str, Value]) -> list[Row]:
        """Run once and answer every row, as tuples in the order of the columns."""
        with _cursor(session) as (ours, cursor):
            compiled = self._for(ours)
            cursor.execute(compiled.sql, compiled.arrange(parameters))
            found: list[Row] = cursor.fetchall()
            return found

    def one(self, session: orm.Session, parameters: Mapping[str, Value]) -> Row | None:
        """The first row, or None."""
        rows = self.rows(session, parameters)
        return rows[0] if rows else None

    def later(self, session: orm.Session, parameters: Mapping[str, Value]) -> None:
        """Run just before the commit, together with the other rows of this statement: for what nobody reads sooner."""
        ours = of(session)
        pending: dict[Hot, list[Mapping[str, Value]]] | None = ours.info.get("later")
        if pending is None:
            pending = ours.info["later"] = {}
            ours.before_commit.append(_write_pending)
        pending.setdefault(self, []).append(parameters)

    def _for(self, session: Session) -> _Compiled:
        dialect = session.dialect
        compiled = self._by_dialect.get(dialect.name)
        if compiled is None:
            compiled = self._by_dialect[dialect.name] = _Compiled(self._statement, dialect, self._distinct)
        return compiled


def hot(statement: sa.ClauseElement, *, distinct: bool = False) -> Hot:
    """Make a statement hot. An ``insert(table)`` without values takes every column of the table.

    ``distinct`` promises that no two of the rows that it is given at once are for the same row of the table: only then
    can PostgreSQL insert or update them all with one statement.
    """
    return Hot(statement, distinct)


def settle(session: orm.Session) -> None:
    """Write now what `later` put off until the commit: for a verb that goes on to read it."""
    _write_pending(of(session))


class _cursor:  # noqa: N801 - a context manager made by hand, for contextlib's costs more than the statement
    """A cursor of the session's own transaction, once what the unit of work still holds is written.

    The driver's errors leave it as SQLAlchemy's, so that callers know one set of them.
    """

    __slots__ = ("_cursor", "_session")

    def __init__(self, session: orm.Session) -> None:
        self._session = of(session)
        self._session.flush()
        self._cursor = self._session.driver.cursor(**_OPTIONS[self._session.dialect.name])

    def __enter__(self) -> tuple[Session, Any]:
        return self._session, self._cursor

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self._cursor.close()
        if error is None:
            return
        dialect = self._session.dialect
        base = dialect.loaded_dbapi.Error
        if isinstance(error, base):
            raise sa.exc.DBAPIError.instance(None, None, error, base, hide_parameters=True, dialect=dialect) from error


def _write_pending(session: Session) -> None:
    pending: dict[Hot, list[Mapping[str, Value]]] = session.info.pop("later", {})
    for statement, rows in pending.items():
        statement.many(session, rows)
