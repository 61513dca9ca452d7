"""What came of telling a CRM: the log of calls, what it calls people, when it is tried again, and how it fares."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import orm

from services.gateway.crm import queue
from services.gateway.crm.models import Call, Connection, Link, State, Waiting
from services.gateway.crm.queue import Due
from services.gateway.crm.vendors.vendor import CrmFailed, CrmLimited, CrmRefuses, Outcome
from shared import clock, outbox
from shared.db.types import microseconds
from shared.events.gateway import CrmConnectionDisabled, CrmForgot
from shared.ids import new_id

_TELL, _FORGET = "tell", "forget"

_AGAIN = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800, 7200))
"""After the first failure, the second and so on; the last one for ever."""
_CODE = re.compile(r"[A-Za-z0-9_.-]{1,80}")
_LIMITED = timedelta(seconds=10)
"""How long nobody calls where it does not say: the length of the shortest window that a vendor counts in."""
_LONGEST_WAIT = timedelta(days=1)
_CHANGED_THERE, _PATIENT = timedelta(seconds=30), 5
"""How long, and how often, the CRM's own word is waited for of what was edited there."""
_REFUSED_FOR = timedelta(days=1)
"""A CRM that has only refused us for so long is disabled: what is wrong does not pass by itself."""


def came_of(
    session: orm.Session,
    connection: Connection,
    due: Due,
    outcome: Outcome,
    agreed: Mapping[str, str],
    at: datetime,
    duration_ms: int,
) -> None:
    """Keep what came of telling a CRM of one person: a link where it has them now, else when it is tried again."""
    movement, person = connection.movement, due.person
    _log(session, connection, person, _TELL, at, duration_ms, outcome.status, outcome.code)
    if outcome.external_id is None or outcome.code is not None:
        then = microseconds(clock.now() + _pause(due.attempts)) if outcome.again else None
        queue.put_off(session, movement, connection.id, due, outcome.code or "no_answer", then)
        return
    link = session.get(Link, (movement, connection.id, person), with_for_update=True)
    if link is None:
        link = Link(movement=movement, connection=connection.id, person=person, agreed={}, held=[])
        session.add(link)
    # Of the other fields something may have come in while the CRM was told.
    link.external_id, link.agreed, link.told_at = outcome.external_id, {**link.agreed, **agreed}, at
    queue.settle(session, movement, connection.id, [due])


def was_forgotten(
    session: orm.Session, connection: Connection, due: Due, outcome: Outcome, at: datetime, duration_ms: int
) -> None:
    """Keep what came of having a CRM forget somebody: once it has, nothing is left here that it ever knew them."""
    movement, person = connection.movement, due.person
    if outcome.code is not None:
        _log(session, connection, person, _FORGET, at, duration_ms, outcome.status, outcome.code)
        then = microseconds(clock.now() + _pause(due.attempts))
        queue.put_off(session, movement, connection.id, due, outcome.code, then)
        return
    for table in (Link, Call, Waiting):
        this = (table.movement == movement, table.connection == connection.id, table.person == person)
        session.execute(sa.delete(table).where(*this))
    if due.erasure is not None:
        receipt = CrmForgot(receipt=new_id("receipt"), erasure=due.erasure, connection=connection.id)
        outbox.record(session, receipt)


def changed_there(session: orm.Session, connection: Connection, due: Due) -> None:
    """Wait for the CRM's own word of what was edited there; where none comes, somebody has to look."""
    patient = due.attempts < _PATIENT
    then = microseconds(clock.now() + _CHANGED_THERE) if patient else None
    queue.keep_waiting(session, connection.movement, connection.id, due)
    queue.put_off(session, connection.movement, connection.id, due, "changed_there", then)


def failed(
    session: orm.Session, connection: Connection, due: Sequence[Due], why: CrmFailed, at: datetime, duration_ms: int
) -> None:
    """Keep that a call came to nothing for everybody in it: the whole connection waits, as long as the CRM says."""
    for one in due:
        _log(session, connection, one.person, _TELL, at, duration_ms, why.status, why.code)
    held = session.get(Connection, (connection.movement, connection.id), with_for_update=True)
    if held is None or held.status == State.ENDED:
        return
    now = clock.now()
    attempts = min((one.attempts for one in due), default=0)
    pause = max(_pause(attempts), min(timedelta(seconds=why.wait or 0), _LONGEST_WAIT))
    held.trouble = why.code
    held.resume_at = microseconds(now + (max(pause, _LIMITED) if isinstance(why, CrmLimited) else pause))
    if isinstance(why, CrmLimited):
        return  # we were too fast, and it is well
    for one in due:
        queue.put_off(session, held.movement, held.id, one, why.code, held.resume_at)
    held.failing_since = held.failing_since or now
    if isinstance(why, CrmRefuses) and now - held.failing_since >= _REFUSED_FOR:
        disable(session, held, why.code)


def disable(session: orm.Session, connection: Connection, reason: str) -> None:
    """Tell a CRM nothing any more, and have it told why."""
    if connection.status in (State.ENABLED, State.PAUSED):
        connection.turn(State.DISABLED, clock.now(), reason)
        outbox.record(session, CrmConnectionDisabled(connection=connection.id, reason=reason))


def well_again(session: orm.Session, connection: Connection) -> None:
    """It answered."""
    this = (Connection.movement == connection.movement, Connection.id == connection.id)
    troubled = sa.or_(Connection.trouble.is_not(None), Connection.failing_since.is_not(None))
    session.execute(sa.update(Connection).where(*this, troubled).values(trouble=None, failing_since=None))


def _log(
    session: orm.Session,
    connection: Connection,
    person: str,
    action: str,
    at: datetime,
    duration_ms: int,
    status: int | None,
    code: str | None,
) -> None:
    session.add(
        Call(
            movement=connection.movement, connection=connection.id, person=person, action=action, at=at,
            duration_ms=duration_ms, status=status, code=_plain(code),
        )
    )  # fmt: skip


def _pause(attempts: int) -> timedelta:
    return _AGAIN[min(attempts, len(_AGAIN) - 1)]


def _plain(code: str | None) -> str | None:
    """A code as it may be kept: one word. What is longer than a code could be anybody's."""
    return code if code is None or _CODE.fullmatch(code) else "unreadable_code"
