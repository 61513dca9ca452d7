"""Tables of the ladder: the versions of its policy, what was decided about a place on it, and every change of one."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import Base
from services.members.directory.people.models import of_person
from shared.errors import Conflict


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
    CONFIRMATION = "confirmation"
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


class NotADraft(Conflict):
    """Only a draft can be activated; ``state`` says what the policy is instead."""

    code = "policy_not_a_draft"
    title = "Only a draft can be activated"


class LadderPolicy(Base):
    """A version of a movement's rules: draft → active → retired. One is active; its rules never change.

    ``reviewed_up_to`` is the last person whom a newly activated version was applied to, None once it was to everybody.
    """

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
        sa.Index(
            "ladder_policies_under_review",
            "movement",
            sqlite_where=sa.text("reviewed_up_to IS NOT NULL"),
            postgresql_where=sa.text("reviewed_up_to IS NOT NULL"),
        ),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    state: Mapped[str]
    rules: Mapped[str]
    created_at: Mapped[datetime]
    activated_at: Mapped[datetime | None]
    reviewed_up_to: Mapped[str | None]

    def activate(self, at: datetime) -> None:
        """Draft → active, with everybody still to be reviewed. The one that was active has to be retired first."""
        if self.state != PolicyState.DRAFT:
            raise NotADraft(f"this version is {self.state}", state=self.state)
        self.state, self.activated_at, self.reviewed_up_to = PolicyState.ACTIVE, at, ""


class LadderDecision(Base):
    """A decision about somebody's place on the ladder, in force from ``at`` until ``ended_at``; None: it still is.

    Each row ends by itself, so that where two people become one, what was decided about either still holds. ``by`` and
    ``ended_by`` are whoever called. ``reason`` is that of an exclusion.
    """

    __tablename__ = "ladder_decisions"
    __table_args__ = (of_person(), sa.Index("ladder_decisions_by_person", "movement", "person", "at"))

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str]
    decided: Mapped[str]
    reason: Mapped[str | None]
    by: Mapped[str]
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]


class RungChange(Base):
    """A step of a person on the ladder: from where, to where, why, on what evidence, and under which policy.

    ``from_rung`` is None for whoever comes onto the ladder, ``to_rung`` for whoever leaves it. ``confirmed_by`` is the
    user who confirmed it. ``evidence`` holds, as JSON, the rules that were met and what was found for each, up to the
    day ``as_of``.
    """

    __tablename__ = "rung_changes"
    __table_args__ = (of_person(), sa.Index("rung_changes_by_person", "movement", "person", "id"))

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
