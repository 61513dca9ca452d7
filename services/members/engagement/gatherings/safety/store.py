"""Every SQL statement about safety and pictures."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After, Base, page
from services.members.engagement.gatherings.safety.models import (
    EmergencyContact,
    FollowUp,
    Incident,
    PicturePermission,
    SafetyPlan,
)
from services.members.engagement.gatherings.slots.models import Slot
from services.members.trust.employers.store import not_own_staff


def add(session: Session, rows: Iterable[Base]) -> None:
    """Insert rows."""
    session.add_all(rows)
    session.flush()


def plan(session: Session, movement: str, gathering: str, *, lock: bool = False) -> SafetyPlan | None:
    """A gathering's plan, locked (PostgreSQL) where it is to be changed."""
    return session.get(SafetyPlan, (movement, gathering), with_for_update=lock or None)


def contacts(session: Session, movement: str, gathering: str) -> Sequence[EmergencyContact]:
    """Whom to call for those who come to a gathering."""
    slots = sa.select(Slot.id).where(Slot.movement == movement, Slot.gathering == gathering)
    query = sa.select(EmergencyContact).where(EmergencyContact.movement == movement, EmergencyContact.slot.in_(slots))
    return session.scalars(query.order_by(EmergencyContact.id)).all()


def delete_contacts(session: Session, ended_before: datetime, limit: int) -> int:
    """Delete the contacts of slots that ended before a moment, some at a time; how many those were."""
    key = (EmergencyContact.movement, EmergencyContact.id)
    over = (
        sa.select(*key)
        .join(Slot, (Slot.movement == EmergencyContact.movement) & (Slot.id == EmergencyContact.slot))
        .where(Slot.ends_at < ended_before)
        .limit(limit)
    )
    doomed = [(movement, id_) for movement, id_ in session.execute(over)]
    for movement, id_ in doomed:
        session.execute(
            sa.delete(EmergencyContact).where(EmergencyContact.movement == movement, EmergencyContact.id == id_)
        )
    return len(doomed)


def incident(session: Session, movement: str, incident: str, *, lock: bool = False) -> Incident | None:
    """One incident, locked (PostgreSQL) where it is to be changed."""
    return session.get(Incident, (movement, incident), with_for_update=lock or None)


def incidents(
    session: Session, movement: str, *, gathering: str | None, open_only: bool, after: After, limit: int
) -> Sequence[Incident]:
    """Incidents in the order in which they were reported."""
    query = sa.select(Incident).where(Incident.movement == movement)
    if gathering is not None:
        query = query.where(Incident.gathering == gathering)
    if open_only:
        query = query.where(Incident.closed_at.is_(None))
    return session.scalars(page(query, Incident.id, after, limit)).all()


def follow_ups(session: Session, movement: str, incidents: Iterable[str]) -> Sequence[FollowUp]:
    """What was done about incidents, the first thing first."""
    query = sa.select(FollowUp).where(FollowUp.movement == movement, FollowUp.incident.in_(sorted(incidents)))
    return session.scalars(query.order_by(FollowUp.at, FollowUp.id)).all()


def picture_permissions(session: Session, movement: str, gathering: str) -> Sequence[PicturePermission]:
    """Every decision about pictures at a gathering, for each person and use the latest first."""
    query = sa.select(PicturePermission).where(
        PicturePermission.movement == movement,
        PicturePermission.gathering == gathering,
        *not_own_staff(session, movement, PicturePermission.person),
    )
    person, use = PicturePermission.person, PicturePermission.use
    return session.scalars(
        query.order_by(person, use, PicturePermission.decided_at.desc(), PicturePermission.id.desc())
    ).all()
