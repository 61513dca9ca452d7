"""Every SQL statement about staff time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After, page
from services.members.life.staff_time.models import StaffTime, Work


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which staff time is wanted; None where it does not matter. ``on`` is a day on which it is given."""

    organisation: str | None = None
    work: Work | None = None
    on: date | None = None
    updated_since: datetime | None = None


def find(session: Session, movement: str, time: str, *, locked: bool = False) -> StaffTime | None:
    """One, perhaps locked until the transaction ends."""
    return session.get(StaffTime, (movement, time), with_for_update=locked or None)


def list_time(session: Session, movement: str, *, chosen: Chosen, after: After, limit: int) -> Sequence[StaffTime]:
    """Staff time in the order in which it was noted, that after ``after`` first."""
    query = sa.select(StaffTime).where(StaffTime.movement == movement)
    if chosen.organisation is not None:
        query = query.where(StaffTime.organisation == chosen.organisation)
    if chosen.work is not None:
        query = query.where(StaffTime.work == chosen.work)
    if chosen.on is not None:
        query = query.where(given_on(chosen.on))
    if chosen.updated_since is not None:
        query = query.where(StaffTime.updated_at >= chosen.updated_since)
    return session.scalars(page(query, StaffTime.id, after, limit)).all()


def open_of(session: Session, movement: str, organisation: str, on: date) -> Sequence[StaffTime]:
    """What an organisation gives on a day or later, locked until the transaction ends."""
    query = sa.select(StaffTime).where(StaffTime.movement == movement, StaffTime.organisation == organisation)
    lasting = query.where(StaffTime.starts_on < on, StaffTime.ended_on.is_(None) | (StaffTime.ended_on > on))
    return session.scalars(lasting.order_by(StaffTime.id).with_for_update()).all()


def given_on(day: date) -> sa.ColumnElement[bool]:
    """That it is given on a day."""
    return (StaffTime.starts_on <= day) & (StaffTime.ended_on.is_(None) | (StaffTime.ended_on > day))
