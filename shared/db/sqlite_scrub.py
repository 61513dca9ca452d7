"""The bytes of a SQLite file after something was deleted: its log emptied, the file rebuilt, and both searched."""

import mmap
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from shared.errors import Unavailable


def emptied_log(connection: sqlite3.Connection) -> None:
    """Bring the write-ahead log into the file and cut it to nothing. Raises Unavailable while readers need it."""
    busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise Unavailable("somebody has been reading for long; the log cannot be emptied now")


def rebuilt(connection: sqlite3.Connection) -> None:
    """Write the whole file anew, and empty the log behind it."""
    connection.execute("VACUUM")
    emptied_log(connection)


def found_in(path: Path, traces: Sequence[bytes]) -> bool:
    """Whether the file or its write-ahead log holds any of these."""
    return any(_holds(file, traces) for file in (path, path.with_name(f"{path.name}-wal")) if file.exists())


def _holds(path: Path, traces: Sequence[bytes]) -> bool:
    with path.open("rb") as file:
        if path.stat().st_size == 0:
            return False
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return any(content.find(trace) >= 0 for trace in traces)
