"""What requests and answers about payments look like."""

from datetime import date, datetime
from typing import Annotated, ClassVar

from pydantic import Field

from services.grants.fields import AwardId
from services.grants.payments import models
from services.grants.payments.models import PaymentState
from shared.editing import Changes
from shared.fields import Body, View, line
from shared.ids import Id
from shared.money import Money

BatchId = Annotated[str, Id("batch")]
PaymentId = Annotated[str, Id("payment")]
Reason = Annotated[str, line(300)]
DueOn = Annotated[date | None, Field(description="no batch takes it before this day")]


class NewPayment(Body):
    """Money of an award to pay to its payee."""

    award: AwardId
    amount: Money
    due_on: DueOn = None
    retries: Annotated[PaymentId | None, Field(description="the payment that failed or was returned")] = None


class Instalment(Body):
    """One of several payments of an award."""

    amount: Money
    due_on: DueOn = None


class NewInstalments(Body):
    """An award to be paid in several payments, all of them proposed or none."""

    award: AwardId
    instalments: Annotated[list[Instalment], Field(min_length=2, max_length=24)]


class PaymentChanges(Changes):
    """What may still be changed of a payment that did not go to the bank."""

    may_be_empty: ClassVar[frozenset[str]] = frozenset({"due_on"})

    amount: Money | None = None
    due_on: DueOn = None


class VoidPayment(Body):
    """Why it is not to be paid."""

    reason: Reason


class Payment(View):
    """A payment, and who had which part in it."""

    id: str
    award: str
    payee: str
    fund: str
    amount: Money
    reference: Annotated[str, Field(description="what the group reads on its bank statement")]
    due_on: date | None
    retries: str | None
    state: PaymentState
    proposed_by: str
    proposed_at: datetime
    approved_by: str | None
    approved_at: datetime | None
    batch: Annotated[str | None, Field(description="the batch with which it goes to the bank")]
    exported_at: datetime | None
    settled_on: Annotated[date | None, Field(description="the bank's day, once it was paid, failed or was returned")]
    reason: str | None
    created_at: datetime
    updated_at: datetime
    version: int

    @classmethod
    def of(cls, payment: models.Payment) -> "Payment":
        """A payment as the API shows it."""
        return cls(
            id=payment.id,
            award=payment.award_id,
            payee=payment.payee_id,
            fund=payment.fund_id,
            amount=Money.of(payment.amount, payment.currency),
            reference=payment.reference,
            due_on=payment.due_on,
            retries=payment.retries,
            state=PaymentState(payment.state),
            proposed_by=payment.proposed_by,
            proposed_at=payment.proposed_at,
            approved_by=payment.approved_by,
            approved_at=payment.approved_at,
            batch=payment.batch_id,
            exported_at=payment.exported_at,
            settled_on=payment.settled_on,
            reason=payment.reason,
            created_at=payment.created_at,
            updated_at=payment.updated_at,
            version=payment.version,
        )


class Payments(View):
    """Several payments that were made at once."""

    data: list[Payment]

    @classmethod
    def of(cls, payments: list[models.Payment]) -> "Payments":
        """Payments as the API shows them."""
        return cls(data=[Payment.of(payment) for payment in payments])
