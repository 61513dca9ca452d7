"""Statements are compiled once a process, whichever of its databases they are for.

SQLAlchemy keeps what it compiled by engine, and an engine by its dialect's identity: the embedded suite would compile
the outbox's statements once for each service and again for its readers. Dialects that speak the same words are equal
here, and their engines share one store.
"""

from collections.abc import MutableMapping
from typing import Any

from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

COMPILED: MutableMapping[Any, Any] = LRUCache(2_000)
"""The statements of every engine, as its `compiled_cache`; the least used make room."""


class _Alike:
    def __eq__(self, other: object) -> bool:
        return type(other) is type(self)

    def __hash__(self) -> int:
        return hash(type(self))


class Sqlite(_Alike, SQLiteDialect_pysqlite):
    """SQLite as the standard library speaks it."""

    supports_statement_cache = True


class Postgres(_Alike, PGDialect_psycopg):
    """PostgreSQL as psycopg speaks it."""

    supports_statement_cache = True


registry.register("sqlite.shared", __name__, Sqlite.__name__)
registry.register("postgresql.shared", __name__, Postgres.__name__)
