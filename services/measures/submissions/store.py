"""Every SQL statement about returns and period locks."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.measures.submissions.models import (
    STANDING_STILL,
    PeriodLock,
    Submission,
    SubmissionStatus,
    SubmissionStep,
)
from shared.db.hot import hot
from shared.db.session import of

_still = hot(
    sa.select(Submission.period_start, Submission.status).where(
        Submission.movement == sa.bindparam("movement", type_=sa.Text),
        Submission.measure_version == sa.bindparam("version", type_=sa.Text),
        Submission.reporter == sa.bindparam("reporter", type_=sa.Text),
        Submission.status.in_([status.value for status in STANDING_STILL]),
    )
)
_locked = hot(
    sa.select(PeriodLock.period_start).where(
        PeriodLock.movement == sa.bindparam("movement", type_=sa.Text),
        PeriodLock.measure_version == sa.bindparam("version", type_=sa.Text),
        PeriodLock.lifted_at.is_(None),
    )
)


def closed(session: Session, movement: str, version: str, reporter: str) -> Mapping[str, str]:
    """The periods, by their first days, in which these figures stand still, and why, in words."""
    submitted = _still.rows(session, {"movement": movement, "version": version, "reporter": reporter})
    why = {start: f"its return is {status}: have it returned or reopened first" for start, status in submitted}
    for (start,) in _locked.rows(session, {"movement": movement, "version": version}):
        why[start] = "the period is locked: have the lock lifted first"
    return why


def insert(session: Session, movement: str, **values: object) -> bool:
    """Enter a draft. False where the reporter has a return for that version and period."""
    into = postgresql.insert if of(session).dialect.name == "postgresql" else sqlite.insert
    entered = into(Submission).values(movement=movement, **values).on_conflict_do_nothing().returning(Submission.id)
    return session.execute(entered).first() is not None


def get(session: Session, movement: str, submission: str) -> Submission | None:
    """The return, or None."""
    return session.get(Submission, (movement, submission))


def of_key(session: Session, movement: str, version: str, reporter: str, start: str) -> Submission | None:
    """The reporter's return for a version and period, or None."""
    query = sa.select(Submission).where(
        Submission.movement == movement, Submission.measure_version == version, Submission.reporter == reporter,
        Submission.period_start == start,
    )  # fmt: skip
    return session.scalars(query).first()


def lock(session: Session, movement: str, submission: str) -> Submission | None:
    """The return, held until the end of the transaction."""
    return session.get(Submission, (movement, submission), with_for_update=True, populate_existing=True)


def page(
    session: Session,
    movement: str,
    *,
    reporters: Collection[str] | None,
    version: str | None,
    period: str | None,
    status: SubmissionStatus | None,
    since: datetime | None,
    after: str,
    limit: int,
) -> Sequence[Submission]:
    """Returns by id, behind the one named `after`."""
    query = sa.select(Submission).where(Submission.movement == movement, Submission.id > after)
    if reporters is not None:
        query = query.where(Submission.reporter.in_(reporters))
    asked = {
        Submission.measure_version: version, Submission.period: period,
        Submission.status: status,
    }  # fmt: skip
    query = query.where(*(column == value for column, value in asked.items() if value is not None))
    if since is not None:
        query = query.where(Submission.updated_at >= since)
    return session.scalars(query.order_by(Submission.id).limit(limit)).all()


def add_step(session: Session, step: SubmissionStep) -> None:
    """Enter the next step of a return that is held."""
    last = sa.select(sa.func.max(SubmissionStep.number)).where(
        SubmissionStep.movement == step.movement, SubmissionStep.submission == step.submission
    )
    step.number = (session.scalar(last) or 0) + 1
    session.add(step)
    session.flush()


def steps_of(session: Session, movement: str, submission: str) -> Sequence[SubmissionStep]:
    """Every step of a return, in order."""
    query = sa.select(SubmissionStep).where(
        SubmissionStep.movement == movement, SubmissionStep.submission == submission
    )
    return session.scalars(query.order_by(SubmissionStep.number)).all()


def insert_lock(session: Session, movement: str, **values: object) -> bool:
    """Lock a period. False where it is locked."""
    into = postgresql.insert if of(session).dialect.name == "postgresql" else sqlite.insert
    entered = into(PeriodLock).values(movement=movement, **values).on_conflict_do_nothing().returning(PeriodLock.id)
    return session.execute(entered).first() is not None


def get_lock(session: Session, movement: str, lock: str, *, held: bool = False) -> PeriodLock | None:
    """The lock, or None; `held` until the end of the transaction."""
    return session.get(PeriodLock, (movement, lock), with_for_update=held or None, populate_existing=True)


def page_of_locks(
    session: Session, movement: str, version: str | None, *, after: str, limit: int
) -> Sequence[PeriodLock]:
    """Locks by id, lifted ones too, behind the one named `after`."""
    query = sa.select(PeriodLock).where(PeriodLock.movement == movement, PeriodLock.id > after)
    if version is not None:
        query = query.where(PeriodLock.measure_version == version)
    return session.scalars(query.order_by(PeriodLock.id).limit(limit)).all()
