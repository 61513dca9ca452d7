"""A service's own database: engines for SQLite and PostgreSQL behind one executor, sessions, hot statements."""

from pathlib import Path

import sqlalchemy as sa

from shared.db.context import SYSTEM, Context
from shared.db.database import Bound, Database
from shared.db.postgres import PostgresDatabase
from shared.db.session import Session, after_commit, before_commit
from shared.db.sqlite import SqliteDatabase

__all__ = ["SYSTEM", "Bound", "Context", "Database", "Session", "after_commit", "before_commit", "open_database"]


def open_database(url: str, *, pool: int = 16) -> Database:
    """The database that a URL names, not yet opened: ``sqlite:///path`` or ``postgresql://…``."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return SqliteDatabase(Path(parsed.database or ""))
    return PostgresDatabase(url, pool)
