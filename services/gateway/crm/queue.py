"""Of whom and of what each CRM is still to be told: noted by events, taken when due, settled by what came of it.

A connection is told by one process at a time, which holds it for LEASE and renews that; it is also what keeps the order
of each one's states. Whoever dies holding it has told what it told: telling again changes nothing there.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql, sqlite

from services.gateway.crm.models import CALLED_IN, NOTES_FOR, Connection, Errand, Link, State, Waiting
from shared import clock
from shared.db.hot import hot
from shared.db.types import microseconds
from shared.ids import is_id

LEASE = timedelta(seconds=15)
_INSERT: Mapping[str, Callable[[type[Waiting]], sqlite.Insert | postgresql.Insert]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}
_noting = hot(
    sa.select(Connection.id)
    .where(Connection.movement == sa.bindparam("movement"), Connection.status.in_(NOTES_FOR))
    .order_by(Connection.id)
)


class Due(NamedTuple):
    """Somebody or an organisation of whom a CRM is to be told, as of ``turn``; ``attempts`` failed before. ``erasure``
    is the one for which they are to be forgotten there."""

    subject: str
    turn: int
    attempts: int
    erasure: str | None = None


class Taken(NamedTuple):
    """Those who are due for one errand."""

    errand: Errand
    due: Sequence[Due]


def note(session: orm.Session, movement: str, subjects: Collection[str], origin: str | None) -> bool:
    """Have every CRM of a movement told of people and organisations, but for the one that the change came from; whether
    there is any."""
    found = [connection for (connection,) in _noting.rows(session, {"movement": movement}) if connection != origin]
    for connection in found:
        put(session, movement, connection, subjects)
    return bool(found)


def put(session: orm.Session, movement: str, connection: str, subjects: Collection[str]) -> None:
    """Have one CRM told of people and organisations, at once; who waits already is told as they are by then."""
    _put(session, movement, connection, {subject: kind_of(subject) for subject in subjects}, {})


def put_to_forget(
    session: orm.Session, movement: str, connection: str, subjects: Collection[str], erasure: str | None
) -> None:
    """Have one CRM forget these, for an erasure or because the connection is leaving (None), whatever is heard of them
    later."""
    forget: dict[str, object] = {"errand": Errand.FORGET} | ({} if erasure is None else {"erasure": erasure})
    _put(session, movement, connection, dict.fromkeys(subjects, Errand.FORGET), forget)


def _put(
    session: orm.Session, movement: str, connection: str, errands: Mapping[str, Errand], more: Mapping[str, object]
) -> None:
    at = clock.now()
    now = microseconds(at)
    rows = [
        {"movement": movement, "connection": connection, "subject": subject, "errand": errand, "turn": 1,
         "attempts": 0, "due_at": now, "stuck": False, "code": None, "erasure": more.get("erasure"), "since": at}
        for subject, errand in sorted(errands.items())
    ]  # fmt: skip
    if not rows:
        return
    statement = _INSERT[session.get_bind().dialect.name](Waiting).values(rows)
    again = {"turn": Waiting.turn + 1, "attempts": 0, "due_at": now, "stuck": False, "code": None, **more}
    session.execute(statement.on_conflict_do_update(index_elements=["movement", "connection", "subject"], set_=again))


def due_connections(session: orm.Session, now: int) -> Sequence[tuple[str, str]]:
    """The connections that are due and that nobody calls at present, by movement and id: the enabled ones are told, and
    any other has to forget all the same."""
    waits = sa.exists().where(
        Waiting.movement == Connection.movement, Waiting.connection == Connection.id, ~Waiting.stuck,
        Waiting.due_at <= now, sa.or_(Connection.status == State.ENABLED, Waiting.errand == Errand.FORGET),
    )  # fmt: skip
    free = (Connection.status.in_(CALLED_IN), Connection.busy_until < now, Connection.resume_at <= now)
    rows = session.execute(sa.select(Connection.movement, Connection.id).where(*free, waits))
    return [(movement, connection) for movement, connection in rows]


def claim(session: orm.Session, movement: str, connection: str, holder: str) -> Connection | None:
    """Hold a connection for LEASE; None where another process has it by now, or nobody calls it."""
    found = session.get(Connection, (movement, connection), with_for_update=True)
    now = microseconds(clock.now())
    if found is None or found.status not in CALLED_IN or found.busy_until >= now or found.resume_at > now:
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
        claimed.status,
    )


def let_go(session: orm.Session, movement: str, connection: str, holder: str, pause: timedelta) -> None:
    """Let others have a connection after a pause, if it is still held."""
    this = (Connection.movement == movement, Connection.id == connection, Connection.holder == holder)
    until = microseconds(clock.now() + pause)
    session.execute(sa.update(Connection).where(*this).values(holder=None, busy_until=until))


def take(session: orm.Session, connection: Connection, most: int) -> Taken | None:
    """Who is due for the next errand, the longest due first: a CRM forgets before it is told, and is told of
    organisations before the people who belong to them. One that is not enabled only forgets.

    None where there is nobody, or the connection is another one by now than was claimed, or somebody else's."""
    if not holds(session, connection):
        return None
    query = (
        sa.select(Waiting.errand, Waiting.subject, Waiting.turn, Waiting.attempts, Waiting.erasure)
        .where(Waiting.movement == connection.movement, Waiting.connection == connection.id, ~Waiting.stuck)
        .where(Waiting.due_at <= microseconds(clock.now()))
        .order_by(Waiting.errand, Waiting.due_at, Waiting.subject)
        .limit(most)
    )
    if connection.status != State.ENABLED:
        query = query.where(Waiting.errand == Errand.FORGET)
    rows = session.execute(query).all()
    if not rows:
        return None
    first = rows[0][0]
    return Taken(Errand(first), [Due(*row[1:]) for row in rows if row[0] == first])


