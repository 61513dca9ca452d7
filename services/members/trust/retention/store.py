"""Every SQL statement about rules, holds and runs. What is due, and what is done with it, have their own modules."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After, page
from services.members.trust.retention.models import (
    RetentionHold,
    RetentionRule,
    RetentionRun,
    RetentionStandIn,
    RunState,
)


def settled(session: Session, movement: str) -> Sequence[RetentionRule]:
    """The rules that a movement has settled."""
    return session.scalars(sa.select(RetentionRule).where(RetentionRule.movement == movement)).all()


def rule(session: Session, movement: str, kind: str, *, lock: bool = False) -> RetentionRule | None:
    """What a movement settled for a kind."""
    return session.get(RetentionRule, (movement, kind), with_for_update=lock, populate_existing=lock)


def movements_to_look_at(session: Session, latest: date) -> Sequence[str]:
    """The movements with a rule that is applied by itself and was not seen to yet on what may be their day."""
    query = sa.select(RetentionRule.movement).where(RetentionRule.daily, _not_seen_to(latest))
    return session.scalars(query.distinct()).all()


def to_look_at(session: Session, movement: str, today: date) -> Sequence[RetentionRule]:
    """The rules of a movement that are to be seen to today, locked."""
    query = sa.select(RetentionRule).where(RetentionRule.movement == movement, RetentionRule.daily, _not_seen_to(today))
    return session.scalars(query.order_by(RetentionRule.kind).with_for_update()).all()


def hold(session: Session, movement: str, id: str) -> RetentionHold | None:
    """One hold, locked."""
    return session.get(RetentionHold, (movement, id), with_for_update=True)


def list_holds(
    session: Session, movement: str, *, person: str | None, in_force_on: date | None, after: After, limit: int
) -> Sequence[RetentionHold]:
    """Holds in the order in which they were placed; of a person, or those in force on a day."""
    query = sa.select(RetentionHold).where(RetentionHold.movement == movement)
    if person is not None:
        query = query.where(RetentionHold.person == person)
    if in_force_on is not None:
        query = query.where(in_force(in_force_on))
    return session.scalars(page(query, RetentionHold.id, after, limit)).all()


def hold_of(session: Session, movement: str, person: str, day: date) -> str | None:
    """The id of the first hold on somebody that stands on a day."""
    query = sa.select(RetentionHold.id).where(
        RetentionHold.movement == movement, RetentionHold.person == person, in_force(day)
    )
    return session.scalar(query.order_by(RetentionHold.id).limit(1))


def in_force(day: date) -> sa.ColumnElement[bool]:
    """That a hold stands on a day."""
    lasts = sa.or_(RetentionHold.until.is_(None), RetentionHold.until >= day)
    return sa.and_(RetentionHold.lifted_at.is_(None), lasts)


def running(session: Session) -> Sequence[tuple[str, str]]:
    """Movement and id of each run that is not over."""
    query = sa.select(RetentionRun.movement, RetentionRun.id).where(RetentionRun.state == RunState.RUNNING)
    return [(movement, run) for movement, run in session.execute(query.order_by(RetentionRun.begun_at))]


def under_way(session: Session, movement: str) -> str | None:
    """The id of the run that is not over."""
    return session.scalar(
        sa.select(RetentionRun.id).where(RetentionRun.movement == movement, RetentionRun.state == RunState.RUNNING)
    )


def run(session: Session, movement: str, id: str, *, lock: bool = False) -> RetentionRun | None:
    """One run."""
    return session.get(RetentionRun, (movement, id), with_for_update=lock, populate_existing=lock)


def list_runs(session: Session, movement: str, *, kind: str | None, after: After, limit: int) -> Sequence[RetentionRun]:
    """Runs in the order in which they began."""
    query = sa.select(RetentionRun).where(RetentionRun.movement == movement)
    if kind is not None:
        query = query.where(RetentionRun.kind == kind)
    return session.scalars(page(query, RetentionRun.id, after, limit)).all()


def stand_ins(session: Session, movement: str, people: Sequence[str]) -> dict[str, str]:
    """Who stands in for these people already."""
    query = sa.select(RetentionStandIn.person, RetentionStandIn.stand_in).where(
        RetentionStandIn.movement == movement, RetentionStandIn.person.in_(people)
    )
    return {row.person: row.stand_in for row in session.execute(query)}


def forget_stand_ins(session: Session, movement: str) -> None:
    """Let nobody tell any more who stood in for whom."""
    session.execute(sa.delete(RetentionStandIn).where(RetentionStandIn.movement == movement))


def _not_seen_to(day: date) -> sa.ColumnElement[bool]:
    return sa.or_(RetentionRule.looked_on.is_(None), RetentionRule.looked_on < day)
