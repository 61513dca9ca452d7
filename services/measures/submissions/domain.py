"""The verbs of returns and of period locks."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.measures.imports import store as imports
from services.measures.imports.models import Source
from services.measures.measures.domain import published_version
from services.measures.measures.models import MeasureVersion
from services.measures.observations import store as observations
from services.measures.observations import writing
from services.measures.observations.domain import ImportInProgress
from services.measures.submissions import store
from services.measures.submissions.models import PeriodLock, Submission, SubmissionStatus, SubmissionStep
from services.measures.validation import domain as validation
from services.measures.validation.checking import Finding
from services.measures.validation.domain import is_error, period_of
from shared import clock, outbox
from shared.db.session import of
from shared.errors import Conflict, Fault, Forbidden, Invalid, NotFound
from shared.events.base import Event
from shared.events.measures.figures import (
    PeriodLocked,
    PeriodUnlocked,
    SubmissionAccepted,
    SubmissionLocked,
    SubmissionReopened,
    SubmissionReturned,
    SubmissionStarted,
    SubmissionSubmitted,
)
from shared.ids import new_id
from shared.partners.answering import every_id


class SubmissionExists(Conflict):
    """The reporter has a return for this version and period."""

    code, title = "submission_exists", "There is a return for this version, reporter and period already"


class FaultyReturn(Invalid):
    """Figures of the return break rules, or there are none: it stays where it was."""

    code, title = "faulty_return", "Figures of the return break rules, and it stays where it was"


class OwnReturn(Forbidden):
    """Whoever reports does not accept it."""

    code, title = "own_return", "An organisation does not take this step with its own return"


class AlreadyLocked(Conflict):
    """The period is locked."""

    code, title = "period_locked", "The period is locked already"


class NotLocked(Conflict):
    """The lock was lifted."""

    code, title = "lock_lifted", "The lock was lifted already"


class Told(NamedTuple):
    """A return and its steps."""

    submission: Submission
    steps: Sequence[SubmissionStep]


class Wanted(NamedTuple):
    """Which returns to list: None is any."""

    reporter: str | None
    measure_version: str | None
    period: str | None
    status: SubmissionStatus | None
    since: datetime | None


_TOLD: dict[SubmissionStatus, type[Event]] = {
    SubmissionStatus.DRAFT: SubmissionStarted,
    SubmissionStatus.SUBMITTED: SubmissionSubmitted,
    SubmissionStatus.RETURNED: SubmissionReturned,
    SubmissionStatus.ACCEPTED: SubmissionAccepted,
    SubmissionStatus.LOCKED: SubmissionLocked,
    SubmissionStatus.REOPENED: SubmissionReopened,
}


def start(session: Session, movement: str, source: Source, period: str) -> Told:
    """Begin a return. Raises SubmissionExists, with its id; NotPublished; Invalid (unknown version, wrong period)."""
    version = _version(session, movement, source.version)
    found = period_of(version, period, "/period")
    submission, now = new_id("submission"), clock.now()
    entered = store.insert(
        session, movement, id=submission, measure_version=version.id, reporter=source.reporter, period=found.text,
        period_start=found.start.isoformat(), period_end=found.end.isoformat(), status=SubmissionStatus.DRAFT.value,
        version=1, created_at=now, updated_at=now,
    )  # fmt: skip
    if not entered:
        known = store.of_key(session, movement, version.id, source.reporter, found.start.isoformat())
        raise SubmissionExists(submission=known.id if known else "")
    _note(session, _found(store.get(session, movement, submission)), None)
    return read(session, movement, submission, None)


def read(session: Session, movement: str, submission: str, organisation: str | None) -> Told:
    """A return, and how it came where it is; to an organisation, its own. Raises NotFound."""
    found = _seen_by(session, movement, submission, organisation)
    return Told(found, store.steps_of(session, movement, submission))


def list_submissions(
    session: Session, movement: str, wanted: Wanted, organisation: str | None, after: str, limit: int
) -> Sequence[Submission]:
    """A page of returns, oldest first; to an organisation, its own."""
    reporters = None if wanted.reporter is None else {wanted.reporter}
    if organisation is not None:
        own = every_id(session, movement, organisation)
        reporters = own if reporters is None else own & reporters
    return store.page(
        session, movement, reporters=reporters, version=wanted.measure_version,
        period=wanted.period, status=wanted.status, since=wanted.since, after=after, limit=limit,
    )  # fmt: skip


def findings(session: Session, movement: str, submission: str, organisation: str | None) -> Sequence[Finding]:
    """What the rules find in the figures of a return, as they are. Raises NotFound."""
    found = _seen_by(session, movement, submission, organisation)
    version = published_version(session, movement, found.measure_version)
    return validation.check(session, movement, version, found.reporter, found.period_start)


def submit(session: Session, movement: str, submission: str, organisation: str | None) -> Told:
    """Hand a return in, provided that its figures hold to every rule that is an error.

    Raises NotFound, WrongStatus, ImportInProgress, and FaultyReturn with every fault, by `/place/cell`.
    """
    found = _held(session, movement, submission, organisation)
    now = clock.now()
    found.move(SubmissionStatus.SUBMITTED, now)
    version = published_version(session, movement, found.measure_version)
    figures = len(_figures(session, found))
    if not figures:
        raise FaultyReturn(faults=[Fault("", "there is no figure for this period", "no_figures")])
    seen = validation.check(session, movement, version, found.reporter, found.period_start)
    if errors := [_fault(finding) for finding in seen if is_error(finding)]:
        raise FaultyReturn(faults=errors)
    _note(session, found, None, figures=figures, warnings=len(seen))
    return read(session, movement, submission, None)


def decide(
    session: Session, movement: str, submission: str, to: SubmissionStatus, reason: str | None, organisation: str | None
) -> Told:
    """Return, accept, lock or reopen. Raises NotFound, WrongStatus, and OwnReturn for an organisation's own."""
    found = _held(session, movement, submission, organisation)
    if organisation is not None:
        raise OwnReturn()
    found.move(to, clock.now())
    _note(session, found, reason)
    return read(session, movement, submission, None)


