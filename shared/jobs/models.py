"""A job as it is stored, its states, and what stands in the way of cancelling one."""

from enum import StrEnum
from typing import NamedTuple

from shared.errors import Conflict


class JobState(StrEnum):
    """queued → running → succeeded | failed | cancelled. A queued one may be cancelled at once."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def final(self) -> bool:
        """Whether nothing more happens to the job."""
        return self not in (JobState.QUEUED, JobState.RUNNING)


class CannotCancel(Conflict):
    """The job is over, or has come so far that it can only be finished."""

    code, title = "job_cannot_be_cancelled", "The job cannot be cancelled any more"


class Job(NamedTuple):
    """A row of :data:`shared.jobs.tables.jobs`; instants are in milliseconds since 1970."""

    movement: str
    id: str
    kind: str
    state: str
    request: str
    position: str | None
    result: str | None
    done: int
    total: int | None
    fault_count: int
    ending: str | None
    settled: bool
    code: str | None
    detail: str | None
    actor: str
    origin: str | None
    traceparent: str | None
    attempts: int
    holder: str | None
    lease_until: int
    created_at: int
    started_at: int | None
    finished_at: int | None

    @property
    def moment(self) -> str:
        """Tells one look at the job from another: it changes when anything that is shown does."""
        return f"{self.state}-{self.done}-{self.total or 0}-{self.fault_count}"
