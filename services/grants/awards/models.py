"""The table of awards and their legal steps. Amounts in pence."""

from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.grants.base import Base
from shared.errors import Conflict
from shared.lifecycle import IllegalTransition, Lifecycle


class AwardState(StrEnum):
    """Offered, accepted, active once money has gone out, closed once the group has done with it.

    An offer may lapse (no answer in time), be refused by the group or be cancelled (taken back); what was accepted may
    still be cancelled. On hold is no state of its own: an award that is accepted or active may be, for a time.
    """

    OFFERED = "offered"
    ACCEPTED = "accepted"
    ACTIVE = "active"
    CLOSED = "closed"
    LAPSED = "lapsed"
    REFUSED = "refused"
    CANCELLED = "cancelled"


LIFECYCLE = Lifecycle(
    "an award",
    {
        AwardState.OFFERED: {AwardState.ACCEPTED, AwardState.LAPSED, AwardState.REFUSED, AwardState.CANCELLED},
        AwardState.ACCEPTED: {AwardState.ACTIVE, AwardState.CANCELLED},
        AwardState.ACTIVE: {AwardState.CLOSED, AwardState.CANCELLED},
        AwardState.CLOSED: set(),
        AwardState.LAPSED: set(),
        AwardState.REFUSED: set(),
        AwardState.CANCELLED: set(),
    },
)

PAYABLE = (AwardState.ACCEPTED, AwardState.ACTIVE)
"""The states in which money may go out, as far as the state alone decides."""

_LIVE = sa.text("state IN ('offered', 'accepted', 'active', 'closed')")


class ChangeKind(StrEnum):
    """What was done with an award that says why."""

    AMENDED = "amended"
    HELD = "held"
    RELEASED = "released"
    CANCELLED = "cancelled"
    LET_GO = "let_go"


class StoredTerms(TypedDict):
    """What is agreed of an award, as it is kept once that has changed: pence, words, and days as ISO dates."""

    pence: int
    purpose: str | None
    starts_on: str | None
    ends_on: str | None
    people_at_risk: bool | None


class NotPayable(Conflict):
    """The award is in a state in which nothing is paid; ``state`` says which."""

    code = "award_not_payable"
    title = "Nothing is paid of this award now"


class OnHold(Conflict):
    """The award is on hold: nothing of it is paid, amended or closed until that ends."""

    code = "award_on_hold"
    title = "The award is on hold"


class NotOnHold(Conflict):
    """The award is not on hold, so there is nothing to release."""

    code = "award_not_on_hold"
    title = "The award is not on hold"


class PaymentsUnderWay(Conflict):
    """Payments were proposed that are neither paid nor void: they come first."""

    code = "payments_under_way"
    title = "Payments of the award are under way"


class NothingOwed(Conflict):
    """No payment came back since the award ended, or what came back was paid again or let go."""

    code = "nothing_owed"
    title = "Nothing is owed of this award"


class OverAward(Conflict):
    """All live payments together would be more than the award."""

    code = "over_award"
    title = "More than was awarded"


