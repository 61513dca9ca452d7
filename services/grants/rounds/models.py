"""The table of rounds, their legal steps, and what a round says of money and of time. Amounts in pence."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, validates

from services.grants.base import Base
from services.grants.rounds.rules import DecisionMode, StoredCriterion, StoredEligibility
from shared.errors import Conflict, Fault
from shared.lifecycle import Lifecycle
from shared.money import Money


class RoundState(StrEnum):
    """Drafted, published with its dates, open to applications, closed to them, assessed, decided, and complete.

    Or cancelled, as long as it has no live award.
    """

    DRAFT = "draft"
    PUBLISHED = "published"
    OPEN = "open"
    CLOSED = "closed"
    ASSESSING = "assessing"
    DECIDED = "decided"
    COMPLETE = "complete"
    CANCELLED = "cancelled"


LEAST_AWARD, MOST_AWARD = 500_00, 2_500_00
"""From how much to how much the awards of a round are, in pence, unless it says otherwise: the seeds' micro-grants."""

LIFECYCLE = Lifecycle(
    "a round",
    {
        RoundState.DRAFT: {RoundState.PUBLISHED, RoundState.CANCELLED},
        RoundState.PUBLISHED: {RoundState.OPEN, RoundState.CANCELLED},
        RoundState.OPEN: {RoundState.CLOSED, RoundState.CANCELLED},
        RoundState.CLOSED: {RoundState.ASSESSING, RoundState.CANCELLED},
        RoundState.ASSESSING: {RoundState.DECIDED, RoundState.CANCELLED},
        RoundState.DECIDED: {RoundState.COMPLETE},
        RoundState.COMPLETE: set(),
        RoundState.CANCELLED: set(),
    },
)

NOT_OPENED = (RoundState.DRAFT, RoundState.PUBLISHED)
"""Before its rules are frozen."""

HOLDING = (RoundState.OPEN, RoundState.CLOSED, RoundState.ASSESSING, RoundState.DECIDED)
"""While its whole budget is held of the fund, and may be awarded."""


class OverBudget(Conflict):
    """The round's budget, less what is already committed, does not reach for this award."""

    code = "over_budget"
    title = "More than the round has left"


class RoundNotOpen(Conflict):
    """The round has not opened, or its opening instant is still to come."""

    code = "round_not_open"
    title = "The round is not open yet"


class RoundClosed(Conflict):
    """The round takes no more applications or, once it is complete or cancelled, awards nothing more."""

    code = "round_closed"
    title = "The round is closed"


class RoundStillOpen(Conflict):
    """Only an officer awards while applications may still come: panel, vote and draw decide between all of them."""

    code = "round_still_open"
    title = "The round is decided once it has closed"


class RoundHasAwards(Conflict):
    """Awards of the round are live, so it can be brought to its end and no longer cancelled."""

    code = "round_has_awards"
    title = "The round has awards"


class ApplicationsUnanswered(Conflict):
    """Applications of the round have no answer yet; ``applications`` says how many."""

    code = "applications_unanswered"
    title = "Applications wait for their answer"


class RoundFrozen(Conflict):
    """Rules and budget are frozen once a round has opened."""

    code = "round_frozen"
    title = "The rules of an open round do not change"


