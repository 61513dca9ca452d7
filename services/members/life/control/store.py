"""Every SQL statement about moves of control."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After, page
from services.members.life.control.models import ControlMove, ControlOf


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which moves are wanted; None where it does not matter. ``on`` is a day on which they hold."""

    kind: ControlOf | None = None
    from_organisation: str | None = None
    to_organisation: str | None = None
    on: date | None = None
    updated_since: datetime | None = None


def find(session: Session, movement: str, move: str, *, locked: bool = False) -> ControlMove | None:
    """One move, perhaps locked until the transaction ends."""
    return session.get(ControlMove, (movement, move), with_for_update=locked or None)


def list_moves(session: Session, movement: str, *, chosen: Chosen, after: After, limit: int) -> Sequence[ControlMove]:
    """Moves in the order in which they were noted, those after ``after`` first."""
    query = sa.select(ControlMove).where(ControlMove.movement == movement)
    for column, wanted in (
        (ControlMove.kind, chosen.kind),
        (ControlMove.from_organisation, chosen.from_organisation),
        (ControlMove.to_organisation, chosen.to_organisation),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    if chosen.on is not None:
        query = query.where(ControlMove.since <= chosen.on, _holds_on(chosen.on))
    if chosen.updated_since is not None:
        query = query.where(ControlMove.updated_at >= chosen.updated_since)
    return session.scalars(page(query, ControlMove.id, after, limit)).all()


def counts(session: Session, movement: str, on: date) -> dict[str, tuple[int, int]]:
    """By kind, how many moves there had been by a day, and how many of them were taken back by then."""
    back = sa.func.count(sa.case((~_holds_on(on), 1)))
    query = sa.select(ControlMove.kind, sa.func.count(), back).where(ControlMove.movement == movement)
    rows = session.execute(query.where(ControlMove.since <= on).group_by(ControlMove.kind))
    return {kind: (moved, taken_back) for kind, moved, taken_back in rows}


def worth(session: Session, movement: str, on: date) -> Sequence[tuple[str, int]]:
    """What the budgets are worth that had moved by a day and were not taken back: pence by currency."""
    query = sa.select(ControlMove.currency, sa.func.sum(ControlMove.pence)).where(ControlMove.movement == movement)
    held = query.where(ControlMove.since <= on, _holds_on(on), ControlMove.currency.is_not(None))
    rows = session.execute(held.group_by(ControlMove.currency).order_by(ControlMove.currency))
    return [(str(currency), int(pence or 0)) for currency, pence in rows]


def _holds_on(day: date) -> sa.ColumnElement[bool]:
    return ControlMove.taken_back_on.is_(None) | (ControlMove.taken_back_on > day)
