"""Every SQL statement about hooks, what came in by them, and what a person has to settle."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import orm

from services.gateway.crm.models import Link
from services.gateway.inbound.models import Conflict, ConflictState, Hook, Message, State


def hook(session: orm.Session, movement: str, connection: str, *, lock: bool = False) -> Hook | None:
    """The hook of a connection; ``lock`` holds the row until the transaction ends (PostgreSQL)."""
    return session.get(Hook, (movement, connection), with_for_update=lock or None)


def hook_called(session: orm.Session, connection: str) -> Hook | None:
    """The hook at which somebody calls: whose it is follows from the connection."""
    return session.scalar(sa.select(Hook).where(Hook.connection == connection))


def last_key(session: orm.Session, movement: str, connection: str, record: str) -> str | None:
    """What the last message about a record is told apart by."""
    query = sa.select(Message.key).where(
        Message.movement == movement, Message.connection == connection, Message.record == record
    )
    return session.scalar(query.order_by(Message.id.desc()).limit(1))


def is_pending(session: orm.Session, movement: str, connection: str, record: str) -> bool:
    """Whether something about a record is still to be taken up."""
    this = (Message.movement == movement, Message.connection == connection, Message.record == record)
    return session.scalar(sa.select(Message.id).where(*this, Message.state == State.PENDING).limit(1)) is not None


def message(session: orm.Session, movement: str, id_: str, *, lock: bool = False) -> Message | None:
    """One message."""
    return session.get(Message, (movement, id_), with_for_update=lock or None)


def messages(
    session: orm.Session, movement: str, connection: str, state: State | None, before: str | None, most: int
) -> Sequence[Message]:
    """What came in for a connection, the newest first, before the one with the id ``before``."""
    query = sa.select(Message).where(Message.movement == movement, Message.connection == connection)
    if state is not None:
        query = query.where(Message.state == state)
    if before is not None:
        query = query.where(Message.id < before)
    return session.scalars(query.order_by(Message.id.desc()).limit(most)).all()


def lease(session: orm.Session, now: int, until: int, most: int) -> Sequence[Message]:
    """Take up what is due, of every movement: of each record the earliest that is pending, unless it is taken already.

    While it is taken it is not due; whoever took it and died has left it to others from ``until`` on (microseconds).
    """
    earlier = orm.aliased(Message)
    before_it = sa.exists().where(
        earlier.movement == Message.movement,
        earlier.connection == Message.connection,
        earlier.record == Message.record,
        earlier.state == State.PENDING,
        earlier.id < Message.id,
    )
    due = sa.select(Message).where(sa.text("crm_message.state = 'pending'"), Message.due_at <= now, ~before_it)
    found = session.scalars(due.order_by(Message.due_at).limit(most).with_for_update(skip_locked=True)).all()
    for each in found:
        each.due_at = until
    return found


def expired(session: orm.Session, before: datetime, most: int) -> Sequence[Message]:
    """Messages of every movement that came in before a moment and whose words are still kept, the oldest first."""
    query = sa.select(Message).where(Message.received_at < before, Message.said.is_not(None))
    return session.scalars(query.order_by(Message.received_at).limit(most)).all()


def conflict(session: orm.Session, movement: str, id_: str, *, lock: bool = False) -> Conflict | None:
    """One conflict."""
    return session.get(Conflict, (movement, id_), with_for_update=lock or None)


def open_conflicts(session: orm.Session, movement: str, connection: str, record: str) -> Sequence[Conflict]:
    """What is open about a record."""
    this = (Conflict.movement == movement, Conflict.connection == connection, Conflict.record == record)
    return session.scalars(sa.select(Conflict).where(*this, Conflict.state == ConflictState.OPEN)).all()


def conflicts(
    session: orm.Session, movement: str, connection: str, state: ConflictState | None, after: str, most: int
) -> Sequence[Conflict]:
    """Conflicts of a connection, the oldest first, behind the one with the id ``after``."""
    query = sa.select(Conflict).where(
        Conflict.movement == movement, Conflict.connection == connection, Conflict.id > after
    )
    if state is not None:
        query = query.where(Conflict.state == state)
    return session.scalars(query.order_by(Conflict.id).limit(most)).all()


def lapsing(session: orm.Session, before: datetime, most: int) -> Sequence[Conflict]:
    """Conflicts of every movement that were raised before a moment and are open still, the oldest first."""
    query = sa.select(Conflict).where(Conflict.raised_at < before, Conflict.said.is_not(None))
    return session.scalars(query.order_by(Conflict.raised_at).limit(most)).all()


def linked(session: orm.Session, movement: str, connection: str, record: str) -> str | None:
    """Whom a CRM calls a record, as far as it was told of them."""
    this = (Link.movement == movement, Link.connection == connection, Link.external_id == record)
    return session.scalar(sa.select(Link.subject).where(*this).order_by(Link.subject).limit(1))
