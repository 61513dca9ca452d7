"""Every SQL statement about jobs, their faults and their files."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy import orm

from shared import clock
from shared.db.hot import Value, hot
from shared.errors import Fault
from shared.jobs.models import Job, JobState
from shared.jobs.tables import job_faults, job_files, jobs

PIECES_A_SLICE = 20
FAULTS_A_SLICE = 2000

_columns = [jobs.c[name] for name in Job._fields]
_is_it = (jobs.c.movement == sa.bindparam("in_movement")) & (jobs.c.id == sa.bindparam("of_job"))
_insert = hot(sa.insert(jobs))
_find = hot(sa.select(*_columns).where(_is_it))
_waiting = hot(
    sa.select(jobs.c.movement, jobs.c.id)
    .where(jobs.c.finished_at.is_(None))
    .where((jobs.c.lease_until < sa.bindparam("now")) | (jobs.c.holder == sa.bindparam("me")))
    .order_by(jobs.c.created_at, jobs.c.id)
    .limit(100)
)
_moved = ("position", "done", "total", "fault_count", "settled", "attempts", "lease_until")
_move = hot(
    sa.update(jobs)
    .where(_is_it, jobs.c.holder == sa.bindparam("by_holder"))
    .values({name: sa.bindparam(f"to_{name}") for name in _moved})
)
_add_fault = hot(sa.insert(job_faults))
_add_piece = hot(sa.insert(job_files))


def insert(session: orm.Session, movement: str, job: Job) -> None:
    """Add a job."""
    values: tuple[Value, ...] = job._replace(movement=movement)
    _insert.run(session, dict(zip(Job._fields, values, strict=True)))


def find(session: orm.Session, movement: str, job: str) -> Job | None:
    """A job of the movement."""
    row = _find.one(session, {"in_movement": movement, "of_job": job})
    return None if row is None else Job(*row)


def waiting(session: orm.Session, holder: str, now: int) -> Sequence[tuple[str, str]]:
    """Movement and id of each job that could be taken, the oldest first.

    One that ``holder`` itself had is among them: it was left by a life before this one.
    """
    return [(movement, job) for movement, job in _waiting.rows(session, {"now": now, "me": holder})]


def take(session: orm.Session, movement: str, job: str, holder: str, now: int, until: int) -> bool:
    """Lease a job, unless somebody else has it, or has another one of the movement."""
    others = sa.select(jobs.c.id).where(
        jobs.c.movement == movement, jobs.c.holder.is_not(None), jobs.c.id != job, jobs.c.lease_until >= now
    )
    if session.execute(others.limit(1)).first() is not None:
        return False
    lapsed = (jobs.c.movement == movement) & (jobs.c.holder.is_not(None)) & (jobs.c.id != job)
    session.execute(sa.update(jobs).where(lapsed).values(holder=None))
    free = (jobs.c.lease_until < now) | (jobs.c.holder == holder)
    taking = (
        sa.update(jobs)
        .where(jobs.c.movement == movement, jobs.c.id == job, jobs.c.finished_at.is_(None), free)
        .values(
            holder=holder,
            lease_until=until,
            state=JobState.RUNNING,
            attempts=jobs.c.attempts + 1,
            started_at=sa.func.coalesce(jobs.c.started_at, now),
        )
    )
    return session.execute(taking.returning(jobs.c.id)).first() is not None


def renew(session: orm.Session, movement: str, job: str, holder: str, until: int) -> bool:
    """Hold the lease for longer; False where it is somebody else's by now."""
    mine = (jobs.c.movement == movement) & (jobs.c.id == job) & (jobs.c.holder == holder)
    renewing = sa.update(jobs).where(mine).values(lease_until=until).returning(jobs.c.id)
    return session.execute(renewing).first() is not None


def move(session: orm.Session, movement: str, job: str, holder: str, to: Mapping[str, Value]) -> bool:
    """Write down how far a job is, and hold the lease for longer; False where it is somebody else's by now."""
    where: dict[str, Value] = {"in_movement": movement, "of_job": job, "by_holder": holder}
    return _move.run(session, where | {f"to_{name}": value for name, value in to.items()}) == 1


def change(session: orm.Session, movement: str, job: str, **values: object) -> None:
    """Change columns of a job."""
    session.execute(sa.update(jobs).where(jobs.c.movement == movement, jobs.c.id == job).values(**values))


def add_faults(session: orm.Session, movement: str, job: str, first: int, faults: Sequence[Fault]) -> None:
    """Keep faults, numbered from ``first``."""
    _add_fault.many(
        session,
        [
            {
                "movement": movement,
                "job": job,
                "number": number,
                "row": fault.row,
                "column": fault.column,
                "pointer": fault.pointer,
                "reason": fault.reason,
                "code": fault.code,
            }
            for number, fault in enumerate(faults, first)
        ],
    )


def faults(session: orm.Session, movement: str, job: str, after: int, limit: int) -> Sequence[tuple[int, Fault]]:
    """Faults by number, those after ``after`` first."""
    shown = [job_faults.c[name] for name in ("number", "pointer", "reason", "code", "row", "column")]
    query = sa.select(*shown).where(
        job_faults.c.movement == movement, job_faults.c.job == job, job_faults.c.number > after
    )
    rows = session.execute(query.order_by(job_faults.c.number).limit(limit))
    return [(number, Fault(*fault)) for number, *fault in rows]


def add_piece(session: orm.Session, movement: str, job: str, number: int, content: bytes) -> None:
    """Keep the next piece of a job's file."""
    at = clock.milliseconds()
    key: dict[str, Value] = {"movement": movement, "job": job, "number": number}
    _add_piece.run(session, key | {"content": content, "received_at": at})


def piece(session: orm.Session, movement: str, job: str, number: int) -> bytes | None:
    """A piece of a job's file; None behind its end."""
    one = (job_files.c.movement == movement) & (job_files.c.job == job) & (job_files.c.number == number)
    found = session.scalar(sa.select(job_files.c.content).where(one))
    return None if found is None else bytes(found)


def drop_pieces(session: orm.Session, movement: str, job: str) -> bool:
    """Delete some of a job's file; whether there may be more."""
    some = sa.select(job_files.c.number).where(job_files.c.movement == movement, job_files.c.job == job)
    gone = sa.delete(job_files).where(
        job_files.c.movement == movement,
        job_files.c.job == job,
        job_files.c.number.in_(some.order_by(job_files.c.number).limit(PIECES_A_SLICE)),
    )
    return len(session.execute(gone.returning(job_files.c.number)).all()) == PIECES_A_SLICE


def forsaken_files(session: orm.Session, before: int) -> Sequence[tuple[str, str]]:
    """Movement and job of files that no job was made for: sending them broke off, before a moment in milliseconds."""
    asked = sa.exists().where(jobs.c.movement == job_files.c.movement, jobs.c.id == job_files.c.job)
    query = sa.select(job_files.c.movement, job_files.c.job).where(job_files.c.received_at < before, ~asked)
    return [(movement, job) for movement, job in session.execute(query.distinct().limit(100))]
