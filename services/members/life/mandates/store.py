"""Every SQL statement about mandates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from services.members.base import After, page
from services.members.life.mandates.models import Mandate

_whole = sa.select(Mandate).options(selectinload(Mandate.givers), selectinload(Mandate.reviews))


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which mandates are wanted; None where it does not matter. ``on`` is a day on which they hold."""

    organisation: str | None = None
    on: date | None = None
    updated_since: datetime | None = None


def find(session: Session, movement: str, mandate: str, *, locked: bool = False) -> Mandate | None:
    """One mandate with all that belongs to it as it is stored now, perhaps locked until the transaction ends."""
    query = _whole.where(Mandate.movement == movement, Mandate.id == mandate)
    query = query.execution_options(populate_existing=True)
    return session.scalar(query.with_for_update() if locked else query)


def meeting(session: Session, movement: str, organisation: str, starts_on: date, ends_on: date) -> str | None:
    """A mandate of the organisation that holds on one of these days."""
    query = sa.select(Mandate.id).where(Mandate.movement == movement, Mandate.organisation == organisation)
    return session.scalar(query.where(Mandate.starts_on < ends_on, Mandate.ends_on > starts_on).limit(1))


def list_mandates(session: Session, movement: str, *, chosen: Chosen, after: After, limit: int) -> Sequence[Mandate]:
    """Mandates in the order in which they were noted, those after ``after`` first."""
    query = _whole.where(Mandate.movement == movement)
    if chosen.organisation is not None:
        query = query.where(Mandate.organisation == chosen.organisation)
    if chosen.on is not None:
        query = query.where(Mandate.starts_on <= chosen.on, Mandate.ends_on > chosen.on)
    if chosen.updated_since is not None:
        query = query.where(Mandate.updated_at >= chosen.updated_since)
    return session.scalars(page(query, Mandate.id, after, limit)).all()
