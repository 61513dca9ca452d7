"""Every SQL statement about the contact log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After, page
from services.members.life.contact_log.models import Contact, ContactKind, StepState
from services.members.trust.employers.store import not_own_staff
from services.members.trust.permissions.verdicts import permitting
from services.members.trust.purposes.standard import ADMINISTRATION
from shared import clock


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which contacts are wanted; None where it does not matter. ``due_by`` asks for next steps that are open then."""

    person: str | None = None
    organisation: str | None = None
    by: str | None = None
    kind: ContactKind | None = None
    due_by: date | None = None
    updated_since: datetime | None = None


def add(session: Session, contact: Contact) -> None:
    """Insert a contact."""
    session.add(contact)
    session.flush()


def find(session: Session, movement: str, contact: str, *, locked: bool = False) -> Contact | None:
    """One contact, unless it is with the caller's own staff; perhaps locked until the transaction ends."""
    query = sa.select(Contact).where(
        Contact.movement == movement, Contact.id == contact, *not_own_staff(session, movement, Contact.person)
    )
    return session.scalar(query.with_for_update() if locked else query)


def open_steps_of(session: Session, movement: str, person: str) -> Sequence[Contact]:
    """Contacts with somebody that something is still to follow, locked."""
    query = sa.select(Contact).where(
        Contact.movement == movement, Contact.person == person, Contact.step_state == StepState.OPEN
    )
    return session.scalars(query.with_for_update()).all()


def list_contacts(session: Session, movement: str, *, chosen: Chosen, after: After, limit: int) -> Sequence[Contact]:
    """Contacts in the order in which they were written down, those after ``after`` first."""
    query = sa.select(Contact).where(Contact.movement == movement, *not_own_staff(session, movement, Contact.person))
    for column, wanted in (
        (Contact.person, chosen.person),
        (Contact.organisation, chosen.organisation),
        (Contact.contacted_by, chosen.by),
        (Contact.kind, chosen.kind),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    if chosen.due_by is not None:
        due = query.where(Contact.step_state == StepState.OPEN, Contact.step_due_on <= chosen.due_by)
        query = due.where(_may_be_taken(session, movement))
    if chosen.updated_since is not None:
        query = query.where(Contact.updated_at >= chosen.updated_since)
    return session.scalars(page(query, Contact.id, after, limit)).all()


def _may_be_taken(session: Session, movement: str) -> sa.ColumnElement[bool]:
    """That whoever is to be called, visited or written to permits it now."""
    at = clock.now()
    ways = [
        sa.and_(
            Contact.step_kind == kind,
            permitting(session, movement, Contact.person, ADMINISTRATION, kind.channel, at),
        )
        for kind in ContactKind
    ]
    return sa.or_(Contact.person.is_(None), *ways)
