"""Every SQL statement about payments."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.grants.base import listed, locked
from services.grants.payments.models import OPEN, Payment, PaymentState


def add(session: Session, payment: Payment) -> None:
    """Keep a payment that was just proposed."""
    session.add(payment)
    session.flush()


def find(session: Session, movement: str, payment_id: str) -> Payment | None:
    """The payment."""
    return session.get(Payment, (movement, payment_id))


def for_change(session: Session, movement: str, payment_id: str) -> Payment | None:
    """The payment as it is now, locked until the transaction ends."""
    return locked(session, sa.select(Payment).where(Payment.movement == movement, Payment.id == payment_id))


def retry_of(session: Session, movement: str, payment_id: str) -> str | None:
    """The id of the payment that retries this one."""
    query = sa.select(Payment.id).where(Payment.movement == movement, Payment.retries == payment_id)
    return session.scalar(query)


def undecided_of(session: Session, movement: str, payee_id: str) -> Sequence[Payment]:
    """The payments to a payee that did not go to the bank yet, locked until the transaction ends."""
    query = sa.select(Payment).where(
        Payment.movement == movement,
        Payment.payee_id == payee_id,
        Payment.state.in_([state.value for state in OPEN]),
    )
    held = query.order_by(Payment.id).with_for_update(key_share=True)
    return session.scalars(held.execution_options(populate_existing=True)).all()


def list_payments(
    session: Session,
    movement: str,
    *,
    award_id: str | None,
    fund_id: str | None,
    batch_id: str | None,
    state: PaymentState | None,
    since: datetime | None,
    after: str,
    limit: int,
) -> Sequence[Payment]:
    """Payments in the order of their making, those after ``after`` first."""
    only = {"award_id": award_id, "fund_id": fund_id, "batch_id": batch_id, "state": state}
    return session.scalars(listed(Payment, movement, after=after, limit=limit, since=since, **only)).all()
