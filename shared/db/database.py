"""What every database offers the rest of the suite: run a verb as one transaction, run a query, say how it is."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa

from shared.db.context import SYSTEM, Context
from shared.db.session import Session
from shared.errors import DeadlinePassed
from shared.keyring import Keyring

P = ParamSpec("P")
T = TypeVar("T")


class Database(ABC):
    """One service's own database, and the executor that every reader and writer of it goes through.

    Verbs and queries are plain synchronous functions over a session. A verb has no effect outside its session, for
    the executor may run it again.
    """

    engine: sa.Engine
    owner: str
    """Who takes leases here: on SQLite always the same, for its file has one owner; else this process alone."""

    def __init__(self) -> None:
        self._bells: list[Callable[[], None]] = []
        self._heard: list[Callable[[], None]] = []

    def entrust(self, rings: Mapping[str, Keyring]) -> None:
        """Give the transactions of this database the keys of what is sealed in it: see :func:`session.ring`."""
        for engine in self.engines:
            engine.update_execution_options(rings=rings)

    @property
    def engines(self) -> Sequence[sa.Engine]:
        """Whatever connects to the database."""
        return (self.engine,)

    def on_publish(self, bell: Callable[[], None]) -> None:
        """Have ``bell`` called on the event loop after each commit that put events into the outbox."""
        self._bells.append(bell)

    def published(self) -> None:
        """Ring every bell."""
        for bell in self._bells:
            bell()

    def on_announced(self, bell: Callable[[], None]) -> None:
        """Have ``bell`` called when another process announces that it put events into the outbox."""
        self._heard.append(bell)

    def announced(self) -> None:
        """Pass an announcement on."""
        for bell in self._heard:
            bell()

    @property
    def changes(self) -> int | None:
        """How often this database may have changed; None where others change it too, and while a commit is under way.

        Whoever has been answered that a change is made, or has read it, finds another number than before it, or None.
        So a look-up that is made all the time may be remembered for as long as the number stays the same.
        """
        return None

    @abstractmethod
    async def announce(self) -> None:
        """Tell the other processes on this database, where there can be any, that the outbox has something new."""

    @abstractmethod
    async def open(self) -> None:
        """Connect; on SQLite also take ownership of the file. Raises when it cannot."""

    @abstractmethod
    async def close(self) -> None:
        """Finish what was accepted, then let go of every connection."""

    @abstractmethod
    async def execute(self, job: Callable[[Session], T], context: Context, deadline: float | None) -> T:
        """Run ``job`` in a transaction and answer once that is durable.

        ``deadline`` is in unix seconds; a job that has not started by then is dropped with DeadlinePassed.
        """

    @abstractmethod
    async def query(self, job: Callable[[Session], T], deadline: float | None) -> T:
        """Run ``job`` in a read-only transaction, away from the event loop."""

    @abstractmethod
    async def query_by_key(self, job: Callable[[Session], T], deadline: float | None) -> T:
        """Run a look-up by key the fastest way there is: inline on SQLite, on the pool on PostgreSQL."""

    @abstractmethod
    async def check(self) -> str | None:
        """None when a write could be taken now, else the reason in plain words."""

    @abstractmethod
    def paused(self) -> AbstractAsyncContextManager[None]:
        """While entered, no write runs; accepted ones wait."""

    @abstractmethod
    async def snapshot(self, target: Path) -> None:
        """Copy the whole database to ``target`` (SQLite only)."""

    @abstractmethod
    async def scrub(self, traces: Sequence[bytes]) -> bool:
        """Leave nothing on the disk of what was deleted; may take long, and hold writers up for a part of it.

        ``traces`` are what to look for afterwards in the bytes of the file (SQLite). Answers whether any is left: a
        live row may say the same of somebody else.
        """

    def on_behalf(self, context: Context, deadline: float | None = None) -> "Bound":
        """This database, for one cause and until one deadline."""
        return Bound(self, context, deadline)

    async def write(self, verb: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a verb as the suite's own housekeeping."""
        return await self.execute(lambda session: verb(session, *args, **kwargs), SYSTEM, None)

    async def read(self, query: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a query."""
        return await self.query(lambda session: query(session, *args, **kwargs), None)

    async def read_by_key(self, query: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a look-up of a few rows by key."""
        return await self.query_by_key(lambda session: query(session, *args, **kwargs), None)


@dataclass(frozen=True, slots=True)
class Bound:
    """A database with a cause and a deadline: what a request or a handler writes and reads through."""

    database: Database
    context: Context
    deadline: float | None

    async def write(self, verb: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a verb; answers after its commit."""
        return await self.database.execute(lambda session: verb(session, *args, **kwargs), self.context, self.deadline)

    async def read(self, query: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a query."""
        return await self.database.query(lambda session: query(session, *args, **kwargs), self.deadline)

    async def read_by_key(self, query: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a look-up of a few rows by key."""
        return await self.database.query_by_key(lambda session: query(session, *args, **kwargs), self.deadline)


def refuse_late(deadline: float | None) -> None:
    """Raise when the deadline (unix seconds) has passed: nobody waits for the answer any more."""
    if deadline is not None and time.time() >= deadline:
        raise DeadlinePassed("the deadline passed before the database came to it")
