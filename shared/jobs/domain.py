"""The verbs of jobs: ask for one, look at it, cancel it."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import orm

from shared import clock
from shared.db.session import of
from shared.errors import Fault, NotFound
from shared.ids import new_id
from shared.jobs import store
from shared.jobs.models import CannotCancel, Job, JobState


def id_for(service: str) -> str:
    """An id for a job of this service, by which the gateway finds it."""
    return new_id(f"{service}_job")


def ask(session: orm.Session, movement: str, job: str, kind: str, request: object, total: int | None = None) -> Job:
    """Have a job done, soon after the commit. ``request`` is what the kind needs to know, for JSON; nothing personal.

    ``total`` is how many things there are to do, where that is known already.
    """
    context = of(session).context
    asked = Job(
        movement=movement,
        id=job,
        kind=kind,
        state=JobState.QUEUED,
        request=msgspec.json.encode(request).decode(),
        position=None,
        result=None,
        done=0,
        total=total,
        fault_count=0,
        ending=None,
        settled=False,
        code=None,
        detail=None,
        actor=context.actor,
        origin=context.origin,
        traceparent=context.traceparent,
        attempts=0,
        holder=None,
        lease_until=0,
        created_at=clock.milliseconds(),
        started_at=None,
        finished_at=None,
    )
    store.insert(session, movement, asked)
    return asked


def read(session: orm.Session, movement: str, job: str) -> Job:
    """A job. Raises NotFound."""
    found = store.find(session, movement, job)
    if found is None:
        raise NotFound
    return found


def faults(session: orm.Session, movement: str, job: str, after: int, limit: int) -> Sequence[tuple[int, Fault]]:
    """Faults that a job has found so far, by number."""
    return store.faults(session, movement, job, after, limit)


def cancel(session: orm.Session, movement: str, job: str) -> Job:
    """End a job: at once where it waits, after its present step where it runs; what it did is then undone.

    Raises NotFound, and CannotCancel where it is over or can only be finished.
    """
    found = read(session, movement, job)
    if JobState(found.state).final or found.settled:
        raise CannotCancel(f"it is {'past recall' if found.settled else found.state}")
    store.change(session, movement, job, ending=JobState.CANCELLED)
    return read(session, movement, job)
