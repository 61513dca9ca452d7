"""The tables of reports, of the figures and the photograph that belong to one, and of what an award counts."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple, TypedDict

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.grants.awards.models import Award
from services.grants.base import Base
from shared.errors import Conflict
from shared.lifecycle import Lifecycle


class ReportState(StrEnum):
    """Due until somebody begins to write; submitted, then accepted, or queried and submitted again; or waived."""

    DUE = "due"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    QUERIED = "queried"
    ACCEPTED = "accepted"
    WAIVED = "waived"


LIFECYCLE = Lifecycle(
    "a report",
    {
        ReportState.DUE: {ReportState.DRAFT, ReportState.SUBMITTED, ReportState.WAIVED},
        ReportState.DRAFT: {ReportState.DRAFT, ReportState.SUBMITTED, ReportState.WAIVED},
        ReportState.SUBMITTED: {ReportState.ACCEPTED, ReportState.QUERIED},
        ReportState.QUERIED: {ReportState.SUBMITTED, ReportState.WAIVED},
        ReportState.ACCEPTED: set(),
        ReportState.WAIVED: set(),
    },
)

WRITTEN = (ReportState.DUE, ReportState.DRAFT, ReportState.QUERIED)
"""The states in which what it says may change."""


class FigureOutcome(StrEnum):
    """Whether the measures service took a figure, once the report was accepted."""

    TAKEN = "taken"
    REFUSED = "refused"


class ReportFrozen(Conflict):
    """What was submitted does not change, unless it is queried."""

    code = "report_frozen"
    title = "The report does not change now"


class StoredStory(TypedDict):
    """What a group agreed of its story: how far it may be told, how it said so, and on which day (ISO)."""

    title: str
    reach: str
    how: str
    on: str
    credit: str | None


class GrantReport(Base):
    """What a group tells of its award, in its words. ``story`` is there where it may be told as one.

    ``overdue_since`` is when it was told that it is overdue.
    """

    __tablename__ = "grant_reports"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "award_id"], ["awards.movement", "awards.id"]),
        sa.CheckConstraint(
            "state IN ('due', 'draft', 'submitted', 'queried', 'accepted', 'waived')", name="grant_reports_known_state"
        ),
        sa.CheckConstraint("(state = 'waived') = (waived_because IS NOT NULL)", name="grant_reports_waived_because"),
        sa.Index("grant_reports_by_award", "movement", "award_id", "id"),
        sa.Index("grant_reports_by_change", "movement", "updated_at", "id"),
        sa.Index(
            "grant_reports_awaited",
            "due_on",
            sqlite_where=sa.text("overdue_since IS NULL"),
            postgresql_where=sa.text("overdue_since IS NULL"),
        ),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    award_id: Mapped[str]
    due_on: Mapped[date]
    state: Mapped[str]
    happened: Mapped[str | None]
    took_part: Mapped[str | None]
    changed_for_people: Mapped[str | None]
    story: Mapped[StoredStory | None] = mapped_column(sa.JSON(none_as_null=True))
    question: Mapped[str | None]
    waived_because: Mapped[str | None]
    overdue_since: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int]

    def write(self, at: datetime) -> None:
        """Somebody changes what it says; :class:`ReportFrozen` once it is submitted."""
        if self.state not in WRITTEN:
            raise ReportFrozen(f"it is {self.state}")
        if self.state == ReportState.DUE:
            self.state = ReportState.DRAFT
        self.changed(at)

    def submit(self, at: datetime) -> None:
        """The group has said what it has to say."""
        self.state = LIFECYCLE.step(self.state, ReportState.SUBMITTED)
        self.submitted_at = at
        self.changed(at)

    def query(self, question: str, at: datetime) -> None:
        """Ask the group about something that it said, or did not."""
        self.state = LIFECYCLE.step(self.state, ReportState.QUERIED)
        self.question = question
        self.changed(at)

    def accept(self, at: datetime) -> None:
        """It says what was asked."""
        self.state = LIFECYCLE.step(self.state, ReportState.ACCEPTED)
        self.ended_at = at
        self.changed(at)

    def waive(self, because: str, at: datetime) -> None:
        """Ask for it no longer."""
        self.state = LIFECYCLE.step(self.state, ReportState.WAIVED)
        self.waived_because, self.ended_at = because, at
        self.changed(at)

    def changed(self, at: datetime) -> None:
        """Note that something about it changed."""
        self.version += 1
        self.updated_at = at


class ReportFigure(Base):
    """A figure of a report: the version of a measure that it is of, and what it says, as text by its meanings.

    ``outcome`` and ``fault`` are what the measures service told of it.
    """

    __tablename__ = "grant_report_figures"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "report_id"], ["grant_reports.movement", "grant_reports.id"]),
        sa.CheckConstraint("outcome IN ('taken', 'refused')", name="grant_report_figures_known_outcome"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    report_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    measure_version: Mapped[str]
    cells: Mapped[dict[str, str]] = mapped_column(sa.JSON)
    outcome: Mapped[str | None]
    fault: Mapped[str | None]


class ReportPhoto(Base):
    """The photograph of a report, as it was sent. Whoever can be recognised in it has agreed."""

    __tablename__ = "grant_report_photos"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "report_id"], ["grant_reports.movement", "grant_reports.id"]),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    report_id: Mapped[str] = mapped_column(primary_key=True)
    media_type: Mapped[str]
    picture: Mapped[bytes]
    added_at: Mapped[datetime]


class Counted(NamedTuple):
    """An award, and the versions of measures that its reports have figures of."""

    award: Award
    versions: Sequence[str]


class AwardMeasure(Base):
    """A published version of a measure that an award's reports have figures of."""

    __tablename__ = "award_measures"
    __table_args__ = (sa.ForeignKeyConstraint(["movement", "award_id"], ["awards.movement", "awards.id"]),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    award_id: Mapped[str] = mapped_column(primary_key=True)
    measure_version: Mapped[str] = mapped_column(primary_key=True)
