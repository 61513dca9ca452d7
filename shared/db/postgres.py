"""PostgreSQL: a pool of threads, each with a psycopg connection of its own; one transaction a job.

Transactions are begun by hand so that BEGIN and the statement timeout travel in one message. A job that loses a
race (40001, 40P01, 23503) runs again; one whose connection breaks fails at once with the reason.
"""

import asyncio
import os
import random
import secrets
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import psycopg
import sqlalchemy as sa
from psycopg.errors import error_from_result

from shared.db.announcements import announce, listen
from shared.db.context import SYSTEM, Context
from shared.db.database import Database, refuse_late
from shared.db.dialects import COMPILED
from shared.db.postgres_scrub import vacuum
from shared.db.session import Session
from shared.errors import Unavailable

T = TypeVar("T")

_ATTEMPTS = 8
_LOST_A_RACE = {"40001", "40P01", "23503"}
"""A serialisation failure, a deadlock, and a foreign key whose row went away after the verb had looked for it."""
_CONNECT_SECONDS = 3
_STATEMENT_SECONDS = 30.0


class PostgresDatabase(Database):
    """One PostgreSQL database and its executor. ``size`` connections write and read."""

    def __init__(self, url: str, size: int) -> None:
        super().__init__()
        self.owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self.engine = sa.create_engine(
            sa.make_url(url).set(drivername="postgresql+shared"),
            poolclass=sa.NullPool,
            isolation_level="AUTOCOMMIT",  # BEGIN is ours
            connect_args={"connect_timeout": _CONNECT_SECONDS},
            execution_options={"compiled_cache": COMPILED},
        )
        self._threads = ThreadPoolExecutor(size, thread_name_prefix="postgres")
        self._local = threading.local()
        self._open: set[sa.Connection] = set()
        self._resumed = asyncio.Event()
        self._resumed.set()
        self._listening: asyncio.Task[None] | None = None

    async def open(self) -> None:
        reason = await self.check()
        if reason is not None:
            raise Unavailable(reason)
        self._listening = asyncio.create_task(listen(self.engine.url, self.announced))

    async def announce(self) -> None:
        await self.write(announce)

    async def close(self) -> None:
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)
        await asyncio.to_thread(self._threads.shutdown, wait=True, cancel_futures=True)
        for connection in self._open:
            connection.invalidate()
            connection.close()
        self.engine.dispose()

    async def execute(self, job: Callable[[Session], T], context: Context, deadline: float | None) -> T:
        await self._resumed.wait()
        loop = asyncio.get_running_loop()
        result, callbacks = await loop.run_in_executor(self._threads, self._write, job, context, deadline)
        for callback in callbacks:
            callback()
        return result

    async def query(self, job: Callable[[Session], T], deadline: float | None) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._read, job, deadline)

    async def query_by_key(self, job: Callable[[Session], T], deadline: float | None) -> T:
        return await self.query(job, deadline)

    async def check(self) -> str | None:
        try:
            async with asyncio.timeout(_CONNECT_SECONDS + 1):
                await self.query(_touch, time.time() + _CONNECT_SECONDS)
        except Exception as error:  # whatever it is, health says so instead of failing
            return f"{type(error).__name__}: PostgreSQL does not answer"
        return None

    @asynccontextmanager
    async def paused(self) -> AsyncIterator[None]:
        self._resumed.clear()
        try:
            yield
        finally:
            self._resumed.set()

    async def snapshot(self, target: Path) -> None:
        raise Unavailable("a PostgreSQL database is backed up with its own tools; see deploy/runbook.md")

    async def scrub(self, traces: Sequence[bytes]) -> bool:
        await asyncio.to_thread(vacuum, self.engine)
        return False  # its files are the server's

    def _write(
        self, job: Callable[[Session], T], context: Context, deadline: float | None
    ) -> tuple[T, list[Callable[[], None]]]:
        for attempt in range(1, _ATTEMPTS + 1):
            refuse_late(deadline)
            try:
                return self._transaction("BEGIN", job, context, deadline)
            except (sa.exc.DBAPIError, psycopg.Error) as error:
                if attempt == _ATTEMPTS or _sqlstate(error) not in _LOST_A_RACE:
                    raise
            time.sleep(random.uniform(0, 0.002 * 2**attempt))
        raise AssertionError("the last attempt returns or raises")

    def _read(self, job: Callable[[Session], T], deadline: float | None) -> T:
        refuse_late(deadline)
        return self._transaction("BEGIN READ ONLY", job, SYSTEM, deadline)[0]

    def _transaction(
        self, begin: str, job: Callable[[Session], T], context: Context, deadline: float | None
    ) -> tuple[T, list[Callable[[], None]]]:
        connection = self._connected()
        session = Session(connection, context, self.published)
        driver = session.driver
        try:
            _straight(driver, f"{begin}; SET LOCAL statement_timeout = {_milliseconds(deadline)}")
            result = job(session)
            session.finish()
            _straight(driver, "COMMIT")
            return result, session.after_commit
        except BaseException as error:
            lost = driver.closed  # asked first: undoing may close a connection that is only done with
            self._undo(connection, driver)
            if lost:
                raise Unavailable("the database connection was lost; the change may not have been made") from error
            raise
        finally:
            session.end()

    def _connected(self) -> sa.Connection:
        """This thread's connection, opened when it has none that lives."""
        connection: sa.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self.engine.connect()
            connection.begin()  # sessions join it and cannot end it; it emits nothing, for BEGIN is ours
            self._open.add(connection)
        return connection

    def _undo(self, connection: sa.Connection, driver: Any) -> None:
        """Roll back; a connection that cannot, or whose session already ended it, is thrown away."""
        try:
            driver.rollback()
            if connection.in_transaction() and not driver.closed:
                return
        except psycopg.Error:
            pass  # the connection is broken: discarding it is the rollback
        self._local.connection = None
        self._open.discard(connection)
        connection.invalidate()
        connection.close()


def _touch(session: Session) -> None:
    session.execute(sa.text("SELECT 1"))


def _straight(driver: psycopg.Connection[Any], statement: str) -> None:
    """Run what takes no parameters and answers nothing on libpq itself: a cursor costs more than the statement does."""
    result = driver.pgconn.exec_(statement.encode())
    if result.status != psycopg.pq.ExecStatus.COMMAND_OK:
        raise error_from_result(result)


def _milliseconds(deadline: float | None) -> int:
    left = _STATEMENT_SECONDS if deadline is None else min(deadline - time.time(), _STATEMENT_SECONDS)
    return max(1, int(left * 1000))


def _sqlstate(error: sa.exc.DBAPIError | psycopg.Error) -> str | None:
    origin = error.orig if isinstance(error, sa.exc.DBAPIError) else error
    return origin.sqlstate if isinstance(origin, psycopg.Error) else None
