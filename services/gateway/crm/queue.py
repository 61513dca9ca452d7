"""Whom each CRM is still to be told of: noted by events, taken when due, settled by what came of telling it.

A connection is told by one process at a time, which holds it for LEASE and renews that; it is also what keeps the order
of each person's states. Whoever dies holding it has told what it told: telling again changes nothing there.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql, sqlite

from services.gateway.crm.models import NOTES_FOR, Connection, Link, State, Waiting
from shared import clock
from shared.db.types import microseconds

LEASE = timedelta(seconds=15)
_INSERT: Mapping[str, Callable[[type[Waiting]], sqlite.Insert | postgresql.Insert]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}


class Due(NamedTuple):
    """Somebody whom a CRM is to be told of, as of ``turn``; ``attempts`` failed before. With an ``erasure`` it is to
    forget them."""

    person: str
    turn: int
    attempts: int
    erasure: str | None = None


def note(session: orm.Session, movement: str, people: Collection[str], origin: str | None) -> bool:
    """Have every CRM of a movement told of people, but for the one that the change came from; whether there is any."""
    query = sa.select(Connection.id).where(Connection.movement == movement, Connection.status.in_(NOTES_FOR))
    found = [connection for connection in session.scalars(query.order_by(Connection.id)) if connection != origin]
    for connection in found:
        put(session, movement, connection, people)
    return bool(found)


def put(
    session: orm.Session, movement: str, connection: str, people: Collection[str], erasure: str | None = None
) -> None:
    """Have one CRM told of people, at once; who waits already is told as they are by then. With an ``erasure`` it is to
    forget them, whatever is heard of them later."""
    at = clock.now()
    now = microseconds(at)
    rows = [
        {"movement": movement, "connection": connection, "person": person, "turn": 1, "attempts": 0, "due_at": now,
         "stuck": False, "code": None, "erasure": erasure, "since": at}
        for person in sorted(people)
    ]  # fmt: skip
    if not rows:
        return
    statement = _INSERT[session.get_bind().dialect.name](Waiting).values(rows)
    again: dict[str, object] = {"turn": Waiting.turn + 1, "attempts": 0, "due_at": now, "stuck": False, "code": None}
    again |= {} if erasure is None else {"erasure": erasure}
    session.execute(statement.on_conflict_do_update(index_elements=["movement", "connection", "person"], set_=again))


def due_connections(session: orm.Session, now: int) -> Sequence[tuple[str, str]]:
    """The connections that are to be told of somebody and that nobody tells at present, by movement and id."""
    waits = sa.exists().where(
        Waiting.movement == Connection.movement, Waiting.connection == Connection.id, ~Waiting.stuck,
        Waiting.due_at <= now,
    )  # fmt: skip
    free = (Connection.status == State.ENABLED, Connection.busy_until < now, Connection.resume_at <= now)
    rows = session.execute(sa.select(Connection.movement, Connection.id).where(*free, waits))
    return [(movement, connection) for movement, connection in rows]


def claim(session: orm.Session, movement: str, connection: str, holder: str) -> Connection | None:
    """Hold a connection for LEASE; None where another process has it by now, or nothing is told to it."""
    found = session.get(Connection, (movement, connection), with_for_update=True)
    now = microseconds(clock.now())
    if found is None or found.status != State.ENABLED or found.busy_until >= now or found.resume_at > now:
        return None
    found.holder, found.busy_until = holder, microseconds(clock.now() + LEASE)
    return found


def renew(session: orm.Session, movement: str, connection: str, holder: str) -> None:
    """Hold a connection for another LEASE, if it is still held."""
    this = (Connection.movement == movement, Connection.id == connection, Connection.holder == holder)
    session.execute(sa.update(Connection).where(*this).values(busy_until=microseconds(clock.now() + LEASE)))


def holds(session: orm.Session, claimed: Connection, *, lock: bool = False) -> bool:
    """Whether a connection is still as it was claimed, and nobody else's."""
    found = session.get(Connection, (claimed.movement, claimed.id), with_for_update=lock or None)
    return found is not None and (found.holder, found.version, found.status) == (
        claimed.holder,
        claimed.version,
        State.ENABLED,
    )


def let_go(session: orm.Session, movement: str, connection: str, holder: str, pause: timedelta) -> None:
    """Let others have a connection after a pause, if it is still held."""
    this = (Connection.movement == movement, Connection.id == connection, Connection.holder == holder)
    until = microseconds(clock.now() + pause)
    session.execute(sa.update(Connection).where(*this).values(holder=None, busy_until=until))


def take(session: orm.Session, movement: str, connection: str, most: int) -> Sequence[Due]:
    """Who is due, the longest due first."""
    query = (
        sa.select(Waiting.person, Waiting.turn, Waiting.attempts, Waiting.erasure)
        .where(Waiting.movement == movement, Waiting.connection == connection, ~Waiting.stuck)
        .where(Waiting.due_at <= microseconds(clock.now()))
        .order_by(Waiting.due_at, Waiting.person)
        .limit(most)
    )
    return [Due(*row) for row in session.execute(query)]


def links(session: orm.Session, movement: str, connection: str, people: Collection[str]) -> Mapping[str, Link]:
    """What a CRM calls some people, by person."""
    query = sa.select(Link).where(Link.movement == movement, Link.connection == connection, Link.person.in_(people))
    return {link.person: link for link in session.scalars(query)}


def settle(session: orm.Session, movement: str, connection: str, done: Collection[Due]) -> None:
    """These were told as they were at their turn; who changed since waits on, to be told again."""
    for due in done:
        this = (Waiting.movement == movement, Waiting.connection == connection, Waiting.person == due.person)
        session.execute(sa.delete(Waiting).where(*this, Waiting.turn == due.turn))
        session.execute(sa.update(Waiting).where(*this).values(attempts=0))


def doubt(session: orm.Session, movement: str, connection: str, people: Collection[str]) -> None:
    """Have a CRM told of people whole: nobody knows which of two tellings came there last."""
    this = (Link.movement == movement, Link.connection == connection, Link.person.in_(people))
    session.execute(sa.update(Link).where(*this).values(agreed={}))
    put(session, movement, connection, people)


def keep_waiting(session: orm.Session, movement: str, connection: str, due: Due) -> None:
    """Let somebody wait on though something of them was told; who changed since does already."""
    at = clock.now()
    row = {
        "movement": movement, "connection": connection, "person": due.person, "turn": due.turn, "attempts": 0,
        "due_at": microseconds(at), "stuck": False, "code": None, "erasure": due.erasure, "since": at,
    }  # fmt: skip
    session.execute(_INSERT[session.get_bind().dialect.name](Waiting).values(row).on_conflict_do_nothing())


def drop(session: orm.Session, movement: str, connection: str, person: str) -> None:
    """Nobody is to be told of somebody by this id any more."""
    this = (Waiting.movement == movement, Waiting.connection == connection, Waiting.person == person)
    session.execute(sa.delete(Waiting).where(*this))


def put_off(session: orm.Session, movement: str, connection: str, due: Due, code: str, due_at: int | None) -> None:
    """Telling one failed: again at a moment (microseconds), or None: not before somebody or a change has it tried."""
    this = (Waiting.movement == movement, Waiting.connection == connection, Waiting.person == due.person)
    then: dict[str, object] = {"attempts": due.attempts + 1, "code": code}
    then |= {"stuck": True} if due_at is None else {"due_at": due_at}
    session.execute(sa.update(Waiting).where(*this, Waiting.turn == due.turn).values(then))
