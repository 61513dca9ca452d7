"""The table of rounds, their legal steps, and what a round says of money and of time. Amounts in pence."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, validates

from services.grants.base import Base
from shared.errors import Conflict, Fault
from shared.lifecycle import Lifecycle
from shared.money import Money


class RoundState(StrEnum):
    """A draft can be opened; an open round can be closed; either can be cancelled."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


LEAST_AWARD, MOST_AWARD = 500_00, 2_500_00
"""From how much to how much the awards of a round are, in pence, unless it says otherwise: the seeds' micro-grants."""

LIFECYCLE = Lifecycle(
    "a round",
    {
        RoundState.DRAFT: {RoundState.OPEN, RoundState.CANCELLED},
        RoundState.OPEN: {RoundState.CLOSED, RoundState.CANCELLED},
        RoundState.CLOSED: set(),
        RoundState.CANCELLED: set(),
    },
)


class OverBudget(Conflict):
    """The round's budget, less what is already committed, does not reach for this award."""

    code = "over_budget"
    title = "More than the round has left"


class RoundNotOpen(Conflict):
    """The round is a draft, or its opening instant is still to come."""

    code = "round_not_open"
    title = "The round is not open yet"


class RoundClosed(Conflict):
    """The round is closed or cancelled, or its closing instant has passed."""

    code = "round_closed"
    title = "The round is closed"


class RoundHasAwards(Conflict):
    """Awards of the round are live, so it can be closed and no longer cancelled."""

    code = "round_has_awards"
    title = "The round has awards"


class RoundFrozen(Conflict):
    """Rules and budget are frozen once a round has opened."""

    code = "round_frozen"
    title = "The rules of an open round do not change"


class Round(Base):
    """Part of a fund offered under frozen rules. While it is open it holds its whole budget of the fund; afterwards
    only what is committed to live awards. ``suggestion`` is that of the wishes which it was drafted for, if it was.
    """

    __tablename__ = "rounds"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "fund_id"], ["funds.movement", "funds.id"]),
        sa.CheckConstraint("0 <= committed AND committed <= budget", name="rounds_never_overspent"),
        sa.CheckConstraint("0 < minimum AND minimum <= maximum AND minimum <= budget", name="rounds_limits_make_sense"),
        sa.CheckConstraint("closes_at IS NULL OR opens_at IS NULL OR opens_at < closes_at", name="rounds_open_first"),
        sa.CheckConstraint("state IN ('draft', 'open', 'closed', 'cancelled')", name="rounds_known_state"),
        sa.Index("rounds_by_fund", "movement", "fund_id", "id"),
        sa.Index(
            "rounds_one_a_suggestion",
            "movement",
            "suggestion",
            unique=True,
            sqlite_where=sa.text("suggestion IS NOT NULL"),
            postgresql_where=sa.text("suggestion IS NOT NULL"),
        ),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    fund_id: Mapped[str]
    title: Mapped[str]
    state: Mapped[str]
    currency: Mapped[str]
    minimum: Mapped[int]
    maximum: Mapped[int]
    budget: Mapped[int]
    committed: Mapped[int]
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    suggestion: Mapped[str | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int]

    @property
    def remaining(self) -> int:
        """What may still be awarded: nothing unless the round is open."""
        return self.budget - self.committed if self.state == RoundState.OPEN else 0

    def open(self, at: datetime) -> int:
        """Freeze the rules and answer the pence to hold of the fund: the whole budget."""
        self.state = LIFECYCLE.step(self.state, RoundState.OPEN)
        if self.closes_at is not None and self.closes_at <= at:
            raise RoundClosed("its closing instant has already passed")
        self.opened_at = at
        self.changed(at)
        return self.budget

    def close(self, at: datetime) -> int:
        """End the round and answer the pence that go back to the fund: what was not awarded."""
        self.state = LIFECYCLE.step(self.state, RoundState.CLOSED)
        self.ended_at = at
        self.changed(at)
        return self.budget - self.committed

    def cancel(self, at: datetime) -> int:
        """Call the round off, which live awards forbid; answers the pence that go back to the fund."""
        held = self.budget if self.state == RoundState.OPEN else 0
        self.state = LIFECYCLE.step(self.state, RoundState.CANCELLED)
        if self.committed:
            raise RoundHasAwards("it can be closed, and no longer cancelled")
        self.ended_at = at
        self.changed(at)
        return held

    def changed(self, at: datetime) -> None:
        """Note that something about it changed."""
        self.version += 1
        self.updated_at = at

    def release(self, pence: int) -> int:
        """Take back what an ended award held and answer the pence that go on to the fund: none while it is open."""
        self.committed -= pence
        return 0 if self.state == RoundState.OPEN else pence

    def check_awards(self) -> None:
        """Whether its money may be awarded: while it is open, its closing instant notwithstanding."""
        if self.state == RoundState.DRAFT:
            raise RoundNotOpen("it awards nothing yet")
        if self.state != RoundState.OPEN:
            raise RoundClosed("it awards nothing more")

    def check_applications(self, at: datetime) -> None:
        """Whether an application may be submitted at this instant; :class:`RoundNotOpen` or :class:`RoundClosed`."""
        if self.state == RoundState.DRAFT or (self.opens_at is not None and at < self.opens_at):
            raise RoundNotOpen("it takes no applications yet")
        if self.state != RoundState.OPEN or (self.closes_at is not None and self.closes_at <= at):
            raise RoundClosed("it takes no more applications")

    def amount_faults(self, amount: Money) -> list[Fault]:
        """What is wrong with an amount under this round's rules: its currency, or that it is outside the limits."""
        if amount.currency != self.currency:
            return [Fault("/amount/currency", f"must be {self.currency}", "wrong_currency")]
        if not self.minimum <= amount.pence <= self.maximum:
            lowest, highest = Money.of(self.minimum, self.currency), Money.of(self.maximum, self.currency)
            reason = f"must be from {lowest.amount} to {highest.amount}, the limits of the round"
            return [Fault("/amount/amount", reason, "outside_limits")]
        return []

    @validates("fund_id", "currency", "minimum", "maximum", "budget", "opens_at", "closes_at")
    def _frozen_at_opening(self, rule: str, value: object) -> object:
        if self.state not in (None, RoundState.DRAFT):
            raise RoundFrozen(f"{rule} was frozen when the round opened")
        return value
