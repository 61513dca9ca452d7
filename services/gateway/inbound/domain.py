"""The verbs of what came in: read, taken up once more, and forgotten when its days are over."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlalchemy import orm

from services.gateway.inbound import store
from services.gateway.inbound.hooks import connected
from services.gateway.inbound.models import ConflictState, Message, State
from shared import clock
from shared.db import after_commit
from shared.db.types import microseconds
from shared.errors import Conflict, NotFound

_AT_ONCE = 200


class MessageGone(Conflict):
    """What it said is not kept any more, or it is not over yet."""

    code, title = "message_gone", "What this message said is not kept any more, or it is not over yet"


def page(
    session: orm.Session, movement: str, connection: str, state: State | None, before: str | None, most: int
) -> Sequence[Message]:
    """What came in for a connection, the newest first. Raises NotFound."""
    connected(session, movement, connection)
    return store.messages(session, movement, connection, state, before, most)


def read(session: orm.Session, movement: str, connection: str, id_: str) -> Message:
    """One message of a connection. Raises NotFound."""
    return _found(session, movement, connection, id_)


def retry(session: orm.Session, movement: str, connection: str, id_: str, wake: Callable[[], None]) -> Message:
    """Take a message up once more. Raises NotFound and MessageGone."""
    found = _found(session, movement, connection, id_, lock=True)
    if found.said is None or found.state == State.PENDING:
        raise MessageGone
    found.state, found.code, found.attempts, found.settled_at = State.PENDING, None, 0, None
    found.begun, found.due_at = False, microseconds(clock.now())
    after_commit(session, wake)
    return found


def forget_old(session: orm.Session, kept: timedelta) -> bool:
    """Forget what messages and conflicts of every movement said whose days are over; whether there may be more."""
    before, at = clock.now() - kept, clock.now()
    old = store.expired(session, before, _AT_ONCE)
    for message in old:
        message.said = None
        if message.state == State.PENDING:
            message.settle(State.EXPIRED, message.code, None, at)
    lapsing = store.lapsing(session, before, _AT_ONCE)
    for conflict in lapsing:
        conflict.said = None
        if conflict.state == ConflictState.OPEN:
            conflict.state, conflict.settled_at = ConflictState.LAPSED, at
    return _AT_ONCE in (len(old), len(lapsing))


def _found(session: orm.Session, movement: str, connection: str, id_: str, *, lock: bool = False) -> Message:
    connected(session, movement, connection)
    found = store.message(session, movement, id_, lock=lock)
    if found is None or found.connection != connection:
        raise NotFound
    return found
