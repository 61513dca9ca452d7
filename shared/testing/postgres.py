"""A throwaway PostgreSQL server for tests, and databases copied from templates in milliseconds."""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg import sql

from shared.testing.memory import in_memory
from shared.testing.orphans import swept_up
from shared.testing.ports import free_ports

_SUPERUSER = "backbone"
_SETTINGS = (
    # Nothing here has to survive the machine: a test that kills the server still finds its commits.
    "fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200",
    # What a checkpoint has done with goes, instead of waiting under another name with what stood in it.
    "wal_recycle=off", "shared_buffers=64MB", "max_wal_size=512MB",
    "listen_addresses=127.0.0.1", "timezone=UTC", "lc_messages=C",
)  # fmt: skip
_ALONE = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_EMPTYING = """
SELECT 'SET session_replication_role = replica' -- no foreign key and no trigger asks about each row
UNION ALL SELECT string_agg(format('DELETE FROM %I', tablename), ';')
FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'
UNION ALL SELECT format('ALTER SEQUENCE %I RESTART', sequencename) FROM pg_sequences WHERE schemaname = 'public'
"""
"""The statements that empty a database, but for what says which migrations it has had."""


class PostgresMissing(Exception):
    """No PostgreSQL programs on this machine."""


@dataclass
class PostgresServer:
    """A running server. ``url(name)`` is a SQLAlchemy address of one of its databases."""

    port: int
    _numbers: Iterator[int] = field(default_factory=count)
    _templates: dict[str, str] = field(default_factory=dict)
    _emptied: dict[str, list[str]] = field(default_factory=dict)

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://{_SUPERUSER}@127.0.0.1:{self.port}/{database}"

    def new_database(self, template: str = "template0") -> str:
        """Create a database as a copy of ``template`` and answer its address."""
        name = f"test_{next(self._numbers)}"
        self._create(name, template)
        return self.url(name)

    def copies_of(self, kinds: Mapping[str, Callable[[str], None]]) -> str:
        """A copy of each kind (:meth:`copy_of`), and their addresses as one with ``{service}`` for the kind."""
        several = f"suite_{next(self._numbers)}"
        for kind, prepare in kinds.items():
            self._create(f"{several}_{kind}", self._template(kind, prepare))
        return self.url(several + "_{service}")

    def files(self, url: str) -> list[Path]:
        """The files in which the server keeps a database, and those of its write-ahead log that it still has.

        It begins a new one and makes a checkpoint before, as a server does by itself sooner or later.
        """
        with self._connection() as connection:
            connection.execute("SELECT pg_switch_wal()")
            connection.execute("CHECKPOINT")
            query = "SELECT current_setting('data_directory'), oid::text FROM pg_database WHERE datname = %s"
            row = connection.execute(query, (url.rsplit("/", 1)[1],)).fetchone()
            assert row is not None, "there is no such database"
            folder, number = map(str, row)
        parts = (Path(folder, part) for part in (f"base/{number}", "pg_wal"))
        return sorted(file for part in parts for file in part.rglob("*") if file.is_file())

    def gather_statistics(self, url: str) -> None:
        """Have the server look at what stands in every table of a database."""
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute("ANALYZE")

    def copy_of(self, kind: str, prepare: Callable[[str], None]) -> str:
        """A new database as ``prepare(url)`` leaves one; it is prepared once a ``kind`` and copied from then on."""
        return self.new_database(self._template(kind, prepare))

    def without_rows(self, kind: str, prepare: Callable[[str], None]) -> str:
        """As :meth:`copy_of`, of a kind that is prepared without rows: given back to :meth:`empty` or new."""
        emptied = self._emptied.get(kind)
        return emptied.pop() if emptied else self.copy_of(kind, prepare)

    def empty(self, kind: str, url: str) -> None:
        """Take back what :meth:`without_rows` gave, for the next: a fifth of what a drop and another copy cost."""
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(_ALONE)
            for (statement,) in connection.execute(_EMPTYING).fetchall():
                connection.execute(str(statement).encode())
        self._emptied.setdefault(kind, []).append(url)

    def drop(self, url: str) -> None:
        """Delete a database, cutting off whoever is still connected."""
        with self._connection() as connection:
            connection.execute(_named("DROP DATABASE IF EXISTS {} WITH (FORCE)", url.rsplit("/", 1)[1]))

    def _template(self, kind: str, prepare: Callable[[str], None]) -> str:
        if kind not in self._templates:
            url = self.new_database()
            prepare(url)
            self._templates[kind] = url.rsplit("/", 1)[1]
        return self._templates[kind]

    def _create(self, name: str, template: str) -> None:
        with self._connection() as connection:
            # From version 15 on, copying files must be asked for; without fsync it is three times as fast.
            strategy = " STRATEGY FILE_COPY" if connection.info.server_version >= 150_000 else ""
            connection.execute(_named("CREATE DATABASE {} TEMPLATE {}" + strategy, name, template))

    def _connection(self) -> psycopg.Connection[tuple[object, ...]]:
        address = f"host=127.0.0.1 port={self.port} user={_SUPERUSER} dbname=postgres"
        return psycopg.connect(address, autocommit=True)


@contextlib.contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """Start a server on a free loopback port and delete it with its data at the end.

    Raises :class:`PostgresMissing` where its programs are not installed. Started by root, it runs as ``postgres``,
    because the server refuses to run as root.
    """
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="backbone-postgres-", dir=in_memory()))
    data = folder / "data"
    user = _unprivileged(folder)
    (port,) = free_ports(1)
    try:
        _run([programs / "initdb", "-D", data, "-U", _SUPERUSER, "-A", "trust", "-E", "UTF8", "-N"], user)
        options = " ".join(["-p", str(port), "-k", str(folder), *(f"-c {setting}" for setting in _SETTINGS)])
        control: Sequence[str | Path] = [programs / "pg_ctl", "-D", data, "-w", "-t", "60"]
        _run([*control, "-l", folder / "log", "-o", options, "start"], user)
        try:
            with swept_up(folder, data / "postmaster.pid"):
                yield PostgresServer(port)
        finally:
            _run([*control, "-m", "immediate", "stop"], user)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _named(statement: LiteralString, *names: str) -> sql.Composed:
    return sql.SQL(statement).format(*map(sql.Identifier, names))


def _programs() -> Path:
    """The folder of initdb and pg_ctl: on the PATH, or where Debian keeps them, the newest version first."""
    folders = [Path(found).parent] if (found := shutil.which("pg_ctl")) else []
    versions = [at for at in Path("/usr/lib/postgresql").glob("*") if at.name.isdigit()]
    folders += [at / "bin" for at in sorted(versions, key=lambda at: int(at.name), reverse=True)]
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    raise PostgresMissing("neither initdb nor pg_ctl on the PATH or under /usr/lib/postgresql")


def _unprivileged(folder: Path) -> str | None:
    """Whom to run the server as: nobody else, unless we are root; ``folder`` is made theirs."""
    if os.geteuid() != 0:
        return None
    try:
        account = pwd.getpwnam("postgres")
    except KeyError:
        raise PostgresMissing("running as root, and there is no user named postgres") from None
    os.chown(folder, account.pw_uid, account.pw_gid)
    return account.pw_name


def _run(command: Sequence[str | Path], user: str | None) -> None:
    done = subprocess.run(
        [str(word) for word in command], user=user, cwd="/", stdin=subprocess.DEVNULL, check=False,
        capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} failed: {done.stderr or done.stdout}")
