"""Every SQL statement about next asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After, page
from services.members.engagement.ladder import decisions
from services.members.engagement.ladder.models import Reason
from services.members.engagement.next_asks.models import AskState, NextAsk
from services.members.trust.employers.store import not_own_staff


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which asks are wanted; None where it does not matter."""

    state: AskState | None = None
    person: str | None = None
    asker: str | None = None
    due_by: date | None = None
    updated_since: datetime | None = None


def find(session: Session, movement: str, ask: str) -> NextAsk | None:
    """An ask of somebody who may be asked."""
    return session.scalar(_shown(movement).where(NextAsk.id == ask))


def find_for_change(session: Session, movement: str, ask: str) -> NextAsk | None:
    """The same, locked until the transaction ends."""
    return session.scalar(_shown(movement).where(NextAsk.id == ask).with_for_update())


def open_of(session: Session, movement: str, person: str) -> Sequence[NextAsk]:
    """What somebody is still to be asked, locked."""
    query = sa.select(NextAsk).where(NextAsk.movement == movement, NextAsk.person == person)
    return session.scalars(query.where(NextAsk.state == AskState.OPEN).with_for_update()).all()


def list_asks(session: Session, movement: str, *, chosen: Chosen, after: After, limit: int) -> Sequence[NextAsk]:
    """Asks in the order in which they were made, those after ``after`` first."""
    query = _shown(movement).where(*not_own_staff(session, movement, NextAsk.person))
    for column, wanted in (
        (NextAsk.state, chosen.state),
        (NextAsk.person, chosen.person),
        (NextAsk.asker, chosen.asker),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    if chosen.due_by is not None:
        query = query.where(NextAsk.due_on <= chosen.due_by)
    if chosen.updated_since is not None:
        query = query.where(NextAsk.updated_at >= chosen.updated_since)
    return session.scalars(page(query, NextAsk.id, after, limit)).all()


def _shown(movement: str) -> sa.Select[NextAsk]:
    """Whoever has no place on the ladder is asked nothing by it, and what they were asked is not shown."""
    excluded = decisions.excluded(movement, list(Reason))
    return sa.select(NextAsk).where(NextAsk.movement == movement, NextAsk.person.not_in(excluded))
