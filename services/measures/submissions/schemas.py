"""Returns and period locks as they are sent and answered."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import Field

from services.measures.fields import OrganisationId, Provenance, VersionId
from services.measures.submissions import models
from services.measures.submissions.domain import Told
from services.measures.submissions.models import SubmissionStatus
from services.measures.validation.schemas import Finding
from shared.fields import Body, View
from shared.ids import Id

SubmissionId = Annotated[str, Id("submission")]
LockId = Annotated[str, Id("lock")]


class NewSubmission(Body):
    """The figures of one version and period that a reporter is going to hand in together."""

    measure_version: VersionId
    period: str = Field(max_length=20, examples=["2024/25"])
    reporter: OrganisationId | None = Field(
        None, description="The partner whose return it is; left out, the caller's organisation, or the movement."
    )


class Reason(Body):
    """Why, in words."""

    reason: Provenance


class Step(View):
    """One step of a return."""

    status: SubmissionStatus
    actor: str = Field(description="The key or the user that took it.")
    at: datetime
    reason: str | None
    figures: int | None = Field(description="When it was submitted: how many figures it had.")
    warnings: int | None = Field(description="When it was submitted: how many warnings there were.")

    @classmethod
    def of(cls, step: models.SubmissionStep) -> Self:
        return cls.model_validate(step, from_attributes=True)


class SubmissionHead(View):
    """A return, without its steps."""

    id: SubmissionId
    measure_version: VersionId
    reporter: str
    period: str
    period_start: date
    period_end: date
    status: SubmissionStatus
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, submission: models.Submission) -> Self:
        return cls.model_validate(submission, from_attributes=True)


class Submission(SubmissionHead):
    """A return, and how it came where it is."""

    steps: list[Step]

    @classmethod
    def told(cls, told: Told) -> Self:
        head = SubmissionHead.of(told.submission)
        return cls(**dict(head), steps=[Step.of(step) for step in told.steps])


class Findings(View):
    """What the rules find in the figures of a return, as they are."""

    data: list[Finding]


class NewPeriodLock(Body):
    """A period of a version in which nobody's figures are to change."""

    measure_version: VersionId
    period: str = Field(max_length=20, examples=["2024/25"])
    reason: Provenance


class PeriodLock(View):
    """A period of a version in which nobody's figures change, until the lock is lifted."""

    id: LockId
    measure_version: VersionId
    period: str
    actor: str
    reason: str
    locked_at: datetime
    lifted_at: datetime | None
    lifted_by: str | None
    lifted_because: str | None

    @classmethod
    def of(cls, lock: models.PeriodLock) -> Self:
        return cls.model_validate(lock, from_attributes=True)
