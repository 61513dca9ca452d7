"""Every SQL statement about repayments."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.grants.base import locked
from services.grants.repayments.models import Repayment


def for_change(session: Session, movement: str, award_id: str, repayment_id: str) -> Repayment | None:
    """The repayment of this award as it is now, locked until the transaction ends."""
    return locked(
        session,
        sa.select(Repayment).where(
            Repayment.movement == movement, Repayment.award_id == award_id, Repayment.id == repayment_id
        ),
    )


def outstanding(session: Session, movement: str, award_id: str) -> Sequence[Repayment]:
    """What the group of an award is still to pay back, locked until the transaction ends."""
    settled = Repayment.received + Repayment.written_off + Repayment.withdrawn
    query = sa.select(Repayment).where(
        Repayment.movement == movement, Repayment.award_id == award_id, settled < Repayment.pence
    )
    held = query.order_by(Repayment.id).with_for_update(key_share=True)
    return session.scalars(held.execution_options(populate_existing=True)).all()


def of_award(session: Session, movement: str, award_id: str) -> Sequence[Repayment]:
    """What the group of an award is asked to pay back, in the order of the asking."""
    query = sa.select(Repayment).where(Repayment.movement == movement, Repayment.award_id == award_id)
    return session.scalars(query.order_by(Repayment.id)).all()
