"""The tables of support contacts and of their log."""

from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.grants.base import Base
from services.grants.people.models import HOLDS_PERSON
from shared.errors import Conflict


class Way(StrEnum):
    """How somebody was in touch."""

    CALL = "call"
    VISIT = "visit"
    MESSAGE = "message"
    MEETING = "meeting"


class ContactEnded(Conflict):
    """Nobody walks beside the group by this contact any more."""

    code, title = "contact_ended", "The contact has ended"


class SupportContact(Base):
    """Who walks beside the group of an application, from before its award to after its report."""

    __tablename__ = "support_contacts"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "application_id"], ["applications.movement", "applications.id"]),
        sa.Index("support_contacts_by_application", "movement", "application_id", "id"),
        sa.Index("support_contacts_by_person", "movement", "person"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    application_id: Mapped[str]
    # Erasing them leaves an id that means nobody: that there was somebody stays.
    person: Mapped[str] = mapped_column(info=HOLDS_PERSON)
    since: Mapped[date]
    ended_on: Mapped[date | None]
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def changed(self, at: datetime) -> None:
        """Note that something about it changed."""
        self.version += 1
        self.updated_at = at


class Shown(NamedTuple):
    """A contact, and the id that answers now for who it is."""

    contact: SupportContact
    person: str


class SupportNote(Base):
    """That they were in touch, on which day and how. ``words`` and ``next_step`` are somebody's own: what is erased of
    a person goes out of them, and ``user`` is who wrote them."""

    __tablename__ = "support_notes"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "contact_id"], ["support_contacts.movement", "support_contacts.id"]),
        sa.Index("support_notes_by_contact", "movement", "contact_id", "id"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    contact_id: Mapped[str]
    way: Mapped[str]
    on_day: Mapped[date]
    words: Mapped[str | None]
    next_step: Mapped[str | None]
    next_on: Mapped[date | None]
    user: Mapped[str | None]
    created_at: Mapped[datetime]
