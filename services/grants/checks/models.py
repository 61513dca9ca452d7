"""The tables of what was checked of groups, and of the rules by which a fund asks for it."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.grants.base import Base
from services.grants.checks.rules import CheckKind, StoredRule
from shared.errors import Conflict


class CheckOutcome(StrEnum):
    """Done, and good for the group for a time; or waived, for one award and for a reason."""

    DONE = "done"
    WAIVED = "waived"


class CheckState(StrEnum):
    """How a check stands today."""

    DONE = "done"
    WAIVED = "waived"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    MISSING = "missing"


class ChecksMissing(Conflict):
    """Checks that the award needs are not done, or have expired; ``missing`` names their kinds."""

    code = "checks_missing"
    title = "The group is not checked yet"


class CheckWithdrawn(Conflict):
    """The check was withdrawn before."""

    code = "check_withdrawn"
    title = "The check was withdrawn already"


class GroupCheck(Base):
    """What was made sure of about a group, for the award named and, if it was done, for its others until it expires.

    ``group_key`` tells one group from others (:func:`services.grants.checks.domain.group_key`). ``by`` and
    ``withdrawn_by`` are users. ``seen`` says what was looked at, never what stands in it.
    """

    __tablename__ = "group_checks"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "award_id"], ["awards.movement", "awards.id"]),
        sa.CheckConstraint("outcome IN ('done', 'waived')", name="group_checks_known_outcome"),
        sa.CheckConstraint(f"kind IN ({', '.join(repr(kind.value) for kind in CheckKind)})", name="group_checks_known"),
        sa.CheckConstraint("(outcome = 'waived') = (reason IS NOT NULL)", name="group_checks_waived_for_a_reason"),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL) AND (withdrawn_at IS NULL) = (withdrawn_reason IS NULL)",
            name="group_checks_withdrawn_by_somebody",
        ),
        sa.Index("group_checks_by_group", "movement", "group_key", "kind", "id"),
        sa.Index("group_checks_by_award", "movement", "award_id", "id"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    award_id: Mapped[str]
    group_key: Mapped[str]
    kind: Mapped[str]
    outcome: Mapped[str]
    reason: Mapped[str | None]
    seen: Mapped[str | None]
    by: Mapped[str]
    done_on: Mapped[date]
    expires_on: Mapped[date]
    recorded_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None]
    withdrawn_reason: Mapped[str | None]

    def state(self, today: date) -> CheckState:
        """How it stands on a day."""
        if self.withdrawn_at is not None:
            return CheckState.WITHDRAWN
        return CheckState.EXPIRED if today >= self.expires_on else CheckState(self.outcome)

    def withdraw(self, by: str, reason: str, at: datetime) -> None:
        """It was made by mistake, or no longer holds."""
        if self.withdrawn_at is not None:
            raise CheckWithdrawn("what was withdrawn counts no more")
        self.withdrawn_by, self.withdrawn_reason, self.withdrawn_at = by, reason, at


class CheckRules(Base):
    """The rules that a fund has in place of the usual ones, and for how many days a check counts."""

    __tablename__ = "check_rules"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "fund_id"], ["funds.movement", "funds.id"]),
        sa.CheckConstraint("days > 0", name="check_rules_count_for_a_time"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    fund_id: Mapped[str] = mapped_column(primary_key=True)
    rules: Mapped[list[StoredRule]] = mapped_column(sa.JSON)
    days: Mapped[int]
    updated_at: Mapped[datetime]
    version: Mapped[int]


class Needed(NamedTuple):
    """A check that an award needs: how it stands, and the newest one of its kind, if there is any."""

    kind: CheckKind
    state: CheckState
    check: GroupCheck | None


class Asked(NamedTuple):
    """By which rules a fund asks for checks, and for how many days one counts. Version 0: it has edited none."""

    rules: Sequence[StoredRule]
    days: int
    version: int
    currency: str
