"""The one SQL statement about timings."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.grants.awards.models import Award
from services.grants.payments.models import Payment, PaymentState

_NEVER_TAKEN = ("lapsed", "refused", "cancelled")


def first_paid(session: Session, movement: str, round_id: str) -> Sequence[tuple[str, date | None]]:
    """The awards of a round that stand, each with the bank's day of its first payment that stands; None for none."""
    paid = sa.and_(Payment.movement == Award.movement, Payment.award_id == Award.id, Payment.state == PaymentState.PAID)
    query = (
        sa.select(Award.id, sa.func.min(Payment.settled_on))
        .outerjoin(Payment, paid)
        .where(Award.movement == movement, Award.round_id == round_id, Award.state.not_in(_NEVER_TAKEN))
        .group_by(Award.id)
        .order_by(Award.id)
    )
    return [(row[0], row[1]) for row in session.execute(query)]
