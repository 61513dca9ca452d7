"""What SQLite's planner has to be told, so that a look-up does not grow with what is kept.

Two things are not as on PostgreSQL, and each made reading one person among 500,000 take half a second (3.40):

- It counts no rows by itself. Of two indexes that both begin with the tenant it then takes the one that holds all
  columns asked for, and reads the tenant's every row. So the writer has them counted as a file grows.
- It takes no index for `(a, b) IN (VALUES …)`, which SQLAlchemy writes for rows by their keys, but takes one for the
  same as a subquery.
"""

import re
import sqlite3
from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import Tuple
from sqlalchemy.sql.operators import in_op, not_in_op

_FIRST_COUNT = 1_000
_MOST_APART = 100_000
"""Rows changed from one count to the next, at the most: a table may fill long after all the others."""
_ROWS_LOOKED_AT = 400
"""Of each index. SQLite's documentation advises 100 to 1000; it takes some milliseconds, however large the file is.
With a limit no samples of values are kept (sqlite_stat4) either, which might be somebody's name."""
_LIST = re.compile(r"IN \((__\[POSTCOMPILE_[^]]+\])\)")


class RowCounts:
    """When to count: after the first thousand rows that were changed, when twice as many were, and so on, and in the
    end every hundred thousand.

    Every connection plans by what is in the file; making the table of counts anew tells them all to read it.
    """

    def __init__(self) -> None:
        self._changed = 0
        self._next = _FIRST_COUNT

    def note(self, changed: int) -> None:
        """So many rows were changed."""
        self._changed += changed

    @property
    def due(self) -> bool:
        """Whether it is time to count."""
        return self._changed >= self._next

    def count(self, driver: sqlite3.Connection) -> None:
        """Count what each index finds for a value, in a transaction of its own."""
        self._next = self._changed + min(self._changed, _MOST_APART)
        driver.execute(f"PRAGMA analysis_limit={_ROWS_LOOKED_AT}").fetchall()
        driver.execute("BEGIN IMMEDIATE")
        driver.execute("DROP TABLE IF EXISTS sqlite_stat1")
        driver.execute("ANALYZE")
        driver.execute("COMMIT")


@compiles(sa.BinaryExpression, "sqlite")
def _rows_in_a_list(element: sa.BinaryExpression[bool], compiler: SQLCompiler, **how: object) -> str:
    visit: Callable[..., str] = compiler.visit_binary
    text = visit(element, **how)
    if element.operator in (in_op, not_in_op) and isinstance(element.left, Tuple):
        return _LIST.sub(r"IN (SELECT * FROM (\1))", text)
    return text
