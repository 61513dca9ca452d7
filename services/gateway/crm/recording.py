"""What came of telling a CRM: the log of calls, what it calls people, when it is tried again, and how it fares."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import orm

from services.gateway.crm import queue
from services.gateway.crm.models import Call, Connection, Link, State
from services.gateway.crm.queue import Due
from services.gateway.crm.vendors.vendor import CrmFailed, CrmLimited, CrmRefuses, Outcome
from shared import clock, outbox
from shared.db.types import microseconds
from shared.events.gateway import CrmConnectionDisabled

TELL = "tell"

_AGAIN = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800, 7200))
"""After the first failure, the second and so on; the last one for ever."""
_LIMITED = timedelta(seconds=10)
"""How long nobody calls where it does not say: the length of the shortest window that a vendor counts in."""
_LONGEST_WAIT = timedelta(days=1)
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
    _log(session, connection, person, at, duration_ms, outcome.status, outcome.code)
    if outcome.external_id is None or outcome.code is not None:
        then = microseconds(clock.now() + _pause(due.attempts)) if outcome.again else None
        queue.put_off(session, movement, connection.id, due, outcome.code or "no_answer", then)
        return
    session.merge(
        Link(
            movement=movement, connection=connection.id, person=person, external_id=outcome.external_id,
            agreed=dict(agreed), told_at=at,
        )
    )  # fmt: skip
    queue.settle(session, movement, connection.id, [due])


def failed(
    session: orm.Session, connection: Connection, due: Sequence[Due], why: CrmFailed, at: datetime, duration_ms: int
) -> None:
    """Keep that a call came to nothing for everybody in it: the whole connection waits, as long as the CRM says."""
    for one in due:
        _log(session, connection, one.person, at, duration_ms, why.status, why.code)
    held = session.get(Connection, (connection.movement, connection.id), with_for_update=True)
    if held is None or held.status == State.ENDED:
        return
    now = clock.now()
    attempts = min((one.attempts for one in due), default=0)
    pause = _pause(attempts) if why.wait is None else min(timedelta(seconds=why.wait), _LONGEST_WAIT)
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
    at: datetime,
    duration_ms: int,
    status: int | None,
    code: str | None,
) -> None:
    session.add(
        Call(
            movement=connection.movement, connection=connection.id, person=person, action=TELL, at=at,
            duration_ms=duration_ms, status=status, code=code,
        )
    )  # fmt: skip


def _pause(attempts: int) -> timedelta:
    return _AGAIN[min(attempts, len(_AGAIN) - 1)]
