"""Every SQL statement about organisations and time zones."""

from collections.abc import Collection, Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.measures.partners.models import MovementZone, Partner


def find(session: Session, movement: str, organisation: str) -> Partner | None:
    """What is kept of an organisation, or None."""
    return session.get(Partner, (movement, organisation))


def keep(session: Session, movement: str, organisation: str) -> Partner:
    """The row of an organisation, which is entered where it is not known yet."""
    found = find(session, movement, organisation)
    if found is None:
        found = Partner(movement=movement, organisation=organisation, into=None, over=False)
        session.add(found)
    return found


def merged_into(session: Session, movement: str, organisations: Collection[str]) -> set[str]:
    """The organisations for which one of these answers, at first hand."""
    query = sa.select(Partner.organisation).where(Partner.movement == movement, Partner.into.in_(organisations))
    return set(session.scalars(query))


def answered_for(session: Session, movement: str) -> Mapping[str, str]:
    """The organisations of a movement for which others answer, each with which."""
    query = sa.select(Partner.organisation, Partner.into).where(Partner.movement == movement, Partner.into.is_not(None))
    return {organisation: into for organisation, into in session.execute(query) if into is not None}


def keep_zone(session: Session, movement: str, time_zone: str) -> None:
    """Store the movement's zone, in place of the one before."""
    session.merge(MovementZone(movement=movement, time_zone=time_zone))


def zone(session: Session, movement: str) -> str | None:
    """The movement's zone; None where the gateway's announcement has not come yet."""
    found = session.get(MovementZone, movement)
    return None if found is None else found.time_zone
