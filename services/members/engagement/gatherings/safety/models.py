"""Tables of safety: the plan, emergency contacts, incidents with what followed, and permissions for pictures."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import HOLDS_PERSON, Base
from services.members.directory.people.models import of_person
from services.members.engagement.gatherings.models import of_gathering
from services.members.engagement.gatherings.slots.models import of_slot
from services.members.erasing import EMPTIED, GOES, sealed_words


class IncidentKind(StrEnum):
    """Whether somebody came to harm, or nearly did."""

    INCIDENT = "incident"
    NEAR_MISS = "near_miss"


class Use(StrEnum):
    """What a picture of somebody is used for."""

    INTERNAL = "internal"
    WEBSITE = "website"
    SOCIAL_MEDIA = "social_media"
    PRINT = "print"
    PRESS = "press"


class SafetyPlan(Base):
    """Who leads a gathering and who steps in, and one page about what could go wrong."""

    __tablename__ = "safety_plans"
    __table_args__ = (of_gathering(),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    gathering: Mapped[str] = mapped_column(primary_key=True)
    leader: Mapped[str | None] = mapped_column(info=HOLDS_PERSON | EMPTIED)
    deputy: Mapped[str | None] = mapped_column(info=HOLDS_PERSON | EMPTIED)
    risk_note: Mapped[str | None]
    version: Mapped[int]
    updated_at: Mapped[datetime]


def place_of(movement: str, id_: str) -> bytes:
    """What a ciphertext is bound to, so that it cannot be moved to another row."""
    return f"{movement} {id_}".encode()


class EmergencyContact(Base):
    """Whom to call for somebody who comes to a slot, sealed; deleted once the slot is over."""

    __tablename__ = "emergency_contacts"
    __table_args__ = (
        of_person(erased=GOES),
        of_slot(),
        sa.Index("emergency_contacts_by_slot", "movement", "slot", "id"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    slot: Mapped[str]
    person: Mapped[str]
    sealed: Mapped[bytes] = mapped_column(info=sealed_words(place_of, goes=True))
    created_at: Mapped[datetime]


class Incident(Base):
    """What went wrong or nearly did, sealed, for it may say who was hurt and how. It is open until it is closed."""

    __tablename__ = "incidents"
    __table_args__ = (of_gathering(), sa.Index("incidents_by_gathering", "movement", "gathering", "id"))

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    gathering: Mapped[str]
    kind: Mapped[str]
    happened_at: Mapped[datetime]
    sealed: Mapped[bytes] = mapped_column(info=sealed_words(place_of))
    reported_by: Mapped[str]
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class FollowUp(Base):
    """What was done about an incident, sealed. It is only ever added to."""

    __tablename__ = "incident_follow_ups"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "incident"], ["incidents.movement", "incidents.id"]),
        sa.Index("incident_follow_ups_by_incident", "movement", "incident", "id"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    incident: Mapped[str]
    sealed: Mapped[bytes] = mapped_column(info=sealed_words(place_of))
    by: Mapped[str]
    at: Mapped[datetime]


class PicturePermission(Base):
    """Whether a person may be pictured at a gathering for one use. Append-only: the latest decision holds."""

    __tablename__ = "picture_permissions"
    __table_args__ = (
        of_person(erased=GOES),
        of_gathering(),
        sa.Index("picture_permissions_by_gathering", "movement", "gathering", "person", "use", "id"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    gathering: Mapped[str]
    person: Mapped[str]
    use: Mapped[str]
    allowed: Mapped[bool]
    authority: Mapped[str]
    decided_at: Mapped[datetime]
