"""Statements for the hot paths: a Core statement compiled once for each dialect and run on the driver's own cursor.

SQLAlchemy's execution costs some fifteen times the driver's for a single row. A hot statement is still written and
checked as Core, and still one statement for both databases; it gives up type processing, so its columns are text,
integers, booleans, floats and bytes (an :class:`~shared.db.types.Instant` is given as microseconds).
"""

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from shared.db.session import Session, of

Value = str | int | float | bytes | None
Row = tuple[Any, ...]


class _Compiled:
    """One dialect's SQL and how its parameters are handed over: by position (sqlite3) or by name (psycopg)."""

    def __init__(self, statement: sa.ClauseElement, dialect: sa.Dialect) -> None:
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

    def arrange(self, parameters: Mapping[str, Value]) -> object:
        merged = {**self._constants, **parameters} if self._constants else parameters
        return merged if self._names is None else [merged[name] for name in self._names]


class Hot:
    """A statement that runs on the driver's cursor. Parameters are given by name; a missing one is an error."""

    def __init__(self, statement: sa.ClauseElement) -> None:
        self._statement = statement
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
        with _cursor(session) as (ours, cursor):
            compiled = self._for(ours)
            cursor.executemany(compiled.sql, [compiled.arrange(row) for row in rows])

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
            compiled = self._by_dialect[dialect.name] = _Compiled(self._statement, dialect)
        return compiled


def hot(statement: sa.ClauseElement) -> Hot:
    """Make a statement hot. An ``insert(table)`` without values takes every column of the table."""
    return Hot(statement)


class _cursor:  # noqa: N801 - a context manager made by hand, for contextlib's costs more than the statement
    """A cursor of the session's own transaction, once what the unit of work still holds is written.

    The driver's errors leave it as SQLAlchemy's, so that callers know one set of them.
    """

    __slots__ = ("_cursor", "_session")

    def __init__(self, session: orm.Session) -> None:
        self._session = of(session)
        self._session.flush()
        self._cursor = self._session.driver.cursor()

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
    pending: dict[Hot, list[Mapping[str, Value]]] = session.info.pop("later")
    for statement, rows in pending.items():
        statement.many(session, rows)
