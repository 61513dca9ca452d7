"""Every SQL statement about permissions."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from services.members.base import After, bare, page
from services.members.trust.permissions.asked import Asked
from services.members.trust.permissions.models import Decision, Permission, Stop
from shared.db.hot import hot
from shared.ids import new_id

Column = sa.SQLColumnExpression[str] | sa.SQLColumnExpression[str | None]


class Said(NamedTuple):
    """What somebody decided last by purpose and channel, and their last stop."""

    latest: Mapping[tuple[str, str], Permission]
    stop: Stop | None


_add = hot(sa.insert(Permission))


def add(session: Session, movement: str, permission: Permission) -> None:
    """Insert a decision, by the end of the transaction."""
    _add.later(session, bare(permission) | {"movement": movement})


def gave(movement: str, column: Column, asked: Asked, *, stops: bool) -> sa.ColumnElement[bool]:
    """The condition that somebody's latest decision about it is a yes, said after any stop where ``stops`` count."""
    conditions = [
        Permission.decision == Decision.GIVEN,
        sa.or_(Permission.holds_from.is_(None), Permission.holds_from <= asked.day),
        sa.or_(Permission.review_on.is_(None), Permission.review_on >= asked.day),
        ~_outdone(movement, asked).exists(),
    ]
    if stops:
        conditions.append(~_stopped(movement, column, asked).where(Stop.stopped_at >= Permission.decided_at).exists())
    return _about(Permission, movement, column, asked).where(*conditions).exists()


def said_no(movement: str, column: Column, asked: Asked, *, stops: bool) -> sa.ColumnElement[bool]:
    """The condition that somebody refused it, or said stop where ``stops`` count, and no yes came after."""
    yes = aliased(Permission)
    later = _about(yes, movement, column, asked).where(yes.decision == Decision.GIVEN)
    refused = _about(Permission, movement, column, asked).where(
        Permission.decision == Decision.REFUSED, ~later.where(yes.decided_at > Permission.decided_at).exists()
    )
    if not stops:
        return refused.exists()
    stopped = _stopped(movement, column, asked).where(~later.where(yes.decided_at > Stop.stopped_at).exists())
    return sa.or_(refused.exists(), stopped.exists())


def said(session: Session, movement: str, person: str, at: datetime) -> Said:
    """What somebody said last about everything, until a moment."""
    return said_by(session, movement, [person], at)[person]


def said_by(session: Session, movement: str, people: Collection[str], at: datetime) -> Mapping[str, Said]:
    """What each of some people said last about everything, until a moment."""
    decided = sa.select(Permission).where(
        Permission.movement == movement, Permission.person.in_(people), Permission.decided_at <= at
    )
    # "refused" sorts behind "given": of one moment it is the last
    in_order = decided.order_by(Permission.decided_at, Permission.decision, Permission.id)
    stopped = sa.select(Stop).where(Stop.movement == movement, Stop.person.in_(people), Stop.stopped_at <= at)
    latest: dict[str, dict[tuple[str, str], Permission]] = {person: {} for person in people}
    for each in session.scalars(in_order):
        latest[each.person][each.purpose, each.channel] = each
    stops = {each.person: each for each in session.scalars(stopped.order_by(Stop.stopped_at))}
    return {person: Said(latest[person], stops.get(person)) for person in people}


def latest_stop(session: Session, movement: str, person: str, at: datetime) -> Stop | None:
    """What somebody last said stop with, until a moment."""
    query = sa.select(Stop).where(Stop.movement == movement, Stop.person == person, Stop.stopped_at <= at)
    return session.scalar(query.order_by(Stop.stopped_at.desc()).limit(1))


def stops_of(session: Session, movement: str, person: str) -> Sequence[Stop]:
    """Every stop of a person, in the order in which they were said."""
    query = sa.select(Stop).where(Stop.movement == movement, Stop.person == person)
    return session.scalars(query.order_by(Stop.id).execution_options(populate_existing=True)).all()


def add_stop(session: Session, movement: str, person: str, like: Stop) -> None:
    """Let a stop hold for somebody else too, from the same moment."""
    again = Stop(
        movement=movement, id=new_id("stop"), person=person, stopped_at=like.stopped_at, recorded_by=like.recorded_by
    )
    session.add(again)
    session.flush()


def decided_at(session: Session, movement: str, person: str, at: datetime) -> Sequence[str]:
    """The ids of what the person decided at an instant, in the order in which they were made."""
    query = sa.select(Permission.id).where(
        Permission.movement == movement, Permission.person == person, Permission.decided_at == at
    )
    return session.scalars(query.order_by(Permission.id)).all()


def list_permissions(session: Session, movement: str, person: str, *, after: After, limit: int) -> Sequence[Permission]:
    """A person's decisions in the order in which they were made, those after ``after`` first."""
    query = sa.select(Permission).where(Permission.movement == movement, Permission.person == person)
    return session.scalars(page(query, Permission.id, after, limit)).all()


def all_of(session: Session, movement: str, people: Collection[str]) -> Sequence[Permission]:
    """Every decision of these people, in the order in which they were made."""
    query = sa.select(Permission).where(Permission.movement == movement, Permission.person.in_(people))
    return session.scalars(query.order_by(Permission.id).execution_options(populate_existing=True)).all()


def _about(decision: type[Permission], movement: str, column: Column, asked: Asked) -> sa.Select[str]:
    """The decisions about it, until the moment that is asked for, of the person whose id is in a column."""
    return (
        sa.select(decision.id)
        .where(
            decision.movement == movement,
            decision.person == column,
            decision.purpose == asked.purpose.key,
            decision.channel == asked.channel,
            decision.decided_at <= asked.at,
        )
        .correlate_except(decision)
    )


def _outdone(movement: str, asked: Asked) -> sa.Select[str]:
    """The decisions that outdo a yes: the later ones, and of the same moment a refusal and the yes that came last."""
    later = aliased(Permission)
    return _about(later, movement, Permission.person, asked).where(
        sa.or_(
            later.decided_at > Permission.decided_at,
            sa.and_(
                later.decided_at == Permission.decided_at,
                sa.or_(later.decision == Decision.REFUSED, later.id > Permission.id),
            ),
        )
    )


def _stopped(movement: str, column: Column, asked: Asked) -> sa.Select[str]:
    return (
        sa.select(Stop.id)
        .where(Stop.movement == movement, Stop.person == column, Stop.stopped_at <= asked.at)
        .correlate_except(Stop)
    )
