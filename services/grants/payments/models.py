"""The table of payments, their legal steps, and the rule of four eyes. Amounts in pence."""

import hashlib
from datetime import date, datetime
from enum import StrEnum

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.grants.base import Base
from services.grants.payees.models import Account, Payee
from shared.errors import Conflict, Forbidden
from shared.lifecycle import IllegalTransition, Lifecycle


class PaymentState(StrEnum):
    """Proposed, approved by somebody else, exported to the bank; then paid, failed or returned. Void before export."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    EXPORTED = "exported"
    PAID = "paid"
    FAILED = "failed"
    RETURNED = "returned"
    VOID = "void"


LIFECYCLE = Lifecycle(
    "a payment",
    {
        PaymentState.PROPOSED: {PaymentState.APPROVED, PaymentState.VOID},
        PaymentState.APPROVED: {PaymentState.PROPOSED, PaymentState.EXPORTED, PaymentState.VOID},
        PaymentState.EXPORTED: {PaymentState.PAID, PaymentState.FAILED, PaymentState.RETURNED},
        PaymentState.PAID: {PaymentState.RETURNED},
        PaymentState.FAILED: set(),
        PaymentState.RETURNED: set(),
        PaymentState.VOID: set(),
    },
)

OPEN = (PaymentState.PROPOSED, PaymentState.APPROVED)
"""The states in which it may still be changed, for nothing went to the bank."""

TO_BE_TRIED_AGAIN = (PaymentState.FAILED, PaymentState.RETURNED)
"""The ends of a payment of which another one may be the retry."""

_UNAPPROVED = "state IN ('proposed', 'void')"


class NoPayee(Conflict):
    """Nobody said yet into whose account the award is paid."""

    code, title = "no_payee", "The award has no payee with bank details"


class AccountWaits(Conflict):
    """The payee's details were changed, and nobody has made sure of them by a call."""

    code, title = "account_waits", "Changed bank details wait to be made sure of"


class DetailsGone(Conflict):
    """The bank details were deleted: by the erasure of whose account it was, or because they were kept long enough."""

    code, title = "details_gone", "The bank details are no longer kept"


class OwnProposal(Forbidden):
    """Whoever proposed a payment, or changed it last, does not approve it."""

    code, title = "own_proposal", "Somebody else has to approve what you proposed"


class OwnDetails(Forbidden):
    """Whoever changed the payee's details last does not approve payments to it."""

    code, title = "own_details", "Somebody else has to approve payments to a payee that you changed last"


class ApprovalBroken(Conflict):
    """What was approved is not what would be paid: it is approved anew first."""

    code, title = "approval_broken", "It is not what was approved"


class NotToBeRetried(Conflict):
    """A retry is of a payment of the same award that failed or was returned, and that no other payment retries."""

    code, title = "not_to_be_retried", "That payment is not to be tried again"