class Round(Base):
    """Part of a fund offered under frozen rules. From its opening until it is complete it holds its whole budget of the
    fund; afterwards only what is committed to live awards.

    ``quorum`` is the number of reviews that an application needs, ``priority_places`` are GSS codes, the first first.
    ``held_up`` is the code of what kept it from opening at its instant. ``suggestion`` is that of the wishes which it
    was drafted for, if it was.
    """

    __tablename__ = "rounds"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "fund_id"], ["funds.movement", "funds.id"]),
        sa.ForeignKeyConstraint(["movement", "form_version"], ["form_versions.movement", "form_versions.id"]),
        sa.CheckConstraint("0 <= committed AND committed <= budget", name="rounds_never_overspent"),
        sa.CheckConstraint("0 < minimum AND minimum <= maximum AND minimum <= budget", name="rounds_limits_make_sense"),
        sa.CheckConstraint("closes_at IS NULL OR opens_at IS NULL OR opens_at < closes_at", name="rounds_open_first"),
        sa.CheckConstraint(
            "state IN ('draft', 'published', 'open', 'closed', 'assessing', 'decided', 'complete', 'cancelled')",
            name="rounds_known_state",
        ),
        sa.CheckConstraint("decision_mode IN ('officer', 'panel', 'vote', 'draw')", name="rounds_known_mode"),
        sa.CheckConstraint("tie_rule IN ('place_then_draw', 'draw')", name="rounds_known_tie_rule"),
        sa.CheckConstraint("0 <= quorum", name="rounds_quorum_is_a_number"),
        sa.Index("rounds_by_fund", "movement", "fund_id", "id"),
        sa.Index("rounds_opening", "state", "opens_at"),
        sa.Index("rounds_closing", "state", "closes_at"),
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
    form_version: Mapped[str | None]
    decision_mode: Mapped[str]
    tie_rule: Mapped[str]
    priority_places: Mapped[list[str]] = mapped_column(sa.JSON)
    rubric: Mapped[list[StoredCriterion]] = mapped_column(sa.JSON)
    quorum: Mapped[int]
    eligibility: Mapped[StoredEligibility] = mapped_column(sa.JSON)
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    assessing_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    held_up: Mapped[str | None]
    cancelled_because: Mapped[str | None]
    suggestion: Mapped[str | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int]

    @property
    def remaining(self) -> int:
        """What may still be awarded: nothing before the round opens, nor once it is complete or cancelled."""
        return self.budget - self.committed if self.state in HOLDING else 0

    def publish(self, at: datetime) -> None:
        """Let it be known, with its rules and dates; these may still change until it opens."""
        self.state = LIFECYCLE.step(self.state, RoundState.PUBLISHED)
        self.published_at = at
        self.changed(at)

    def open(self, at: datetime) -> int:
        """Freeze the rules and answer the pence to hold of the fund: the whole budget. A draft is published with it."""
        if self.state == RoundState.DRAFT:
            self.state, self.published_at = LIFECYCLE.step(self.state, RoundState.PUBLISHED), at
        self.state = LIFECYCLE.step(self.state, RoundState.OPEN)
        if self.closes_at is not None and self.closes_at <= at:
            raise RoundClosed("its closing instant has already passed")
        self.opened_at, self.held_up = at, None
        self.changed(at)
        return self.budget

    def hold_up(self, code: str, at: datetime) -> None:
        """Note what kept it from opening at its instant, as the code of a problem."""
        self.held_up = code
        self.changed(at)

    def opens_by_itself(self, at: datetime) -> bool:
        """Whether it is to open by now: it is published, and its instant has come."""
        return self.state == RoundState.PUBLISHED and self.opens_at is not None and self.opens_at <= at

    def closes_by_itself(self, at: datetime) -> bool:
        """Whether it is to close by now: it is open, and its instant has come."""
        return self.state == RoundState.OPEN and self.closes_at is not None and self.closes_at <= at

    def close(self, at: datetime) -> None:
        """Take no more applications. It keeps its budget, which is still to be awarded."""
        self.state = LIFECYCLE.step(self.state, RoundState.CLOSED)
        self.closed_at = at
        self.changed(at)

    def assess(self, at: datetime) -> None:
        """Begin to weigh what came in."""
        self.state = LIFECYCLE.step(self.state, RoundState.ASSESSING)
        self.assessing_at = at
        self.changed(at)

    def decide(self, at: datetime) -> None:
        """Note that every application has its answer."""
        self.state = LIFECYCLE.step(self.state, RoundState.DECIDED)
        self.decided_at = at
        self.changed(at)

    def complete(self, at: datetime) -> int:
        """End the round and answer the pence that go back to the fund: what was not awarded."""
        self.state = LIFECYCLE.step(self.state, RoundState.COMPLETE)
        self.ended_at = at
        self.changed(at)
        return self.budget - self.committed

    def cancel(self, at: datetime, because: str | None = None) -> int:
        """Call the round off, which live awards forbid; answers the pence that go back to the fund."""
        held = self.budget if self.state in HOLDING else 0
        self.state = LIFECYCLE.step(self.state, RoundState.CANCELLED)
        if self.committed:
            raise RoundHasAwards("it can be brought to its end, and no longer cancelled")
        self.cancelled_because, self.ended_at = because, at
        self.changed(at)
        return held

    def changed(self, at: datetime) -> None:
        """Note that something about it changed."""
        self.version += 1
        self.updated_at = at

    def release(self, pence: int) -> int:
        """Take back what an ended award held; answers the pence that go on to the fund: none while it holds its own."""
        self.committed -= pence
        return 0 if self.state in HOLDING else pence

    def commit_more(self, pence: int) -> None:
        """Commit so much more to an award that was amended, within what is left."""
        if self.state not in HOLDING:
            raise RoundClosed("its money is the fund's again")
        if self.committed + pence > self.budget:
            raise OverBudget("the round has less left than that")
        self.committed += pence

    def check_awards(self) -> None:
        """Whether its money may be awarded now: from its opening or, unless an officer decides, its closing on."""
        if self.state in NOT_OPENED:
            raise RoundNotOpen("it awards nothing yet")
        if self.state == RoundState.OPEN and self.decision_mode != DecisionMode.OFFICER:
            raise RoundStillOpen("it is decided between all applications, and more may come")
        if self.state not in HOLDING:
            raise RoundClosed("it awards nothing more")

    def check_applications(self, at: datetime) -> None:
        """Whether an application may be submitted at this instant; :class:`RoundNotOpen` or :class:`RoundClosed`."""
        if self.state in NOT_OPENED or (self.opens_at is not None and at < self.opens_at):
            raise RoundNotOpen("it takes no applications yet")
        if self.state != RoundState.OPEN or (self.closes_at is not None and self.closes_at <= at):
            raise RoundClosed("it takes no more applications")

    def check_drafts(self) -> None:
        """Whether an application to it may be prepared: it has not opened, or takes them. Raises RoundClosed."""
        if self.state not in (*NOT_OPENED, RoundState.OPEN):
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

    @validates(
        "fund_id", "currency", "minimum", "maximum", "budget", "opens_at", "closes_at",
        "form_version", "decision_mode", "tie_rule", "priority_places", "rubric", "quorum", "eligibility",
    )  # fmt: skip
    def _frozen_at_opening(self, rule: str, value: object) -> object:
        if self.state not in (None, *NOT_OPENED):
            raise RoundFrozen(f"{rule} was frozen when the round opened")
        return value
