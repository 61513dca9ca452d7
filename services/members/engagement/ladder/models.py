"""Tables of the ladder: the versions of its policy, what was decided about a place on it, and every change of one."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import Base
from services.members.directory.people.models import of_person
from services.members.erasing import GOES
from shared.errors import Conflict
from shared.lifecycle import Lifecycle


class PolicyState(StrEnum):
    """The life of a version of the rules."""

    DRAFT = "draft"
    ACTIVE = "active"
    RETIRED = "retired"


class Cause(StrEnum):
    """Why somebody's rung changed."""

    JOINED = "joined"
    ACTIVITY = "activity"
    POLICY = "policy"
    REVIEW = "review"
    RECOMPUTED = "recomputed"
    VOIDED = "voided"
    CONFIRMATION = "confirmation"
    STEPPED_BACK = "stepped_back"
    LOCK = "lock"
    FLOOR = "floor"
    LEFT = "left"
    REJOINED = "rejoined"
    OFF_LADDER = "off_ladder"
    READMITTED = "readmitted"


class Reason(StrEnum):
    """Why somebody has no rung. It is nobody's business but ours: the API says that there is none, and not why."""

    CHILD = "child"
    RESIDENT = "resident"
    CLIENT = "client"
    OBJECTED = "objected"


class Decided(StrEnum):
    """What people can decide about a place on the ladder, besides what follows from activities."""

    EXCLUDED = "excluded"
    LOCKED = "locked"
    FLOOR = "floor"
    CONFIRMED = "confirmed"


class Confirmed(StrEnum):
    """The life of a confirmation: it is offered, and the person answers."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    STEPPED_BACK = "stepped_back"


class How(StrEnum):
    """How the person gave their word."""

    IN_PERSON = "in_person"
    PHONE = "phone"
    EMAIL = "email"
    POST = "post"
    ONLINE = "online"


class RunKind(StrEnum):
    """Why everybody's place is reckoned anew."""

    POLICY = "policy"
    RECOMPUTE = "recompute"
    REVIEW = "review"


class RunState(StrEnum):
    """The life of a run."""

    RUNNING = "running"
    DONE = "done"


_CONFIRMATION = Lifecycle(
    "a confirmation",
    {
        Confirmed.OFFERED: {Confirmed.ACCEPTED, Confirmed.DECLINED},
        Confirmed.ACCEPTED: {Confirmed.STEPPED_BACK},
        Confirmed.DECLINED: set(),
        Confirmed.STEPPED_BACK: set(),
    },
)
_RUN = Lifecycle("a run", {RunState.RUNNING: {RunState.DONE}, RunState.DONE: set()})


class NotADraft(Conflict):
    """Only a draft can be activated; ``state`` says what the policy is instead."""

    code = "policy_not_a_draft"
    title = "Only a draft can be activated"


class LadderPolicy(Base):
    """A version of a movement's rules: draft → active → retired. One is active; its rules never change."""

    __tablename__ = "ladder_policies"
    __table_args__ = (
        sa.UniqueConstraint("movement", "version"),
        sa.Index(
            "ladder_policies_one_active",
            "movement",
            unique=True,
            sqlite_where=sa.text("state = 'active'"),
            postgresql_where=sa.text("state = 'active'"),
        ),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    state: Mapped[str]
    rules: Mapped[str]
    created_at: Mapped[datetime]
    activated_at: Mapped[datetime | None]

    def activate(self, at: datetime) -> None:
        """Draft → active. The one that was active has to be retired first."""
        if self.state != PolicyState.DRAFT:
            raise NotADraft(f"this version is {self.state}", state=self.state)
        self.state, self.activated_at = PolicyState.ACTIVE, at


class LadderDecision(Base):
    """A decision about somebody's place on the ladder, in force from ``at`` until ``ended_at``; None: it still is.

    Each row ends by itself, so that where two people become one, what was decided about either still holds. ``by`` and
    ``ended_by`` are whoever called. ``reason`` is that of an exclusion; ``rung`` is the one that somebody is locked to,
    kept from falling below, or confirmed on; ``why`` is in words, and ``until`` the last day that it was meant for.
    """

    __tablename__ = "ladder_decisions"
    __table_args__ = (
        of_person(erased=GOES),
        sa.Index("ladder_decisions_by_person", "movement", "person", "at"),
        sa.Index(
            "ladder_decisions_to_end",
            "movement",
            "until",
            sqlite_where=sa.text("ended_at IS NULL AND until IS NOT NULL"),
            postgresql_where=sa.text("ended_at IS NULL AND until IS NOT NULL"),
        ),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str]
    decided: Mapped[str]
    reason: Mapped[str | None]
    rung: Mapped[str | None]
    why: Mapped[str | None]
    until: Mapped[date | None]
    by: Mapped[str]
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]


