"""Every SQL statement about nominations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After, page
from services.members.engagement.nominations.models import LIVE, Nomination, NominationState


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which nominations are wanted; None where it does not matter."""

    nominee: str | None = None
    giver: str | None = None
    state: NominationState | None = None
    updated_since: datetime | None = None


def find(session: Session, movement: str, nomination: str) -> Nomination | None:
    """One nomination."""
    return session.get(Nomination, (movement, nomination))


def for_change(session: Session, movement: str, nomination: str) -> Nomination | None:
    """One nomination, locked until the transaction ends."""
    return session.get(Nomination, (movement, nomination), with_for_update=True)


def list_nominations(
    session: Session, movement: str, *, chosen: Chosen, after: After, limit: int
) -> Sequence[Nomination]:
    """Nominations in the order in which they were given, those after ``after`` first."""
    query = sa.select(Nomination).where(Nomination.movement == movement)
    for column, wanted in (
        (Nomination.nominee, chosen.nominee),
        (Nomination.giver, chosen.giver),
        (Nomination.state, chosen.state),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    if chosen.updated_since is not None:
        query = query.where(Nomination.updated_at >= chosen.updated_since)
    return session.scalars(page(query, Nomination.id, after, limit)).all()


def stands(session: Session, movement: str, giver: str, nominee: str, today: date) -> bool:
    """Whether a nomination of that giver for that nominee is live."""
    query = sa.select(Nomination.id).where(Nomination.movement == movement, Nomination.giver == giver)
    live = query.where(Nomination.nominee == nominee, sa.text(LIVE), Nomination.expires_on >= today)
    return session.scalar(live.limit(1)) is not None


def affirmed_by(session: Session, movement: str, nominee: str, today: date) -> int:
    """How many other people affirm somebody today; a giver who is forgotten counts as one of their own."""
    query = sa.select(
        sa.func.count(Nomination.giver.distinct()), sa.func.count(sa.case((Nomination.giver.is_(None), 1)))
    ).where(Nomination.movement == movement, Nomination.nominee == nominee, sa.text(LIVE))
    of_others = Nomination.giver.is_(None) | (Nomination.giver != nominee)
    known, forgotten = session.execute(query.where(of_others, Nomination.expires_on >= today)).one()
    return known + forgotten


def live_of(session: Session, movement: str, nominee: str, *, locked: bool = False) -> Sequence[Nomination]:
    """The live nominations of somebody in the order in which they were given."""
    query = sa.select(Nomination).where(Nomination.movement == movement, Nomination.nominee == nominee, sa.text(LIVE))
    query = query.order_by(Nomination.id)
    return session.scalars(query.with_for_update() if locked else query).all()


def given_by(session: Session, movement: str, giver: str) -> Sequence[Nomination]:
    """Every nomination that somebody gave, locked."""
    query = sa.select(Nomination).where(Nomination.movement == movement, Nomination.giver == giver)
    return session.scalars(query.with_for_update()).all()


def movements_with_expired(session: Session, before: date) -> Sequence[str]:
    """The movements with a live nomination whose last day is before that one."""
    query = sa.select(Nomination.movement).where(sa.text(LIVE), Nomination.expires_on < before)
    return session.scalars(query.distinct()).all()


def expired(session: Session, movement: str, today: date, limit: int) -> Sequence[Nomination]:
    """Live nominations whose last day has passed, locked; those that another process has are left to it."""
    query = sa.select(Nomination).where(Nomination.movement == movement, sa.text(LIVE), Nomination.expires_on < today)
    return session.scalars(query.order_by(Nomination.expires_on).limit(limit).with_for_update(skip_locked=True)).all()
