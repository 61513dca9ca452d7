"""Every SQL statement about pledges."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After, bare, page
from services.members.engagement.pledges.models import DUE, LIFECYCLE, Pledge, PledgeState
from shared.db.hot import hot

_add = hot(sa.insert(Pledge))


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which pledges are wanted; None where it does not matter."""

    person: str | None = None
    organisation: str | None = None
    campaign: str | None = None
    state: PledgeState | None = None
    published: bool | None = None
    updated_since: datetime | None = None


def add(session: Session, movement: str, pledge: Pledge) -> None:
    """Insert a pledge, by the end of the transaction."""
    _add.later(session, bare(pledge) | {"movement": movement})


def first_of(session: Session, movement: str, person: str) -> str | None:
    """The id of the pledge that the person made first: their own, or on behalf of an organisation."""
    query = sa.select(sa.func.min(Pledge.id)).where(Pledge.movement == movement)
    return session.scalar(query.where((Pledge.person == person) | (Pledge.given_by == person)))


def find(session: Session, movement: str, pledge: str) -> Pledge | None:
    """One pledge."""
    return session.get(Pledge, (movement, pledge))


def for_change(session: Session, movement: str, pledge: str) -> Pledge | None:
    """One pledge, locked until the transaction ends."""
    return session.get(Pledge, (movement, pledge), with_for_update=True)


def list_pledges(session: Session, movement: str, *, chosen: Chosen, after: After, limit: int) -> Sequence[Pledge]:
    """Pledges in the order of their making, those after ``after`` first."""
    query = sa.select(Pledge).where(Pledge.movement == movement)
    for column, wanted in (
        (Pledge.person, chosen.person),
        (Pledge.organisation, chosen.organisation),
        (Pledge.campaign, chosen.campaign),
        (Pledge.state, chosen.state),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    if chosen.published is not None:
        query = query.where(Pledge.published_at.is_not(None) == chosen.published)
    if chosen.updated_since is not None:
        query = query.where(Pledge.updated_at >= chosen.updated_since)
    return session.scalars(page(query, Pledge.id, after, limit)).all()


def movements_with_due(session: Session, before: date) -> Sequence[str]:
    """The movements with a pledge that is still open and whose day is before that one."""
    query = sa.select(Pledge.movement).where(sa.text(DUE), Pledge.due_on < before)
    return session.scalars(query.distinct()).all()


def due(session: Session, movement: str, today: date, limit: int) -> Sequence[Pledge]:
    """Open pledges whose day has passed, locked; those that another process has are left to it."""
    query = sa.select(Pledge).where(Pledge.movement == movement, sa.text(DUE), Pledge.due_on < today)
    return session.scalars(query.order_by(Pledge.due_on).limit(limit).with_for_update(skip_locked=True)).all()


def open_of(session: Session, movement: str, organisation: str) -> Sequence[Pledge]:
    """The pledges of an organisation that are neither kept nor released, locked."""
    query = sa.select(Pledge).where(Pledge.movement == movement, Pledge.organisation == organisation)
    open_states = LIFECYCLE.before(PledgeState.KEPT)
    return session.scalars(query.where(Pledge.state.in_(open_states)).order_by(Pledge.id).with_for_update()).all()


def published_of(session: Session, movement: str, person: str) -> Sequence[Pledge]:
    """A person's published pledges, locked."""
    query = sa.select(Pledge).where(Pledge.movement == movement, Pledge.person == person)
    return session.scalars(query.where(Pledge.published_at.is_not(None)).with_for_update()).all()


def hold_published(session: Session, movement: str, campaign: str) -> bool:
    """Whether the campaign has a published pledge; until the transaction ends it stays published."""
    query = sa.select(Pledge.id).where(Pledge.movement == movement, Pledge.campaign == campaign)
    return session.scalar(query.where(Pledge.published_at.is_not(None)).limit(1).with_for_update()) is not None
