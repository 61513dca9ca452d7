"""What a change of a payee does to payments that did not go to the bank: whoever approved them approves them anew."""

from datetime import datetime

from sqlalchemy.orm import Session

from services.grants.payments import store
from services.grants.payments.models import Payment, PaymentState
from shared import outbox
from shared.events.grants.payments import PaymentApprovalVoided


def void_approvals(session: Session, movement: str, payee_id: str, at: datetime) -> None:
    """Void the approvals of a payee's payments; of those not yet approved, what was read of them is out of date.

    The payee's row is held by whoever changes it, and an approval holds it as well: neither passes the other by.
    """
    for payment in store.undecided_of(session, movement, payee_id):
        void_approval(session, payment, at)


def void_approval(session: Session, payment: Payment, at: datetime) -> None:
    """Make what was approved a proposal again."""
    was_approved = payment.state == PaymentState.APPROVED
    payment.propose_anew(at)
    if was_approved:
        outbox.record(session, PaymentApprovalVoided(payment=payment.id, award=payment.award_id))
