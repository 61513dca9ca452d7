"""Every SQL statement about activities."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After, bare, page
from services.members.engagement.activities.models import Activity, ActivityVoid
from services.members.trust.employers.store import not_own_staff
from shared.db.hot import hot

_add = hot(sa.insert(Activity))


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which activities are wanted; None where it does not matter."""

    person: str | None = None
    kind: str | None = None


def add(session: Session, movement: str, activities: Sequence[Activity]) -> None:
    """Insert activities at once: the ladder counts them within the same transaction."""
    _add.many(session, [bare(activity) | {"movement": movement} for activity in activities])


def find(session: Session, movement: str, activity: str) -> Activity | None:
    """An activity, voided or not."""
    return session.get(Activity, (movement, activity))


def find_for_change(session: Session, movement: str, activity: str) -> Activity | None:
    """An activity, locked until the transaction ends."""
    return session.get(Activity, (movement, activity), with_for_update=True)


def void_of(session: Session, movement: str, activity: str) -> ActivityVoid | None:
    """Why an activity was voided."""
    return session.get(ActivityVoid, (movement, activity))


def list_activities(session: Session, movement: str, *, chosen: Chosen, after: After, limit: int) -> Sequence[Activity]:
    """Activities in the order of their recording, those after ``after`` first."""
    query = sa.select(Activity).where(Activity.movement == movement, *not_own_staff(session, movement, Activity.person))
    if chosen.person is not None:
        query = query.where(Activity.person == chosen.person)
    if chosen.kind is not None:
        query = query.where(Activity.kind == chosen.kind)
    return session.scalars(page(query, Activity.id, after, limit)).all()


def counted_with(session: Session, movement: str, counterpart: str, kind: str) -> Sequence[str]:
    """The ids of activities of a kind that count, whoever did them with this person."""
    query = sa.select(Activity.id).where(
        Activity.movement == movement,
        Activity.kind == kind,
        Activity.counterpart == counterpart,
        Activity.voided_at.is_(None),
    )
    return session.scalars(query).all()
