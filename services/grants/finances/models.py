"""The tables of income, running costs and investments. Amounts in pence, in the currency that stands beside them."""

from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.grants.base import Base


class IncomeKind(StrEnum):
    """Core money pays whatever the backbone needs; tied money pays one thing."""

    CORE = "core"
    TIED = "tied"


class IncomeState(StrEnum):
    """Asked for and not decided, promised in writing, or not to come."""

    SOUGHT = "sought"
    SECURED = "secured"
    LOST = "lost"


class InvestmentKind(StrEnum):
    """Money, or something that has its worth: a room, a secondment, advice."""

    CASH = "cash"
    IN_KIND = "in_kind"


class Income(Base):
    """The backbone's own funding: from whom, for what, and from which day until which (the last one)."""

    __tablename__ = "income"
    __table_args__ = (
        sa.CheckConstraint("amount > 0", name="income_is_something"),
        sa.CheckConstraint("starts_on <= ends_on", name="income_starts_first"),
        sa.CheckConstraint("kind IN ('core', 'tied')", name="income_known_kind"),
        sa.CheckConstraint("state IN ('sought', 'secured', 'lost')", name="income_known_state"),
        sa.CheckConstraint("(kind = 'tied') = (tied_to IS NOT NULL)", name="income_tied_to_something"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    funder: Mapped[str]
    funder_organisation: Mapped[str | None]
    kind: Mapped[str]
    tied_to: Mapped[str | None]
    programme: Mapped[str | None]
    state: Mapped[str]
    amount: Mapped[int]
    currency: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def left_on(self, day: date) -> int:
        """What of it is still to be lived on from the morning of a day, were it spent evenly over its days."""
        days = (self.ends_on - self.starts_on).days + 1
        left = min(max((self.ends_on - day).days + 1, 0), days)
        return self.amount * left // days

    def changed(self, at: datetime) -> None:
        """Note that something about it changed."""
        self.version += 1
        self.updated_at = at


class RunningCost(Base):
    """What the backbone costs a month, as it was last said."""

    __tablename__ = "running_costs"
    __table_args__ = (sa.CheckConstraint("monthly > 0", name="running_costs_are_something"),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    monthly: Mapped[int]
    currency: Mapped[str]
    updated_at: Mapped[datetime]


class Investment(Base):
    """What the backbone brought in for others. It passes through ``fund_id``, or (None) not through us at all."""

    __tablename__ = "investments"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "fund_id"], ["funds.movement", "funds.id"]),
        sa.CheckConstraint("amount > 0", name="investments_are_something"),
        sa.CheckConstraint("kind IN ('cash', 'in_kind')", name="investments_known_kind"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    investor: Mapped[str]
    investor_organisation: Mapped[str | None]
    recipient: Mapped[str]
    recipient_organisation: Mapped[str | None]
    kind: Mapped[str]
    our_part: Mapped[str]
    programme: Mapped[str | None]
    fund_id: Mapped[str | None]
    amount: Mapped[int]
    currency: Mapped[str]
    agreed_on: Mapped[date]
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def changed(self, at: datetime) -> None:
        """Note that something about it changed."""
        self.version += 1
        self.updated_at = at


class Runway(NamedTuple):
    """How long secured income lasts from a day on: what of it is left, core and tied, and a month's cost, in pence."""

    on: date
    currency: str
    monthly: int
    core: int
    tied: int


class Brought(NamedTuple):
    """What was brought in for others, in one currency, by kind and by whether it passes through us; in pence."""

    currency: str
    kind: str
    through_us: bool
    amount: int
    number: int
