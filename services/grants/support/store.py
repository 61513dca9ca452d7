"""Every SQL statement about support contacts."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.grants.base import locked
from services.grants.support.models import SupportContact, SupportNote


def find(session: Session, movement: str, contact: str) -> SupportContact | None:
    """One contact."""
    return session.get(SupportContact, (movement, contact))


def for_change(session: Session, movement: str, contact: str) -> SupportContact | None:
    """The contact as it is now, locked until the transaction ends."""
    query = sa.select(SupportContact).where(SupportContact.movement == movement, SupportContact.id == contact)
    return locked(session, query)


def page(
    session: Session,
    movement: str,
    *,
    application_id: str | None,
    people: Collection[str] | None,
    after: str,
    limit: int,
) -> Sequence[SupportContact]:
    """Contacts by id, behind the one named ``after``."""
    query = sa.select(SupportContact).where(SupportContact.movement == movement, SupportContact.id > after)
    if application_id is not None:
        query = query.where(SupportContact.application_id == application_id)
    if people is not None:
        query = query.where(SupportContact.person.in_(people))
    return session.scalars(query.order_by(SupportContact.id).limit(limit)).all()


def notes(session: Session, movement: str, contact: str, *, after: str, limit: int) -> Sequence[SupportNote]:
    """The log of a contact by id, behind the note named ``after``."""
    query = sa.select(SupportNote).where(SupportNote.movement == movement, SupportNote.contact_id == contact)
    return session.scalars(query.where(SupportNote.id > after).order_by(SupportNote.id).limit(limit)).all()
