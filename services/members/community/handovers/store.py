"""Every SQL statement about handovers and their lists."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After, Base, bare, page
from services.members.community.handovers.models import SETTLED, Handover, HandoverItem, HandoverState
from services.members.community.stewardships.models import Stewardship
from shared.db.hot import hot

_COLUMNS = ", ".join(column.name for column in Handover.__table__.columns)
_VALUES = ", ".join(f":{column.name}" for column in Handover.__table__.columns)
# Of two transactions that bring the same handover at once, the second waits for the first and then gets no row.
_claim = hot(sa.text(f"INSERT INTO handovers ({_COLUMNS}) VALUES ({_VALUES}) ON CONFLICT DO NOTHING RETURNING id"))

Line = tuple[HandoverItem, Stewardship]
"""A line of a leaver's list, and the stewardship that was theirs."""


def claim(session: Session, handover: Handover) -> bool:
    """Store a new handover; False where it is there already."""
    return _claim.one(session, bare(handover)) is not None


def add(session: Session, row: Base) -> None:
    """Insert a line, or a stewardship that a line needs."""
    session.add(row)
    session.flush()


def find(session: Session, movement: str, handover: str, *, lock: bool = False) -> Handover | None:
    """One handover; ``lock`` holds the row until the transaction ends (PostgreSQL)."""
    query = sa.select(Handover).where(Handover.movement == movement, Handover.id == handover)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalar(query)


def list_handovers(
    session: Session,
    movement: str,
    *,
    state: HandoverState | None,
    overdue_on: date | None,
    after: After,
    limit: int,
) -> Sequence[Handover]:
    """Handovers in the order of their ids; ``overdue_on``: only open ones that were due before that day."""
    query = sa.select(Handover).where(Handover.movement == movement)
    if state is not None:
        query = query.where(Handover.state == state)
    if overdue_on is not None:
        query = query.where(Handover.state == HandoverState.OPEN, Handover.due_on < overdue_on)
    return session.scalars(page(query, Handover.id, after, limit)).all()


def lines(session: Session, movement: str, handover: str) -> Sequence[Line]:
    """The list of a handover, in the order in which it was written."""
    query = (
        sa.select(HandoverItem, Stewardship)
        .join(Stewardship, (Stewardship.movement == HandoverItem.movement) & (Stewardship.id == HandoverItem.was))
        .where(HandoverItem.movement == movement, HandoverItem.handover == handover)
        .order_by(HandoverItem.id)
    )
    return [(item, was) for item, was in session.execute(query)]


def find_item(session: Session, movement: str, item: str, *, lock: bool = False) -> HandoverItem | None:
    """One line; ``lock`` holds the row until the transaction ends (PostgreSQL)."""
    query = sa.select(HandoverItem).where(HandoverItem.movement == movement, HandoverItem.id == item)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalar(query)


def unsettled(session: Session, movement: str, handover: str) -> int:
    """How many relationships of a list are neither introduced nor ended."""
    query = sa.select(sa.func.count()).where(
        HandoverItem.movement == movement, HandoverItem.handover == handover, HandoverItem.state.not_in(SETTLED)
    )
    return session.scalar(query) or 0


def holders(session: Session, movement: str, stewardships: Sequence[str]) -> dict[str, str]:
    """By stewardship, who holds it or is asked to."""
    query = sa.select(Stewardship.id, Stewardship.holder).where(
        Stewardship.movement == movement, Stewardship.id.in_(stewardships)
    )
    return dict(session.execute(query).all())


def pass_care(session: Session, handover: Handover) -> None:
    """Whoever leaves is the caretaker of no other open handover any more: this one's is, in their place."""
    theirs = (Handover.movement == handover.movement, Handover.caretaker == handover.person)
    others = sa.update(Handover).where(*theirs, Handover.state == HandoverState.OPEN, Handover.id != handover.id)
    session.execute(others.values(caretaker=handover.caretaker))
