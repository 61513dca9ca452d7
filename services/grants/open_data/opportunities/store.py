"""Every SQL statement about opportunities: the rounds that were made known."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.grants.funds.models import Fund
from services.grants.rounds.models import Round, RoundState

_UNTOLD = (RoundState.DRAFT.value, RoundState.CANCELLED.value)


def made_known(session: Session, movement: str) -> Sequence[tuple[Round, Fund]]:
    """The rounds that were published, with their funds, those changed last first."""
    query = (
        sa.select(Round, Fund)
        .join(Fund, sa.and_(Fund.movement == Round.movement, Fund.id == Round.fund_id))
        .where(Round.movement == movement, Round.state.not_in(_UNTOLD))
        .order_by(Round.updated_at.desc(), Round.id)
    )
    return list(session.execute(query))
