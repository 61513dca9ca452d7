"""What came of telling a CRM: the log of calls, what it calls people, when it is tried again, and how it fares."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import orm

from services.gateway.crm import queue
from services.gateway.crm.models import Call, Connection, Errand, Link, State, Waiting
from services.gateway.crm.queue import Due
from services.gateway.crm.vendors.vendor import CrmFailed, CrmLimited, CrmRefuses, Outcome
from shared import clock, outbox
from shared.db.types import microseconds
from shared.events.gateway import CrmConnectionDisabled, CrmForgot
from shared.ids import new_id

_TELL, _FORGET = "tell", "forget"
UNFIT = "mapping_does_not_fit"
"""Why somebody is not told of whom the mapping's expressions do not fit."""
AWAITING = "organisation_awaited"
"""Why somebody waits whose organisation the CRM has not yet."""

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


@dataclass(frozen=True, slots=True)
class Took:
    """When a call began, and how long it took."""

    at: datetime
    duration_ms: int


@dataclass(frozen=True, slots=True)
class Said:
    """What was told of one: the digests by the CRM's field, and whether a record was to be made of it."""

    agreed: Mapping[str, str]
    made: bool


def came_of(session: orm.Session, connection: Connection, due: Due, outcome: Outcome, said: Said, took: Took) -> None:
    """Keep what came of telling a CRM of one of them: a link where it has them now, else when it is tried again."""
    movement, subject = connection.movement, due.subject
    _log(session, connection, subject, _TELL, took, outcome.status, outcome.code)
    if outcome.external_id is None or outcome.code is not None:
        then = microseconds(clock.now() + _pause(due.attempts)) if outcome.again else None
        queue.put_off(session, movement, connection.id, due, outcome.code or "no_answer", then)
        return
    link = session.get(Link, (movement, connection.id, subject), with_for_update=True)
    if link is None:
        link = Link(movement=movement, connection=connection.id, subject=subject, made=said.made, agreed={}, held=[])
        session.add(link)
    # Of the other fields something may have come in while the CRM was told.
    link.external_id, link.agreed, link.told_at = outcome.external_id, {**link.agreed, **said.agreed}, took.at
    if queue.kind_of(subject) is Errand.ORGANISATION:
        queue.try_awaiting(session, movement, connection.id, AWAITING)
    queue.settle(session, movement, connection.id, [due])


def awaits(session: orm.Session, connection: Connection, due: Due, organisation: str) -> None:
    """Let somebody wait until the CRM has their organisation, and have it told of that."""
    queue.keep_waiting(session, connection.movement, connection.id, Due(organisation, 1, 0))
    queue.keep_waiting(session, connection.movement, connection.id, due)
    queue.put_off(session, connection.movement, connection.id, due, AWAITING, None)


def was_forgotten(session: orm.Session, connection: Connection, due: Due, outcome: Outcome, took: Took) -> None:
    """Keep what came of having a CRM forget somebody: once it has, nothing is left here that it ever knew them."""
    movement, subject = connection.movement, due.subject
    if outcome.code is not None:
        _log(session, connection, subject, _FORGET, took, outcome.status, outcome.code)
        then = microseconds(clock.now() + _pause(due.attempts))
        queue.put_off(session, movement, connection.id, due, outcome.code, then)
        return
    waited = session.get(Waiting, (movement, connection.id, subject), with_for_update=True) is not None
    for table in (Link, Call, Waiting):
        this = (table.movement == movement, table.connection == connection.id, table.subject == subject)
        session.execute(sa.delete(table).where(*this))
    if due.erasure is not None and waited:
        receipt = CrmForgot(receipt=new_id("receipt"), erasure=due.erasure, connection=connection.id)
        outbox.record(session, receipt)


def changed_there(session: orm.Session, connection: Connection, due: Due) -> None:
    """Wait for the CRM's own word of what was edited there; where none comes, somebody has to look."""
    patient = due.attempts < _PATIENT
    then = microseconds(clock.now() + _CHANGED_THERE) if patient else None
    queue.keep_waiting(session, connection.movement, connection.id, due)
    queue.put_off(session, connection.movement, connection.id, due, "changed_there", then)


def failed(session: orm.Session, connection: Connection, due: Sequence[Due], why: CrmFailed, took: Took) -> None:
    """Keep that a call came to nothing for everybody in it: the whole connection waits, as long as the CRM says."""
    for one in due:
        _log(session, connection, one.subject, _TELL, took, why.status, why.code)
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
    subject: str,
    action: str,
    took: Took,
    status: int | None,
    code: str | None,
) -> None:
    session.add(
        Call(
            movement=connection.movement, connection=connection.id, subject=subject, action=action, at=took.at,
            duration_ms=took.duration_ms, status=status, code=_plain(code),
        )
    )  # fmt: skip


def _pause(attempts: int) -> timedelta:
    return _AGAIN[min(attempts, len(_AGAIN) - 1)]


def _plain(code: str | None) -> str | None:
    """A code as it may be kept: one word. What is longer than a code could be anybody's."""
    return code if code is None or _CODE.fullmatch(code) else "unreadable_code"
