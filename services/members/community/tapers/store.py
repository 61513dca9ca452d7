"""Every SQL statement about tapers."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.community.tapers.models import Taper, TaperState

Position = tuple[str | int, ...] | None


def find(session: Session, movement: str, taper: str) -> Taper | None:
    """One taper."""
    return session.get(Taper, (movement, taper))


def for_change(session: Session, movement: str, taper: str) -> Taper | None:
    """One taper, locked until the transaction ends."""
    return session.get(Taper, (movement, taper), with_for_update=True)


def list_tapers(
    session: Session,
    movement: str,
    *,
    programme: str | None,
    successor: str | None,
    state: TaperState | None,
    due_by: date | None,
    after: Position,
    limit: int,
) -> Sequence[Taper]:
    """Tapers, those that end first first; the position is the day and the id. ``due_by`` are those still planned."""
    query = sa.select(Taper).where(Taper.movement == movement)
    for column, wanted in ((Taper.programme, programme), (Taper.successor, successor), (Taper.state, state)):
        if wanted is not None:
            query = query.where(column == wanted)
    if due_by is not None:
        query = query.where(Taper.state == TaperState.PLANNED, Taper.ends_on <= due_by)
    if after is not None:
        day, taper = date.fromisoformat(str(after[0])), str(after[1])
        query = query.where((Taper.ends_on > day) | ((Taper.ends_on == day) & (Taper.id > taper)))
    return session.scalars(query.order_by(Taper.ends_on, Taper.id).limit(limit)).all()
