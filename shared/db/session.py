"""The session that verbs and queries receive: SQLAlchemy's, which only the executor may commit."""

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from shared.db.context import Context
from shared.keyring import Keyring


class OnlyTheExecutorEnds(RuntimeError):
    """A verb tried to end its own transaction; it raises to undo, and returns to commit."""


class Session(orm.Session):
    """One transaction's session. A verb raises to undo and returns to commit; it never does either itself.

    ``context`` says who causes the change. ``driver`` is the driver's own connection, for :mod:`shared.db.hot`.
    ``on_publish`` is called on the event loop after a commit that put events into the outbox.
    """

    def __init__(
        self, connection: sa.Connection, context: Context, on_publish: Callable[[], None] = lambda: None
    ) -> None:
        # rollback_only: a failed flush undoes the whole transaction, which the executor then sees and repeats job by
        # job; closing or committing the session ends nothing.
        super().__init__(bind=connection, join_transaction_mode="rollback_only", expire_on_commit=False)
        self.context = context
        self.on_publish = on_publish
        self.driver = driver_of(connection)
        self.dialect: sa.Dialect = connection.dialect
        self.before_commit: list[Callable[[Session], None]] = []
        self.after_commit: list[Callable[[], None]] = []

    def commit(self) -> None:
        raise OnlyTheExecutorEnds("a verb returns to commit")

    def rollback(self) -> None:
        raise OnlyTheExecutorEnds("a verb raises to undo")

    def end(self) -> None:
        """Let go of every object, once the transaction is settled. Where only hot statements ran, there is none."""
        if self.in_transaction():
            self.close()

    def finish(self) -> None:
        """Write what is still pending: the unit of work, and what was buffered for the end of the transaction."""
        self.flush()
        while self.before_commit:
            self.before_commit.pop(0)(self)


def driver_of(connection: sa.Connection) -> Any:
    """The driver's own connection (sqlite3's or psycopg's), which SQLAlchemy types for neither."""
    return connection.connection.dbapi_connection


def of(session: orm.Session) -> Session:
    """The executor's session, from the plain type that verbs name."""
    if not isinstance(session, Session):
        raise TypeError("this session does not come from an executor")
    return session


def show_to(session: orm.Session, organisation: str) -> None:
    """Say for which organisation the answer is made: what it may not be shown is kept out by whoever asks `seen_by`."""
    session.info["seen_by"] = organisation


def seen_by(session: orm.Session) -> str | None:
    """The organisation that the answer is made for; None where the caller acts for none."""
    organisation: str | None = session.info.get("seen_by")
    return organisation


def ring(session: orm.Session, name: str) -> Keyring:
    """The keys of one purpose, as they were entrusted to the database. Raises KeyError where they were not: no verb
    goes on without them as if there were nothing sealed."""
    rings: Mapping[str, Keyring] = session.connection().get_execution_options()["rings"]
    return rings[name]


def before_commit(session: orm.Session, step: Callable[[Session], None]) -> None:
    """Have ``step`` run once, inside the transaction, just before it commits."""
    of(session).before_commit.append(step)


def after_commit(session: orm.Session, callback: Callable[[], None]) -> None:
    """Have ``callback`` run on the event loop once the transaction is durable; never if it is not."""
    of(session).after_commit.append(callback)
