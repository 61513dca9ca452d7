"""Every SQL statement about what people decided about places on the ladder."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import bare
from services.members.engagement.ladder.engine import Rung
from services.members.engagement.ladder.models import Decided, LadderDecision, Reason
from shared import clock
from shared.db.hot import hot
from shared.db.session import of
from shared.ids import new_id

_add = hot(sa.insert(LadderDecision))


def decide(
    session: Session,
    movement: str,
    person: str,
    decided: Decided,
    *,
    reason: Reason | None = None,
    rung: Rung | None = None,
    why: str | None = None,
    until: date | None = None,
    by: str | None = None,
) -> None:
    """Store what a user, or whoever calls, decides about somebody's place."""
    decision = LadderDecision(
        id=new_id("decision"),
        person=person,
        decided=decided,
        reason=reason,
        rung=rung,
        why=why,
        until=until,
        by=by or of(session).context.actor,
        at=clock.now(),
        ended_at=None,
        ended_by=None,
    )
    _add.run(session, bare(decision) | {"movement": movement})


def exclusions(session: Session, movement: str, person: str) -> Sequence[LadderDecision]:
    """The exclusions of a person that are in force."""
    return of_person(session, movement, person, Decided.EXCLUDED)


def of_person(session: Session, movement: str, person: str, decided: Decided) -> Sequence[LadderDecision]:
    """The decisions of one kind about a person that are in force, the first one first."""
    query = sa.select(LadderDecision).where(
        LadderDecision.movement == movement,
        LadderDecision.person == person,
        LadderDecision.decided == decided,
        LadderDecision.ended_at.is_(None),
    )
    return session.scalars(query.order_by(LadderDecision.at, LadderDecision.id)).all()


def past(session: Session, movement: str, today: date) -> Sequence[LadderDecision]:
    """The decisions in force that were meant until a day before this one."""
    query = sa.select(LadderDecision).where(
        LadderDecision.movement == movement, LadderDecision.ended_at.is_(None), LadderDecision.until < today
    )
    return session.scalars(query.order_by(LadderDecision.id)).all()


def movements_with_ends(session: Session) -> Sequence[str]:
    """The movements that have decisions in force which are meant until some day."""
    query = sa.select(LadderDecision.movement).where(
        LadderDecision.ended_at.is_(None), LadderDecision.until.is_not(None)
    )
    return session.scalars(query.distinct()).all()


def excluded(movement: str, reasons: Collection[Reason]) -> sa.Select[str]:
    """The people whom one of these reasons excludes, as a query: for conditions on many."""
    return sa.select(LadderDecision.person).where(
        LadderDecision.movement == movement,
        LadderDecision.decided == Decided.EXCLUDED,
        LadderDecision.reason.in_(reasons),
        LadderDecision.ended_at.is_(None),
    )


def end_confirmations(session: Session, movement: str, person: str, rungs: Collection[str]) -> None:
    """End the confirmations on these rungs that are in force."""
    found = sa.select(LadderDecision.id).where(
        LadderDecision.movement == movement,
        LadderDecision.person == person,
        LadderDecision.decided == Decided.CONFIRMED,
        LadderDecision.rung.in_(rungs),
        LadderDecision.ended_at.is_(None),
    )
    end(session, movement, session.scalars(found).all(), of(session).context.actor, clock.now())


def end(session: Session, movement: str, decisions: Collection[str], by: str, at: datetime) -> None:
    """End decisions that are in force."""
    ended = sa.update(LadderDecision).where(LadderDecision.movement == movement, LadderDecision.id.in_(decisions))
    session.execute(ended.values(ended_at=at, ended_by=by))