def lock_period(session: Session, movement: str, version: str, period: str, reason: str) -> PeriodLock:
    """Let nobody's figures of a period change. Raises AlreadyLocked, ImportInProgress, NotPublished and Invalid."""
    found = _version(session, movement, version)
    of_type = period_of(found, period, "/period")
    writing.hold_all(session, movement, version)
    if imports.at_work(session, movement, version):
        raise ImportInProgress()
    lock = new_id("lock")
    entered = store.insert_lock(
        session, movement, id=lock, measure_version=version, period=of_type.text,
        period_start=of_type.start.isoformat(), actor=_actor(session), reason=reason, locked_at=clock.now(),
    )  # fmt: skip
    if not entered:
        raise AlreadyLocked()
    outbox.record(session, PeriodLocked(lock=lock, version=version, period=of_type.text))
    return read_lock(session, movement, lock)


def lift_lock(session: Session, movement: str, lock: str, reason: str) -> PeriodLock:
    """Let figures of a period change again. Raises NotFound and NotLocked."""
    found = store.get_lock(session, movement, lock, held=True)
    if found is None:
        raise NotFound("there is no such lock")
    if found.lifted_at is not None:
        raise NotLocked()
    found.lifted_at, found.lifted_by, found.lifted_because = clock.now(), _actor(session), reason
    outbox.record(session, PeriodUnlocked(lock=lock, version=found.measure_version, period=found.period))
    return found


def read_lock(session: Session, movement: str, lock: str) -> PeriodLock:
    """A lock. Raises NotFound."""
    found = store.get_lock(session, movement, lock)
    if found is None:
        raise NotFound("there is no such lock")
    return found


def list_locks(session: Session, movement: str, version: str | None, after: str, limit: int) -> Sequence[PeriodLock]:
    """A page of locks, oldest first, lifted ones too."""
    return store.page_of_locks(session, movement, version, after=after, limit=limit)


def _held(session: Session, movement: str, submission: str, organisation: str | None) -> Submission:
    """The return, with its figures: nobody writes them until the commit. Raises NotFound and ImportInProgress."""
    seen = _seen_by(session, movement, submission, organisation)
    writing.hold(session, movement, Source(seen.measure_version, seen.reporter))
    if imports.at_work(session, movement, seen.measure_version, seen.reporter):
        raise ImportInProgress()
    return _found(store.lock(session, movement, submission))


def _found(submission: Submission | None) -> Submission:
    if submission is None:
        raise NotFound("there is no such return")
    return submission


def _seen_by(session: Session, movement: str, submission: str, organisation: str | None) -> Submission:
    """The return, to an organisation where it is its own, under whichever id that it ever had. Raises NotFound."""
    found = _found(store.get(session, movement, submission))
    if organisation is not None and found.reporter not in every_id(session, movement, organisation):
        raise NotFound("there is no such return")
    return found


def _version(session: Session, movement: str, version: str) -> MeasureVersion:
    try:
        return published_version(session, movement, version)
    except NotFound:
        fault = Fault("/measure_version", "is no version of a measure", "unknown_version")
        raise Invalid(faults=[fault]) from None


def _figures(session: Session, of_return: Submission) -> Sequence[observations.Keyed]:
    start = of_return.period_start
    return observations.between(
        session, of_return.movement, of_return.measure_version, of_return.reporter, start, start
    )


def _fault(finding: Finding) -> Fault:
    subject = finding.found.subject
    return Fault(f"/{subject.place}/{subject.cell}", f"{finding.rule.name}: {finding.found.reason}", "rule_broken")


def _note(
    session: Session,
    submission: Submission,
    reason: str | None,
    *,
    figures: int | None = None,
    warnings: int | None = None,
) -> None:
    """Write down the step that brought a return where it is, and tell of it."""
    step = SubmissionStep(
        movement=submission.movement, submission=submission.id, status=submission.status, actor=_actor(session),
        at=submission.updated_at, reason=reason, figures=figures, warnings=warnings,
    )  # fmt: skip
    store.add_step(session, step)
    told = _TOLD[SubmissionStatus(submission.status)]
    event = told(
        submission=submission.id, version=submission.measure_version, reporter=submission.reporter,
        period=submission.period,
    )  # fmt: skip
    outbox.record(session, event)


def _actor(session: Session) -> str:
    return of(session).context.actor