def links(session: orm.Session, movement: str, connection: str, subjects: Collection[str]) -> Mapping[str, Link]:
    """What a CRM calls some people and organisations, by our ids."""
    query = sa.select(Link).where(Link.movement == movement, Link.connection == connection, Link.subject.in_(subjects))
    return {link.subject: link for link in session.scalars(query)}


def settle(session: orm.Session, movement: str, connection: str, done: Collection[Due]) -> None:
    """These were told as they were at their turn; who changed since waits on, to be told again."""
    for due in done:
        this = (Waiting.movement == movement, Waiting.connection == connection, Waiting.subject == due.subject)
        session.execute(sa.delete(Waiting).where(*this, Waiting.turn == due.turn))
        session.execute(sa.update(Waiting).where(*this).values(attempts=0))


def doubt(session: orm.Session, movement: str, connection: str, subjects: Collection[str]) -> None:
    """Have a CRM told of these whole: nobody knows which of two tellings came there last."""
    this = (Link.movement == movement, Link.connection == connection, Link.subject.in_(subjects))
    session.execute(sa.update(Link).where(*this).values(agreed={}))
    put(session, movement, connection, subjects)


def keep_waiting(session: orm.Session, movement: str, connection: str, due: Due) -> None:
    """Let somebody wait on though something of them was told; who changed since does already."""
    at = clock.now()
    row = {
        "movement": movement, "connection": connection, "subject": due.subject, "errand": kind_of(due.subject),
        "turn": due.turn, "attempts": 0, "due_at": microseconds(at), "stuck": False, "code": None, "since": at,
    }  # fmt: skip
    session.execute(_INSERT[session.get_bind().dialect.name](Waiting).values(row).on_conflict_do_nothing())


def try_awaiting(session: orm.Session, movement: str, connection: str, code: str) -> None:
    """Have those tried again who wait for this reason."""
    this = (Waiting.movement == movement, Waiting.connection == connection, Waiting.code == code)
    session.execute(sa.update(Waiting).where(*this).values(stuck=False, due_at=microseconds(clock.now())))


def drop(session: orm.Session, movement: str, connection: str, subject: str) -> None:
    """Nobody is to be told of somebody by this id any more."""
    this = (Waiting.movement == movement, Waiting.connection == connection, Waiting.subject == subject)
    session.execute(sa.delete(Waiting).where(*this))


def put_off(session: orm.Session, movement: str, connection: str, due: Due, code: str, due_at: int | None) -> None:
    """Telling one failed: again at a moment (microseconds), or None: not before somebody or a change has it tried."""
    this = (Waiting.movement == movement, Waiting.connection == connection, Waiting.subject == due.subject)
    then: dict[str, object] = {"attempts": due.attempts + 1, "code": code}
    then |= {"stuck": True} if due_at is None else {"due_at": due_at}
    session.execute(sa.update(Waiting).where(*this, Waiting.turn == due.turn).values(then))


def kind_of(subject: str) -> Errand:
    """As what somebody or something is told of."""
    return Errand.ORGANISATION if is_id(subject, "org") else Errand.PERSON
