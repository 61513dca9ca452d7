"""The tables of returns, their steps and period locks, and the transitions of a return."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.measures.base import Base
from shared.errors import Conflict


class SubmissionStatus(StrEnum):
    """``draft → submitted → returned | accepted → locked → reopened``; what is returned or reopened is submitted again.

    Figures are entered and corrected while it is a draft, returned or reopened, and stand still otherwise.
    """

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    LOCKED = "locked"
    REOPENED = "reopened"


STANDING_STILL = (SubmissionStatus.SUBMITTED, SubmissionStatus.ACCEPTED, SubmissionStatus.LOCKED)
_FROM = {
    SubmissionStatus.SUBMITTED: (SubmissionStatus.DRAFT, SubmissionStatus.RETURNED, SubmissionStatus.REOPENED),
    SubmissionStatus.RETURNED: (SubmissionStatus.SUBMITTED,),
    SubmissionStatus.ACCEPTED: (SubmissionStatus.SUBMITTED,),
    SubmissionStatus.LOCKED: (SubmissionStatus.ACCEPTED,),
    SubmissionStatus.REOPENED: (SubmissionStatus.ACCEPTED, SubmissionStatus.LOCKED),
}


class WrongStatus(Conflict):
    """The return is not where this step begins."""

    code, title = "wrong_status", "The return is not where this step begins"


class Submission(Base):
    """The return of one reporter for a version and period; it is of the adoption of that version by that reporter."""

    __tablename__ = "submissions"
    __table_args__ = (
        sa.UniqueConstraint("movement", "measure_version", "reporter", "period_start"),
        sa.Index("submissions_by_change", "movement", "updated_at", "id"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    measure_version: Mapped[str]
    reporter: Mapped[str]
    period: Mapped[str]
    period_start: Mapped[str]
    period_end: Mapped[str]
    status: Mapped[str]
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def move(self, to: SubmissionStatus, at: datetime) -> None:
        """Take a step. Raises WrongStatus."""
        if self.status not in _FROM[to]:
            raise WrongStatus(f"it is {self.status}, and {to} comes after {' or '.join(_FROM[to])}")
        self.status, self.version, self.updated_at = to.value, self.version + 1, at


class SubmissionStep(Base):
    """One step of a return: who took it, when, and why; when it was submitted, how many figures and warnings it had."""

    __tablename__ = "submission_steps"

    movement: Mapped[str] = mapped_column(primary_key=True)
    submission: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[str]
    actor: Mapped[str]
    at: Mapped[datetime]
    reason: Mapped[str | None]
    figures: Mapped[int | None]
    warnings: Mapped[int | None]


class PeriodLock(Base):
    """A period of a version in which nobody's figures change, until the lock is lifted, with a reason."""

    __tablename__ = "period_locks"
    __table_args__ = (
        sa.Index(
            "period_locks_held", "movement", "measure_version", "period_start", unique=True,
            sqlite_where=sa.text("lifted_at IS NULL"), postgresql_where=sa.text("lifted_at IS NULL"),
        ),
    )  # fmt: skip

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    measure_version: Mapped[str]
    period: Mapped[str]
    period_start: Mapped[str]
    actor: Mapped[str]
    reason: Mapped[str]
    locked_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str | None]
    lifted_because: Mapped[str | None]
