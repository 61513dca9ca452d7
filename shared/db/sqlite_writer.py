"""The one thread that writes a SQLite file: it groups waiting jobs into a transaction.

A job that raises sinks no other. Most raise before they change anything, and the batch goes on. Where one had changed
something, the batch is undone and runs again with a savepoint for each job: a third of a small job's time, which is
why they have none at first. If the transaction itself ends early (a failed flush, an automatic ROLLBACK, a failed
COMMIT), nothing of the batch was answered either: the connection is thrown away, and in the end each of its jobs runs
in a transaction of its own.
"""

import asyncio
import queue
import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from shared.db.context import Context
from shared.db.database import refuse_late
from shared.db.session import Session, driver_of
from shared.db.sqlite_plans import RowCounts
from shared.errors import Unavailable

_JOBS_A_BATCH = 256
_SECONDS_A_BATCH = 0.05


@dataclass(slots=True, eq=False)
class Job:
    """A verb that waits for its transaction, and the future that its caller awaits."""

    run: Callable[[Session], Any]
    context: Context
    deadline: float | None
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]
    result: Any = None
    error: BaseException | None = None
    after_commit: list[Callable[[], None]] = field(default_factory=list)

    def answer(self) -> None:
        """Tell the caller, on its own loop, unless it has gone."""
        if self.error is not None:
            if not self.future.done():
                self.future.set_exception(self.error)
            return
        if not self.future.done():
            self.future.set_result(self.result)
        for callback in self.after_commit:
            callback()


@dataclass(slots=True, eq=False)
class Aside:
    """Work for the writing connection that no transaction may hold, and the future that its caller awaits."""

    run: Callable[[sqlite3.Connection], None]
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[None]

    def answer(self, error: BaseException | None) -> None:
        """Tell the caller, on its own loop, unless it has gone."""
        if not self.future.done():
            if error is None:
                self.future.set_result(None)
            else:
                self.future.set_exception(error)


class _BatchLost(Exception):
    """The transaction ended under a job; whatever the batch did is undone."""


class _HalfDone(Exception):
    """A job without a savepoint failed after it had changed something; what it changed can only be undone with all."""


class Writer:
    """The writing thread's body. ``run`` ends when it takes None from the queue, after all that came before."""

    def __init__(
        self, engine: sa.Engine, jobs: "queue.SimpleQueue[Job | Aside | None]", on_publish: Callable[[], None]
    ) -> None:
        self._engine = engine
        self._on_publish = on_publish
        self._queue = jobs
        self._behind: list[Aside | None] = []
        self._connection: sa.Connection | None = None
        self._rows = RowCounts()
        self.changes = 0
        self.committing = False
        """From before a commit can be seen by any reader until it is counted in ``changes``."""

    def run(self) -> None:
        while (first := self._next()) is not None:
            if isinstance(first, Aside):
                self._do_aside(first)
            else:
                self.commit(self._gather(first))
                if self._rows.due:
                    self._count()
        self._discard()

    def _next(self) -> Job | Aside | None:
        return self._behind.pop() if self._behind else self._queue.get()

    def _do_aside(self, work: Aside) -> None:
        """Run what no transaction may hold, between two of them."""
        error: BaseException | None = None
        try:
            work.run(driver_of(self._connected()))
        except Exception as failed:  # it is the caller's to see; the thread lives on
            error = failed
            self._discard()
        try:
            work.loop.call_soon_threadsafe(work.answer, error)
        except RuntimeError:  # the loop has closed: nobody is left to tell
            return

    def commit(self, batch: Sequence[Job]) -> None:
        """Run a batch in one transaction; where that fails, each job in one of its own. Every job is answered."""
        remaining = list(batch)
        while remaining:
            done = self._attempt(remaining, guarded=False) or self._attempt(remaining, guarded=True)
            if not done:  # lost: once more, one by one, and then the error is the job's own
                done = len(remaining)
                for job in remaining:
                    if not self._attempt([job], guarded=True) and job.error is None:
                        job.error = Unavailable("the database did not take the transaction")
            _answer(remaining[:done])
            remaining = remaining[done:]

    def _gather(self, first: Job) -> list[Job]:
        """The jobs that wait; what is no job and came behind them is next."""
        batch = [first]
        while len(batch) < _JOBS_A_BATCH:
            try:
                came = self._queue.get_nowait()
            except queue.Empty:
                break
            if not isinstance(came, Job):
                self._behind.append(came)
                break
            batch.append(came)
        return batch

    def _attempt(self, batch: Sequence[Job], *, guarded: bool) -> int:
        """How many jobs, from the first, were run and are durable (a slow batch is cut short); 0 when it was lost.

        ``guarded``: with a savepoint for each job.
        """
        for job in batch:
            job.error = None
        try:
            connection = self._connected()
            driver = driver_of(connection)
            driver.execute("BEGIN IMMEDIATE")
            started, done, before = time.perf_counter(), 0, driver.total_changes
            for job in batch:
                _run(job, Session(connection, job.context, self._on_publish), driver, guarded)
                done += 1
                if time.perf_counter() - started > _SECONDS_A_BATCH:
                    break
            self.committing = True
            driver.execute("COMMIT")
            self._rows.note(driver.total_changes - before)
            return done
        except _HalfDone:
            self._roll_back()
            return 0
        except Exception:  # whatever it was, the thread lives on: a dead writer would leave every caller waiting
            self._discard()
            return 0
        finally:
            self.changes += 1  # also where COMMIT failed: it may have changed the file all the same
            self.committing = False

    def _count(self) -> None:
        try:
            self._rows.count(driver_of(self._connected()))
        except Exception:  # plans stay as they are; the next job begins on a new connection
            self._discard()

    def _connected(self) -> sa.Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
            self._connection.begin()  # sessions join it and cannot end it; it emits nothing, for BEGIN is ours
        return self._connection

    def _roll_back(self) -> None:
        try:
            driver_of(self._connected()).execute("ROLLBACK")
        except Exception:  # then it goes with its connection
            self._discard()

    def _discard(self) -> None:
        """Close the connection, which undoes whatever was open on it."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()
            connection.close()


def _run(job: Job, session: Session, driver: sqlite3.Connection, guarded: bool) -> None:
    """Run one job; raises _BatchLost when the transaction is gone afterwards, _HalfDone when it has to go."""
    if guarded:
        driver.execute("SAVEPOINT job")
    before = driver.total_changes
    try:
        refuse_late(job.deadline)
        job.result = job.run(session)
        session.finish()
    except BaseException as error:  # every failure is the caller's to see, whatever its class
        job.error, job.result, job.after_commit = error, None, []
        session.close()
        if not driver.in_transaction:
            raise _BatchLost from error
        if guarded:
            driver.execute("ROLLBACK TO job")
        elif driver.total_changes != before:
            raise _HalfDone from error
    else:
        job.after_commit = session.after_commit
        session.end()
        if not driver.in_transaction:
            raise _BatchLost
    if guarded:
        driver.execute("RELEASE job")


def _answer(jobs: Sequence[Job]) -> None:
    """Answer all that one transaction settled with one wake-up for each loop."""
    by_loop: dict[asyncio.AbstractEventLoop, list[Job]] = {}
    for job in jobs:
        by_loop.setdefault(job.loop, []).append(job)
    for loop, answered in by_loop.items():
        try:
            loop.call_soon_threadsafe(_answer_on_loop, answered)
        except RuntimeError:  # the loop has closed: nobody is left to tell
            continue


def _answer_on_loop(jobs: Sequence[Job]) -> None:
    for job in jobs:
        job.answer()
