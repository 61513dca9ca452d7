"""Every SQL statement about batches, and those about payments as parts of one."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.grants.base import Base, listed, locked
from services.grants.batches.models import BatchExport, BatchState, Known, PaymentBatch, Template
from services.grants.payees.models import Account, Payee
from services.grants.payments.models import Payment, PaymentState


def add(session: Session, row: Base) -> None:
    """Keep a batch, a layout, or that a file was made, so that what follows may refer to it."""
    session.add(row)
    session.flush()


def for_change(session: Session, movement: str, batch_id: str) -> PaymentBatch | None:
    """The batch as it is now, locked until the transaction ends."""
    query = sa.select(PaymentBatch).where(PaymentBatch.movement == movement, PaymentBatch.id == batch_id)
    return locked(session, query)


def find(session: Session, movement: str, batch_id: str) -> PaymentBatch | None:
    """The batch."""
    return session.get(PaymentBatch, (movement, batch_id))


def known(session: Session, movement: str, batches: Sequence[PaymentBatch]) -> Sequence[Known]:
    """Batches with how their payments stand and when their files were made."""
    ids = [batch.id for batch in batches]
    counted = session.execute(
        sa.select(Payment.batch_id, Payment.state, sa.func.count(), sa.func.sum(Payment.amount))
        .where(Payment.movement == movement, Payment.batch_id.in_(ids))
        .group_by(Payment.batch_id, Payment.state)
    ).all()
    exports = session.scalars(
        sa.select(BatchExport)
        .where(BatchExport.movement == movement, BatchExport.batch_id.in_(ids))
        .order_by(BatchExport.number)
    ).all()
    return [
        Known(
            batch,
            {state: count for id_, state, count, _ in counted if id_ == batch.id},
            sum(int(pence) for id_, _, _, pence in counted if id_ == batch.id),
            [each for each in exports if each.batch_id == batch.id],
        )
        for batch in batches
    ]


def list_batches(
    session: Session,
    movement: str,
    *,
    fund_id: str | None,
    state: BatchState | None,
    since: datetime | None,
    after: str,
    limit: int,
) -> Sequence[Known]:
    """Batches in the order of their making, those after ``after`` first."""
    query = listed(PaymentBatch, movement, after=after, limit=limit, since=since, fund_id=fund_id, state=state)
    return known(session, movement, session.scalars(query).all())


def ready(session: Session, movement: str, fund_id: str, today: date, limit: int) -> Sequence[Payment]:
    """A fund's approved payments that are due and in no batch, the oldest first, locked."""
    return _held(
        session,
        sa.select(Payment)
        .where(
            Payment.movement == movement,
            Payment.fund_id == fund_id,
            Payment.state == PaymentState.APPROVED.value,
            Payment.batch_id.is_(None),
            sa.or_(Payment.due_on.is_(None), Payment.due_on <= today),
        )
        .limit(limit),
    )


def chosen(session: Session, movement: str, payments: Collection[str]) -> Mapping[str, Payment]:
    """Payments by their ids, locked."""
    query = sa.select(Payment).where(Payment.movement == movement, Payment.id.in_(payments))
    return {payment.id: payment for payment in _held(session, query)}


def payments_of(session: Session, movement: str, batch_id: str) -> Sequence[Payment]:
    """The payments of a batch, in the order of the lines of its file, locked."""
    return _held(session, sa.select(Payment).where(Payment.movement == movement, Payment.batch_id == batch_id))


def paid_into(session: Session, movement: str, batch_id: str) -> Mapping[str, tuple[Payee, Account | None]]:
    """By payment of a batch: its payee, and the account that its approval was of."""
    query = (
        sa.select(Payment.id, Payee, Account)
        .join(Payee, sa.and_(Payee.movement == Payment.movement, Payee.id == Payment.payee_id))
        .outerjoin(Account, sa.and_(Account.movement == Payment.movement, Account.id == Payment.account_id))
        .where(Payment.movement == movement, Payment.batch_id == batch_id)
    )
    return {row[0]: (row[1], row[2]) for row in session.execute(query)}


def export_count(session: Session, movement: str, batch_id: str) -> int:
    """How often the file of a batch was made."""
    query = sa.select(sa.func.count()).where(BatchExport.movement == movement, BatchExport.batch_id == batch_id)
    return session.scalar(query) or 0


def template(session: Session, movement: str, slug: str) -> Template | None:
    """A layout that the movement entered."""
    return session.get(Template, (movement, slug))


def templates(session: Session, movement: str) -> Sequence[Template]:
    """All layouts that the movement entered."""
    return session.scalars(sa.select(Template).where(Template.movement == movement).order_by(Template.slug)).all()


def _held(session: Session, query: sa.Select[Payment]) -> Sequence[Payment]:
    held = query.order_by(Payment.id).with_for_update(key_share=True)
    return session.scalars(held.execution_options(populate_existing=True)).all()
