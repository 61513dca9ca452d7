"""Every SQL statement about next asks."""

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After, page
from services.members.engagement.ladder import decisions
from services.members.engagement.ladder.models import Reason
from services.members.engagement.next_asks.models import AskState, NextAsk


def find(session: Session, movement: str, ask: str) -> NextAsk | None:
    """An ask of somebody who may be asked."""
    return session.scalar(_shown(movement).where(NextAsk.id == ask))


def find_for_change(session: Session, movement: str, ask: str) -> NextAsk | None:
    """The same, locked until the transaction ends."""
    return session.scalar(_shown(movement).where(NextAsk.id == ask).with_for_update())


def list_asks(
    session: Session,
    movement: str,
    *,
    state: AskState | None,
    person: str | None,
    asker: str | None,
    due_by: date | None,
    updated_since: datetime | None,
    after: After,
    limit: int,
) -> Sequence[NextAsk]:
    """Asks in the order in which they were made, those after ``after`` first."""
    query = _shown(movement)
    if state is not None:
        query = query.where(NextAsk.state == state)
    if person is not None:
        query = query.where(NextAsk.person == person)
    if asker is not None:
        query = query.where(NextAsk.asker == asker)
    if due_by is not None:
        query = query.where(NextAsk.due_on <= due_by)
    if updated_since is not None:
        query = query.where(NextAsk.updated_at >= updated_since)
    return session.scalars(page(query, NextAsk.id, after, limit)).all()


def _shown(movement: str) -> sa.Select[NextAsk]:
    """Whoever has no place on the ladder is asked nothing by it, and what they were asked is not shown."""
    excluded = decisions.excluded(movement, list(Reason))
    return sa.select(NextAsk).where(NextAsk.movement == movement, NextAsk.person.not_in(excluded))