class RungConfirmation(Base):
    """A user's word that somebody is ready for a rung, and what the person said to it, how and on which day.

    Offered → accepted or declined; accepted → stepped back.
    """

    __tablename__ = "rung_confirmations"
    __table_args__ = (of_person(erased=GOES), sa.Index("rung_confirmations_by_person", "movement", "person", "id"))

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str]
    rung: Mapped[str]
    state: Mapped[str]
    confirmed_by: Mapped[str]
    confirmed_at: Mapped[datetime]
    answered_how: Mapped[str | None]
    answered_on: Mapped[date | None]
    answered_at: Mapped[datetime | None]

    def answer(self, said: Confirmed, how: How, on: date, at: datetime) -> None:
        """What the person says: yes or no to an offer, or that they step back."""
        self.state = _CONFIRMATION.step(self.state, said)
        self.answered_how, self.answered_on, self.answered_at = how, on, at


class LadderRun(Base):
    """Everybody's place reckoned anew, a slice of people at a time: running → done. Killed, it goes on where it was.

    ``up_to`` is the last person whom it has come to. ``on`` is the day that it reckons for; a day has one review, and
    the reviews that there were are facts that every later reckoning takes into account.
    """

    __tablename__ = "ladder_runs"
    __table_args__ = (
        sa.Index(
            "ladder_runs_one_review_a_day",
            "movement",
            "on_day",
            unique=True,
            sqlite_where=sa.text("kind = 'review'"),
            postgresql_where=sa.text("kind = 'review'"),
        ),
        sa.Index(
            "ladder_runs_running",
            "movement",
            sqlite_where=sa.text("state = 'running'"),
            postgresql_where=sa.text("state = 'running'"),
        ),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    state: Mapped[str]
    on: Mapped[date] = mapped_column("on_day")
    up_to: Mapped[str]
    people: Mapped[int]
    moved_up: Mapped[int]
    moved_down: Mapped[int]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    def slice_done(self, up_to: str, people: int, moved_up: int, moved_down: int) -> None:
        """Count a slice of people, the last of whom is ``up_to``."""
        self.up_to = up_to
        self.people += people
        self.moved_up += moved_up
        self.moved_down += moved_down

    def finish(self, at: datetime) -> None:
        """Running → done."""
        self.state, self.finished_at = _RUN.step(self.state, RunState.DONE), at


class RungChange(Base):
    """A step of a person on the ladder: from where, to where, why, on what evidence, and under which policy.

    ``from_rung`` is None for whoever comes onto the ladder, ``to_rung`` for whoever leaves it. ``confirmed_by`` is the
    user who confirmed it. ``evidence`` holds, as JSON, the rules that were met and what was found for each, up to the
    day ``as_of``.
    """

    __tablename__ = "rung_changes"
    __table_args__ = (
        of_person(erased=GOES),
        sa.Index("rung_changes_by_person", "movement", "person", "changed_at", "id"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str]
    from_rung: Mapped[str | None]
    to_rung: Mapped[str | None]
    cause: Mapped[str]
    confirmed_by: Mapped[str | None]
    policy: Mapped[str]
    policy_version: Mapped[int]
    evidence: Mapped[str]
    as_of: Mapped[date]
    changed_at: Mapped[datetime]
