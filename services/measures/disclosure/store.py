"""Every SQL statement about disclosure profiles."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.measures.disclosure.models import DisclosureProfile


def add(session: Session, profile: DisclosureProfile) -> None:
    """Enter a version."""
    session.add(profile)
    session.flush()


def find(session: Session, movement: str, key: str, number: int) -> DisclosureProfile | None:
    """One version, or None."""
    return session.get(DisclosureProfile, (movement, key, number))


def newest(session: Session, movement: str, key: str) -> DisclosureProfile | None:
    """The newest version that the movement entered under a key, or None."""
    query = sa.select(DisclosureProfile).where(DisclosureProfile.movement == movement, DisclosureProfile.key == key)
    return session.scalars(query.order_by(DisclosureProfile.number.desc()).limit(1)).first()


def every(session: Session, movement: str) -> Sequence[DisclosureProfile]:
    """All versions that the movement entered, by key and number."""
    query = sa.select(DisclosureProfile).where(DisclosureProfile.movement == movement)
    return session.scalars(query.order_by(DisclosureProfile.key, DisclosureProfile.number)).all()
