"""Every SQL statement about how people moved: over the steps and turns as they were taken."""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.engagement.ladder.models import RungChange
from services.members.engagement.memberships.models import Membership, MembershipChange, State

_changed_at = sa.type_coerce(RungChange.changed_at, sa.BigInteger)
_turned_at = sa.type_coerce(MembershipChange.at, sa.BigInteger)


def between(
    session: Session, movement: str, began: int, ended: int
) -> Sequence[tuple[bool, str | None, str | None, int]]:
    """How many people went from which rung to which between two instants (microseconds), and whether they were new."""
    start, end = _last_steps(movement, began), _last_steps(movement, ended)
    is_new = start.c.person.is_(None)
    query = (
        sa.select(is_new, start.c.to_rung, end.c.to_rung, sa.func.count())
        .select_from(end.outerjoin(start, start.c.person == end.c.person))
        .group_by(is_new, start.c.to_rung, end.c.to_rung)
    )
    return [(bool(new), before, after, people) for new, before, after, people in session.execute(query)]


def people_after(session: Session, movement: str, after: str, limit: int) -> Sequence[str]:
    """The next people who may have a rung today, in the order of their ids."""
    query = sa.select(Membership.person).where(
        Membership.movement == movement, Membership.person > after, Membership.off_ladder.is_(False)
    )
    return [str(person) for person in session.scalars(query.order_by(Membership.person).limit(limit))]


def standing_at(session: Session, movement: str, at: int) -> Sequence[tuple[str, int]]:
    """How many people stood on each rung just before an instant (microseconds)."""
    steps = _last_steps(movement, at)
    query = sa.select(steps.c.to_rung, sa.func.count()).where(steps.c.to_rung.is_not(None)).group_by(steps.c.to_rung)
    return session.execute(query).all()


def steps(
    session: Session, movement: str, began: int, ends: Sequence[int]
) -> Iterator[tuple[int, str, str | None, str | None, int]]:
    """How many steps of each kind there were in each of the spans that end at these instants: span, cause, from, to."""
    span = _span(_changed_at, ends)
    kind = (span, RungChange.cause, RungChange.from_rung, RungChange.to_rung)
    query = sa.select(*kind, sa.func.count()).where(
        RungChange.movement == movement, _changed_at >= began, _changed_at < ends[-1], _now_on(movement)
    )
    yield from session.execute(query.group_by(*kind))


def ebbs(session: Session, movement: str, began: int, ends: Sequence[int]) -> Iterator[tuple[int, str, int]]:
    """How many memberships became quiet, and how many active again by what was done, in each span."""
    span = _span(_turned_at, ends)
    query = sa.select(span, MembershipChange.to_state, sa.func.count()).where(
        MembershipChange.movement == movement,
        MembershipChange.to_state.in_((State.QUIET, State.ACTIVE)),
        MembershipChange.computed,
        _turned_at >= began,
        _turned_at < ends[-1],
    )
    yield from session.execute(query.group_by(span, MembershipChange.to_state))


def _last_steps(movement: str, before: int) -> sa.Subquery:
    """The last step of everybody before an instant, of those who may have a rung today."""
    latest = sa.func.row_number().over(
        partition_by=RungChange.person, order_by=(RungChange.changed_at.desc(), RungChange.id.desc())
    )
    numbered = (
        sa.select(RungChange.person, RungChange.to_rung, latest.label("place"))
        .where(RungChange.movement == movement, _changed_at < before, _now_on(movement))
        .subquery()
    )
    return sa.select(numbered.c.person, numbered.c.to_rung).where(numbered.c.place == 1).subquery()


def _now_on(movement: str) -> sa.ColumnElement[bool]:
    allowed = sa.select(Membership.person).where(
        Membership.movement == movement, Membership.person.is_not(None), Membership.off_ladder.is_(False)
    )
    return RungChange.person.in_(allowed)


def _span(at: sa.ColumnElement[int], ends: Sequence[int]) -> sa.Case[Any]:
    """Which of the spans an instant is in, from 0."""
    return sa.case(*((at < end, number) for number, end in enumerate(ends)))
