"""Every SQL statement about amendments."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.grants.rounds.amendments.models import Amendment


def list_amendments(session: Session, movement: str, round_id: str, *, after: str, limit: int) -> Sequence[Amendment]:
    """A round's amendments in the order in which they were made."""
    query = sa.select(Amendment).where(
        Amendment.movement == movement, Amendment.round_id == round_id, Amendment.id > after
    )
    return session.scalars(query.order_by(Amendment.id).limit(limit)).all()
