"""SQLite: one process owns the file, one thread writes it and groups commits, read-only connections read it.

With a sole writer no lock error is left to handle, and the fault that resets a write-ahead log under two writers
(SQLite 3.7.0 to 3.51.2) cannot arise. The driver's own transaction handling is off: every BEGIN, SAVEPOINT and COMMIT
is ours, so a failed statement leaves exactly what SQLite says it leaves.
"""

import asyncio
import queue
import sqlite3
import threading
import time
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa

from shared.db.context import SYSTEM, Context
from shared.db.database import Database, refuse_late
from shared.db.dialects import COMPILED
from shared.db.session import Session
from shared.db.sqlite_scrub import emptied_log, found_in, rebuilt
from shared.db.sqlite_writer import Aside, Job, Writer
from shared.errors import Unavailable
from shared.filelock import FileLock

T = TypeVar("T")

_READERS = 4


class SqliteDatabase(Database):
    """One SQLite file and its executor."""

    owner = "the process that holds the file's lock"

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._lock = FileLock(path)
        self.engine = writing_engine(path)
        self._read_engine = _reading_engine(path)
        self._queue: queue.SimpleQueue[Job | Aside | None] = queue.SimpleQueue()
        self._writer = Writer(self.engine, self._queue, self.published)
        self._thread: threading.Thread | None = None
        self._reading: list[sa.Connection] = []
        self._inline: sa.Connection | None = None
        self._local = threading.local()
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix=f"read-{path.stem}")

    async def open(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._lock.acquire()
        self._thread = threading.Thread(target=self._writer.run, name=f"write-{self._path.stem}", daemon=True)
        self._thread.start()
        await self.write(_touch)  # the file and its write-ahead log exist before the first reader looks for them

    async def close(self) -> None:
        thread, self._thread = self._thread, None
        if thread is not None:
            self._queue.put(None)
            await asyncio.to_thread(thread.join)
        await asyncio.to_thread(self._readers.shutdown)
        for connection in self._reading:  # the last connection to close clears the write-ahead log away
            connection.close()
        self._reading.clear()
        self._inline = None
        self._lock.release()

    @property
    def engines(self) -> Sequence[sa.Engine]:
        return (self.engine, self._read_engine)

    async def execute(self, job: Callable[[Session], T], context: Context, deadline: float | None) -> T:
        if self._thread is None:
            raise Unavailable("the database is closed")
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()
        self._queue.put(Job(job, context, deadline, loop, answer))
        return await answer

    async def query(self, job: Callable[[Session], T], deadline: float | None) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read_on_thread, job, deadline)

    async def query_by_key(self, job: Callable[[Session], T], deadline: float | None) -> T:
        if self._inline is None:
            self._inline = self._reader()
        return _read(self._inline, job)

    @property
    def changes(self) -> int | None:
        return None if self._writer.committing else self._writer.changes

    async def announce(self) -> None:
        return  # the file has no other process

    async def check(self) -> str | None:
        try:
            async with asyncio.timeout(1):
                await self.execute(_touch, SYSTEM, time.time() + 1)
        except Exception as error:  # whatever it is, health says so instead of failing
            return f"{type(error).__name__}: the database file takes no write"
        return None

    @asynccontextmanager
    async def paused(self) -> AsyncIterator[None]:
        resume, holding = threading.Event(), asyncio.Event()
        loop = asyncio.get_running_loop()

        def hold(session: Session) -> None:
            loop.call_soon_threadsafe(holding.set)
            resume.wait()

        waiting = asyncio.create_task(self.write(hold))
        try:
            await holding.wait()
            yield
        finally:
            resume.set()
            await waiting

    async def snapshot(self, target: Path) -> None:
        await asyncio.to_thread(_copy, self._path, target)

    async def scrub(self, traces: Sequence[bytes]) -> bool:
        await self._aside(emptied_log)
        if not await asyncio.to_thread(found_in, self._path, traces):
            return False
        await self._aside(rebuilt)  # what a page held before its rows moved to another is zeroed by nothing else
        return await asyncio.to_thread(found_in, self._path, traces)

    async def _aside(self, work: Callable[[sqlite3.Connection], None]) -> None:
        """Have the writing thread do what no transaction may hold."""
        if self._thread is None:
            raise Unavailable("the database is closed")
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()
        self._queue.put(Aside(work, loop, done))
        await done

    def _reader(self) -> sa.Connection:
        connection = self._read_engine.connect()
        connection.begin()  # sessions join it and cannot end it; it emits nothing, for BEGIN is ours
        self._reading.append(connection)
        return connection

    def _read_on_thread(self, job: Callable[[Session], T], deadline: float | None) -> T:
        refuse_late(deadline)
        connection: sa.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._reader()
        return _read(connection, job)


def _read(connection: sa.Connection, job: Callable[[Session], T]) -> T:
    """Run a query in a snapshot of its own: BEGIN holds one view of the database for all of its statements."""
    session = Session(connection, SYSTEM)
    driver = session.driver
    driver.execute("BEGIN")
    try:
        return job(session)
    finally:
        session.end()
        if driver.in_transaction:
            driver.execute("ROLLBACK")


def _touch(session: Session) -> None:
    session.driver.execute("PRAGMA schema_version").fetchone()


def writing_engine(path: Path) -> sa.Engine:
    """An engine whose connections write: WAL, synchronous=FULL, foreign keys, transactions left to the caller.

    What is deleted is overwritten (secure_delete), so that erasing somebody leaves nothing of them in the file.
    """
    engine = _engine(path)

    @sa.event.listens_for(engine, "connect")
    def _(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=5000",
            "secure_delete=ON",
        ):
            connection.execute(f"PRAGMA {pragma}").fetchall()

    return engine


def _engine(path: Path) -> sa.Engine:
    return sa.create_engine(
        f"sqlite+shared:///{path}", poolclass=sa.NullPool, connect_args={"check_same_thread": False},
        execution_options={"compiled_cache": COMPILED},
    )  # fmt: skip


def _reading_engine(path: Path) -> sa.Engine:
    """An engine whose connections cannot write, and never checkpoint."""
    engine = _engine(path)

    @sa.event.listens_for(engine, "connect")
    def _(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        for pragma in ("query_only=ON", "wal_autocheckpoint=0", "busy_timeout=5000"):
            connection.execute(f"PRAGMA {pragma}").fetchall()

    return engine


def _copy(source: Path, target: Path) -> None:
    with sqlite3.connect(source) as reading, sqlite3.connect(target) as writing:
        reading.backup(writing)
    reading.close()
    writing.close()
