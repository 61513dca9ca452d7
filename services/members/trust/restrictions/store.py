"""Every SQL statement about restrictions and objections."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After, page
from services.members.trust.permissions.asked import Moment
from services.members.trust.permissions.models import Decision, Permission
from services.members.trust.restrictions.models import Objection, ObjectionState, Restriction


def restricted(movement: str, purpose: str, channel: str, at: Moment) -> sa.Select[str]:
    """The people whose data rests at a moment, but for whoever has since said yes to this purpose over this channel."""
    said_yes = sa.select(Permission.id).where(
        Permission.movement == movement,
        Permission.person == Restriction.person,
        Permission.purpose == purpose,
        Permission.channel == channel,
        Permission.decision == Decision.GIVEN,
        Permission.decided_at > Restriction.begun_at,
        Permission.decided_at <= at,
    )
    return sa.select(Restriction.person).where(
        Restriction.movement == movement,
        Restriction.begun_at <= at,
        sa.or_(Restriction.lifted_at.is_(None), Restriction.lifted_at > at),
        ~said_yes.exists(),
    )


def objectors(movement: str, purpose: str, at: Moment) -> sa.Select[str]:
    """The people whose objection to a purpose is heeded at a moment."""
    return sa.select(Objection.person).where(
        Objection.movement == movement,
        Objection.purpose == purpose,
        Objection.raised_at <= at,
        sa.or_(Objection.ended_at.is_(None), Objection.ended_at > at),
    )


def ever_restricted(movement: str) -> sa.Select[str]:
    """The people whose data rests, or once did."""
    return sa.select(Restriction.person).where(Restriction.movement == movement)


def ever_objected(movement: str) -> sa.Select[str]:
    """The people who object to a purpose, or once did."""
    return sa.select(Objection.person).where(Objection.movement == movement)


def restriction_for_change(session: Session, movement: str, person: str, id: str) -> Restriction | None:
    """A restriction of somebody, locked."""
    found = session.get(Restriction, (movement, id), with_for_update=True)
    return found if found is not None and found.person == person else None


def objection_for_change(session: Session, movement: str, person: str, id: str) -> Objection | None:
    """An objection of somebody, locked."""
    found = session.get(Objection, (movement, id), with_for_update=True)
    return found if found is not None and found.person == person else None


def restrictions(session: Session, movement: str, person: str, *, after: After, limit: int) -> Sequence[Restriction]:
    """The restrictions of somebody, in the order in which they began."""
    query = sa.select(Restriction).where(Restriction.movement == movement, Restriction.person == person)
    return session.scalars(page(query, Restriction.id, after, limit)).all()


def objections(session: Session, movement: str, person: str, *, after: After, limit: int) -> Sequence[Objection]:
    """The objections of somebody, in the order in which they were raised."""
    query = sa.select(Objection).where(Objection.movement == movement, Objection.person == person)
    return session.scalars(page(query, Objection.id, after, limit)).all()


def heeded(session: Session, movement: str, person: str, purpose: str) -> Objection | None:
    """The objection of somebody to a purpose that stands."""
    return session.scalar(
        sa.select(Objection)
        .where(
            Objection.movement == movement,
            Objection.person == person,
            Objection.purpose == purpose,
            Objection.ended_at.is_(None),
        )
        .limit(1)
    )


def considered_of(session: Session, movement: str, request: str) -> Sequence[Objection]:
    """The objections that a request raised and that are not decided, locked."""
    query = sa.select(Objection).where(
        Objection.movement == movement, Objection.request == request, Objection.state == ObjectionState.CONSIDERED
    )
    return session.scalars(query.order_by(Objection.id).with_for_update()).all()
