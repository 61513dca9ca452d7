"""Every SQL statement about what people decided about places on the ladder."""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import bare
from services.members.engagement.ladder.models import Decided, LadderDecision, Reason
from shared.db.hot import hot

_add = hot(sa.insert(LadderDecision))


def add(session: Session, movement: str, decision: LadderDecision) -> None:
    """Insert a decision."""
    _add.run(session, bare(decision) | {"movement": movement})


def exclusions(session: Session, movement: str, person: str) -> Sequence[LadderDecision]:
    """The exclusions of a person that are in force."""
    query = sa.select(LadderDecision).where(
        LadderDecision.movement == movement,
        LadderDecision.person == person,
        LadderDecision.decided == Decided.EXCLUDED,
        LadderDecision.ended_at.is_(None),
    )
    return session.scalars(query).all()


def excluded(movement: str, reasons: Collection[Reason]) -> sa.Select[str]:
    """The people whom one of these reasons excludes, as a query: for conditions on many."""
    return sa.select(LadderDecision.person).where(
        LadderDecision.movement == movement,
        LadderDecision.decided == Decided.EXCLUDED,
        LadderDecision.reason.in_(reasons),
        LadderDecision.ended_at.is_(None),
    )


def end(session: Session, movement: str, decisions: Collection[str], by: str, at: datetime) -> None:
    """End decisions that are in force."""
    ended = sa.update(LadderDecision).where(LadderDecision.movement == movement, LadderDecision.id.in_(decisions))
    session.execute(ended.values(ended_at=at, ended_by=by))
