"""Every SQL statement about drafts of applications."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.grants.applications.drafts.models import Draft
from services.grants.base import locked


def find(session: Session, movement: str, draft_id: str) -> Draft | None:
    """The draft."""
    return session.get(Draft, (movement, draft_id))


def for_change(session: Session, movement: str, draft_id: str) -> Draft | None:
    """The draft as it is now, locked until the transaction ends."""
    return locked(session, sa.select(Draft).where(Draft.movement == movement, Draft.id == draft_id))


def list_drafts(session: Session, movement: str, *, round_id: str | None, after: str, limit: int) -> Sequence[Draft]:
    """Drafts in the order of their making, those after ``after`` first."""
    query = sa.select(Draft).where(Draft.movement == movement, Draft.id > after)
    if round_id is not None:
        query = query.where(Draft.round_id == round_id)
    return session.scalars(query.order_by(Draft.id).limit(limit)).all()
