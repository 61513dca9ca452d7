"""How a job is shown."""

from datetime import UTC, datetime
from typing import Any, Self

import msgspec
from pydantic import Field

from shared.fields import View
from shared.jobs import models
from shared.jobs.models import JobState


class JobFailure(View):
    """Why a job failed."""

    code: str
    detail: str | None


class Job(View):
    """A job and how far it is. It may have faults and succeed: where they were to be skipped."""

    id: str
    kind: str = Field(examples=["people_import"])
    state: JobState
    done: int = Field(description="How much is done, of `total`.")
    total: int | None = Field(description="How much there is to do; null while that is not known.")
    fault_count: int = Field(description="Faults found so far; `/v1/jobs/{id}/faults` has them all.")
    result: dict[str, Any] | None = Field(description="What came of it, in the words of its kind.")
    failure: JobFailure | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @classmethod
    def of(cls, job: models.Job) -> Self:
        """A job as the API shows it."""
        return cls(
            id=job.id,
            kind=job.kind,
            state=JobState(job.state),
            done=job.done,
            total=job.total,
            fault_count=job.fault_count,
            result=None if job.result is None else msgspec.json.decode(job.result, type=dict[str, Any]),
            failure=None if job.code is None else JobFailure(code=job.code, detail=job.detail),
            created_at=_instant(job.created_at),
            started_at=None if job.started_at is None else _instant(job.started_at),
            finished_at=None if job.finished_at is None else _instant(job.finished_at),
        )


def _instant(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