class Payment(Base):
    """Money of an award to its payee. ``proposed_by`` is who said the amount last.

    ``binding`` stands for what was approved: amount, payee, and the ``account_id`` of that moment. ``entered_by`` and
    ``edited_by`` are who had last changed the account and the payee then; the database too holds the approver to be
    neither of them. It is in one batch at most. ``settled_on`` is the bank's day; ``reason`` are its words, or those of
    whoever voided it.
    """

    __tablename__ = "payments"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "award_id"], ["awards.movement", "awards.id"]),
        sa.ForeignKeyConstraint(["movement", "payee_id"], ["payees.movement", "payees.id"]),
        sa.ForeignKeyConstraint(["movement", "account_id"], ["payee_accounts.movement", "payee_accounts.id"]),
        sa.ForeignKeyConstraint(["movement", "fund_id"], ["funds.movement", "funds.id"]),
        sa.ForeignKeyConstraint(["movement", "retries"], ["payments.movement", "payments.id"]),
        sa.ForeignKeyConstraint(["movement", "batch_id"], ["payment_batches.movement", "payment_batches.id"]),
        sa.CheckConstraint("amount > 0", name="payments_are_something"),
        sa.CheckConstraint("approved_by IS NULL OR approved_by <> proposed_by", name="payments_four_eyes"),
        sa.CheckConstraint(
            "approved_by IS NULL OR (approved_by <> entered_by AND (edited_by IS NULL OR approved_by <> edited_by))",
            name="payments_approved_by_no_editor",
        ),
        sa.CheckConstraint(
            "(approved_by IS NULL) = (binding IS NULL) AND (approved_by IS NULL) = (account_id IS NULL)"
            " AND (approved_by IS NULL) = (entered_by IS NULL)",
            name="payments_approved_as_bound",
        ),
        sa.CheckConstraint(f"{_UNAPPROVED} OR approved_by IS NOT NULL", name="payments_approved_before_sent"),
        sa.CheckConstraint(
            "state IN ('proposed', 'approved', 'exported', 'paid', 'failed', 'returned', 'void')",
            name="payments_known_state",
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'approved', 'void') OR batch_id IS NOT NULL", name="payments_sent_in_a_batch"
        ),
        sa.Index("payments_by_batch", "movement", "batch_id"),
        sa.Index("payments_by_award", "movement", "award_id", "id"),
        sa.Index("payments_by_fund", "movement", "fund_id", "state", "id"),
        sa.Index("payments_by_payee", "movement", "payee_id"),
        sa.Index("payments_by_change", "movement", "updated_at", "id"),
        sa.Index("payments_by_reference", "movement", "reference", unique=True),
        sa.Index("payments_retried_once", "movement", "retries", unique=True),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    award_id: Mapped[str]
    payee_id: Mapped[str]
    fund_id: Mapped[str]
    amount: Mapped[int]
    currency: Mapped[str]
    reference: Mapped[str]
    due_on: Mapped[date | None]
    retries: Mapped[str | None]
    state: Mapped[str]
    proposed_by: Mapped[str]
    proposed_at: Mapped[datetime]
    approved_by: Mapped[str | None]
    approved_at: Mapped[datetime | None]
    binding: Mapped[str | None]
    account_id: Mapped[str | None]
    entered_by: Mapped[str | None]
    edited_by: Mapped[str | None]
    batch_id: Mapped[str | None]
    exported_at: Mapped[datetime | None]
    settled_on: Mapped[date | None]
    reason: Mapped[str | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int]

    def approve(self, payee: Payee, account: Account | None, by: str, at: datetime) -> None:
        """Somebody else says yes to just this amount for just this account.

        Raises IllegalTransition, OwnProposal, OwnDetails, NoPayee, DetailsGone, AccountWaits.
        """
        state = LIFECYCLE.step(self.state, PaymentState.APPROVED)
        if by == self.proposed_by:
            raise OwnProposal
        if account is None:
            raise NoPayee("its payee has no account yet")
        if account.sealed is None:
            raise DetailsGone("enter them anew")
        if by in (account.entered_by, payee.edited_by):
            raise OwnDetails
        if account.waits:
            raise AccountWaits("somebody else than whoever entered them calls on a number known before")
        self.state = state
        self.approved_by, self.approved_at = by, at
        self.account_id, self.entered_by, self.edited_by = account.id, account.entered_by, payee.edited_by
        self.binding = bound(self, payee, account)
        self.changed(at)

    def check_open(self) -> None:
        """Whether it may still be changed; IllegalTransition once it went to the bank, or is void."""
        if self.state not in OPEN:
            raise IllegalTransition(f"a payment that is {self.state} does not change", state=self.state)

    def propose_anew(self, at: datetime) -> None:
        """Something that was, or is to be, approved has changed: whoever said yes says so again, of what it is now."""
        if self.state == PaymentState.APPROVED:
            self.state = LIFECYCLE.step(self.state, PaymentState.PROPOSED)
        self.approved_by = self.approved_at = self.binding = self.account_id = self.entered_by = self.edited_by = None
        self.batch_id = None
        self.changed(at)

    def check_bound(self, payee: Payee, account: Account | None) -> None:
        """Whether this is still what was approved, and can be paid. Raises DetailsGone, ApprovalBroken."""
        if account is None or account.sealed is None:
            raise DetailsGone("enter them anew")
        if self.binding != bound(self, payee, account):
            raise ApprovalBroken("amount, payee or account are not those that were approved")

    def export(self, at: datetime) -> None:
        """It goes to the bank."""
        self.state = LIFECYCLE.step(self.state, PaymentState.EXPORTED)
        self.exported_at = at
        self.changed(at)

    def settle(self, outcome: PaymentState, on: date, reason: str | None, at: datetime) -> None:
        """What the bank says became of it: paid, failed or returned, on its day."""
        self.state = LIFECYCLE.step(self.state, outcome)
        self.settled_on, self.reason = on, reason
        self.changed(at)

    def void(self, reason: str, at: datetime) -> None:
        """It is not wanted any more, before anything went to the bank."""
        self.state = LIFECYCLE.step(self.state, PaymentState.VOID)
        self.reason, self.batch_id = reason, None
        self.changed(at)

    def changed(self, at: datetime) -> None:
        """Note that something about it changed."""
        self.version += 1
        self.updated_at = at


def bound(payment: Payment, payee: Payee, account: Account) -> str:
    """The hash of what an approval is of: this payment's amount, this payee, these sealed details (SHA-256)."""
    what = (payment.id, payment.amount, payment.currency, payee.id, payee.kind, payee.name, account.id, account.digest)
    return hashlib.sha256(msgspec.json.encode(what)).hexdigest()


def reference_of(payment_id: str) -> str:
    """What the group reads on its statement: 18 characters, as banks take them, and each its own."""
    return f"GRANT {payment_id[-12:].upper()}"