class Award(Base):
    """Money of a round offered to the group of one application.

    ``committed`` is what the round's budget, and the delegation by which it was offered, hold for it: the amount while
    it is live, less what was never paid once it ended, less what was paid back. ``paying`` is the sum of its live
    payments, from the proposal on; ``paid`` is what of them went out and did not come back from the bank; ``owed`` is
    what came back after the award had ended, and is to be paid again or let go. ``terms`` counts how often what was
    agreed changed, from 1. ``people_at_risk`` says whether children or adults at risk take part; None: nobody said.
    """

    __tablename__ = "awards"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "application_id"], ["applications.movement", "applications.id"]),
        sa.ForeignKeyConstraint(["movement", "round_id"], ["rounds.movement", "rounds.id"]),
        sa.ForeignKeyConstraint(["movement", "delegation_id"], ["delegations.movement", "delegations.id"]),
        sa.CheckConstraint("amount > 0", name="awards_are_something"),
        sa.CheckConstraint("0 <= committed AND committed <= amount", name="awards_hold_what_they_are"),
        sa.CheckConstraint("0 <= paid AND paid <= paying AND paying <= amount", name="awards_never_overpaid"),
        sa.CheckConstraint("0 <= owed AND paying + owed <= amount", name="awards_owe_what_came_back"),
        sa.CheckConstraint("starts_on IS NULL OR ends_on IS NULL OR starts_on <= ends_on", name="awards_start_first"),
        sa.CheckConstraint(
            "state IN ('offered', 'accepted', 'active', 'closed', 'lapsed', 'refused', 'cancelled')",
            name="awards_known_state",
        ),
        sa.Index("awards_by_round", "movement", "round_id", "id"),
        sa.Index("awards_by_change", "movement", "updated_at", "id"),
        sa.Index(
            "awards_awaiting_answer",
            "answer_by",
            sqlite_where=sa.text("state = 'offered'"),
            postgresql_where=sa.text("state = 'offered'"),
        ),
        sa.Index(
            "awards_one_live_an_application",
            "movement",
            "application_id",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    application_id: Mapped[str]
    round_id: Mapped[str]
    delegation_id: Mapped[str | None]
    amount: Mapped[int]
    currency: Mapped[str]
    organisation: Mapped[str | None]
    purpose: Mapped[str | None]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    people_at_risk: Mapped[bool | None]
    terms: Mapped[int]
    state: Mapped[str]
    committed: Mapped[int]
    paying: Mapped[int]
    paid: Mapped[int]
    owed: Mapped[int]
    answer_by: Mapped[datetime | None]
    offered_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    held_since: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    version: Mapped[int]

    def accept(self, at: datetime) -> None:
        """The group says yes; the money stays committed."""
        self.state = LIFECYCLE.step(self.state, AwardState.ACCEPTED)
        self.accepted_at = at
        self.changed(at)

    def start(self, at: datetime) -> None:
        """Money went out: the group is at it."""
        self.state = LIFECYCLE.step(self.state, AwardState.ACTIVE)
        self.started_at = at
        self.changed(at)

    def lapse(self, at: datetime) -> int:
        """The group did not answer in time; answers the pence that go back to the round, as the next three do."""
        return self._end(AwardState.LAPSED, at)

    def refuse(self, at: datetime) -> int:
        """The group says no."""
        return self._end(AwardState.REFUSED, at)

    def cancel(self, at: datetime) -> int:
        """Take the award back, accepted or not: what was paid of it stays committed until it is paid back."""
        return self._end(AwardState.CANCELLED, at)

    def close(self, at: datetime) -> int:
        """The group has done with it: what was not paid by now will not be."""
        if self.held_since is not None:
            raise OnHold("it is closed once it is released")
        return self._end(AwardState.CLOSED, at)

    def hold(self, at: datetime) -> None:
        """Stop payments until released; :class:`OnHold` where they are stopped already."""
        if self.state not in PAYABLE:
            raise IllegalTransition(f"an award that is {self.state} cannot be held", state=self.state)
        if self.held_since is not None:
            raise OnHold("it is already")
        self.held_since = at
        self.changed(at)

    def release(self, at: datetime) -> None:
        """Let payments go on."""
        if self.held_since is None:
            raise NotOnHold("there is nothing to release")
        self.held_since = None
        self.changed(at)

    def check_payable(self) -> None:
        """What of the award itself forbids paying: :class:`NotPayable`, :class:`OnHold`.

        Of one that has ended, what came back from the bank may be paid again.
        """
        if self.state not in PAYABLE and not (self.owed or self.paying > self.paid):
            raise NotPayable(f"it is {self.state}", state=self.state)
        if self.held_since is not None:
            raise OnHold("nothing is paid until it is released")

    def begin_payment(self, pence: int) -> None:
        """Count a payment among the live ones. Raises :class:`OverAward`."""
        if self.ended_at is not None:
            if pence > self.owed:
                raise OverAward("the award has ended, and no more than that came back of it", owed=self.owed)
            self.owed -= pence
        elif self.paying + pence > self.amount:
            raise OverAward("all live payments together would be more than was awarded")
        self.paying += pence

    def end_payment(self, pence: int, *, was_paid: bool) -> None:
        """Count a payment among the live ones no longer: of an award that has ended, it is owed from now on."""
        self.paid -= pence if was_paid else 0
        self.paying -= pence
        self.owed += pence if self.ended_at is not None else 0

    def let_go(self, at: datetime) -> int:
        """What came back is not paid again: answers the pence. Raises :class:`NothingOwed`."""
        if not self.owed:
            raise NothingOwed("nothing came back that is not paid again")
        pence, self.owed = self.owed, 0
        self.changed(at)
        return pence

    def changed(self, at: datetime) -> None:
        """Note that something about it changed."""
        self.version += 1
        self.updated_at = at

    def _end(self, outcome: AwardState, at: datetime) -> int:
        self.state = LIFECYCLE.step(self.state, outcome)
        if self.paying != self.paid:
            raise PaymentsUnderWay("each is paid, or void, before the award ends")
        released = self.committed - self.paid
        self.committed = self.paid
        self.held_since = None
        self.ended_at = at
        self.changed(at)
        return released


class AwardChange(Base):
    """What was done with an award, by which credential, and why. ``before`` and ``after`` are of amendments."""

    __tablename__ = "award_changes"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "award_id"], ["awards.movement", "awards.id"]),
        sa.CheckConstraint(
            "kind IN ('amended', 'held', 'released', 'cancelled', 'let_go')", name="award_changes_known_kind"
        ),
        sa.Index("award_changes_by_award", "movement", "award_id", "id"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    award_id: Mapped[str]
    kind: Mapped[str]
    made_on: Mapped[date]
    made_at: Mapped[datetime]
    by: Mapped[str]
    reason: Mapped[str | None]
    before: Mapped[StoredTerms | None] = mapped_column(sa.JSON(none_as_null=True))
    after: Mapped[StoredTerms | None] = mapped_column(sa.JSON(none_as_null=True))
