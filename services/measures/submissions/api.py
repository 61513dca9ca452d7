"""Routes of returns and period locks."""

from typing import Annotated

from fastapi import Query, Response

from services.measures.fields import VersionId
from services.measures.imports.models import Source
from services.measures.observations.importing import reporter_for
from services.measures.submissions import domain
from services.measures.submissions.models import SubmissionStatus
from services.measures.submissions.schemas import (
    Findings,
    LockId,
    NewPeriodLock,
    NewSubmission,
    PeriodLock,
    Reason,
    Submission,
    SubmissionHead,
    SubmissionId,
)
from services.measures.validation.schemas import Finding
from shared.calls import Call
from shared.editing import tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging, UpdatedSince
from shared.routing import Router

router = Router(tags=["submissions"])
Version = Annotated[VersionId | None, Query(description="Only of this version.")]
Reporter = Annotated[str | None, Query(max_length=60, description="Only of this organisation or movement.")]
Period = Annotated[str | None, Query(max_length=20, description="Only of this period.")]
Status = Annotated[SubmissionStatus | None, Query(description="Only those that are there.")]


@router.post("/v1/submissions", status_code=201, response_model=Submission, **needs("submissions:write"))
async def start_submission(call: Call, body: NewSubmission) -> Response:
    """Begin the return of a version's figures for a period. 409 `submission_exists` names the one there is."""
    source = Source(body.measure_version, await reporter_for(call, body.reporter, "/reporter"))
    return tagged(await call.write(domain.start, source, body.period, answer=Submission.told))


@router.get("/v1/submissions", response_model=Page[SubmissionHead], **needs("submissions:read"))
async def list_submissions(
    call: Call,
    paging: Paging,
    reporter: Reporter = None,
    measure_version: Version = None,
    period: Period = None,
    status: Status = None,
    updated_since: UpdatedSince = None,
) -> Page[SubmissionHead]:
    """The movement's returns, oldest first; an organisation's key sees its own."""
    wanted = domain.Wanted(reporter, measure_version, period, status, updated_since)
    own = call.principal.organisation
    found = await call.read(domain.list_submissions, wanted, own, paging.after_id, paging.fetch)
    return paging.page(found, SubmissionHead.of, lambda each: (each.id,))


@router.post("/v1/submissions/period-locks", status_code=201, response_model=PeriodLock, **needs("submissions:write"))
async def lock_period(call: Call, body: NewPeriodLock) -> Response:
    """Let nobody's figures of a period change from now on, whatever their returns are. 409 where it is locked."""
    _movement_only(call)
    return await call.write(domain.lock_period, body.measure_version, body.period, body.reason, answer=PeriodLock.of)


@router.get("/v1/submissions/period-locks", response_model=Page[PeriodLock], **needs("submissions:read"))
async def list_period_locks(call: Call, paging: Paging, measure_version: Version = None) -> Page[PeriodLock]:
    """Period locks, oldest first, lifted ones too."""
    locks = await call.read(domain.list_locks, measure_version, paging.after_id, paging.fetch)
    return paging.page(locks, PeriodLock.of, lambda lock: (lock.id,))


@router.get("/v1/submissions/period-locks/{lock}", response_model=PeriodLock, **needs("submissions:read"))
async def read_period_lock(call: Call, lock: LockId) -> PeriodLock:
    """One lock."""
    return PeriodLock.of(await call.read_by_key(domain.read_lock, lock))


@router.post("/v1/submissions/period-locks/{lock}/lift", response_model=PeriodLock, **needs("submissions:write"))
async def lift_period_lock(call: Call, lock: LockId, body: Reason) -> Response:
    """Let figures of the period change again, for a reason. 409 where the lock was lifted."""
    _movement_only(call)
    return await call.write(domain.lift_lock, lock, body.reason, answer=PeriodLock.of)


@router.get("/v1/submissions/{submission}", response_model=Submission, **needs("submissions:read"))
async def read_submission(call: Call, submission: SubmissionId, response: Response) -> Submission:
    """One return: where it is, and every step, with who took it, when, and why."""
    told = await call.read_by_key(domain.read, submission, call.principal.organisation)
    response.headers["etag"] = tag_of(told.submission.version)
    return Submission.told(told)


@router.get("/v1/submissions/{submission}/findings", response_model=Findings, **needs("submissions:read"))
async def list_findings(call: Call, submission: SubmissionId) -> Findings:
    """What the movement's rules find in the figures of a return, errors and warnings, submitted or not."""
    found = await call.read(domain.findings, submission, call.principal.organisation)
    return Findings(data=[Finding.of(each) for each in found])


@router.post("/v1/submissions/{submission}/submit", response_model=Submission, **needs("submissions:write"))
async def submit_submission(call: Call, submission: SubmissionId) -> Response:
    """Hand a return in: from now on its figures stand still.

    They are held to every validation rule: one that is an error refuses it with 422 `faulty_return`, which names each
    by `/place/cell`, and the return stays where it was. Warnings are counted.
    """
    return tagged(await call.write(domain.submit, submission, call.principal.organisation, answer=Submission.told))


@router.post("/v1/submissions/{submission}/return", response_model=Submission, **needs("submissions:write"))
async def return_submission(call: Call, submission: SubmissionId, body: Reason) -> Response:
    """Give a return back to its reporter, saying why: its figures can be corrected, and it is submitted again."""
    return await _decided(call, submission, SubmissionStatus.RETURNED, body.reason)


@router.post("/v1/submissions/{submission}/accept", response_model=Submission, **needs("submissions:write"))
async def accept_submission(call: Call, submission: SubmissionId) -> Response:
    """Accept a return. An organisation does not accept its own."""
    return await _decided(call, submission, SubmissionStatus.ACCEPTED, None)


@router.post("/v1/submissions/{submission}/lock", response_model=Submission, **needs("submissions:write"))
async def lock_submission(call: Call, submission: SubmissionId) -> Response:
    """Lock what was accepted: it is what is published from."""
    return await _decided(call, submission, SubmissionStatus.LOCKED, None)


@router.post("/v1/submissions/{submission}/reopen", response_model=Submission, **needs("submissions:write"))
async def reopen_submission(call: Call, submission: SubmissionId, body: Reason) -> Response:
    """Let the figures of what was accepted or locked be corrected, for a reason; it is then submitted again."""
    return await _decided(call, submission, SubmissionStatus.REOPENED, body.reason)


async def _decided(call: Call, submission: str, to: SubmissionStatus, reason: str | None) -> Response:
    own = call.principal.organisation
    return tagged(await call.write(domain.decide, submission, to, reason, own, answer=Submission.told))


def _movement_only(call: Call) -> None:
    if call.principal.organisation is not None:
        raise domain.OwnReturn("period locks are the movement's")
