"""The table of permissions."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import Base
from services.members.directory.people.models import of_person
from services.members.erasing import GOES


class Channel(StrEnum):
    """A way of using somebody's data, allowed or refused by itself.

    The first five are how somebody is reached. Publication reaches nobody: it is for what is shown of somebody to
    everybody, such as a skill on the asset map. Sharing hands data on to another organisation or a tool of its own: an
    export, a CRM. Record is what those see who do the movement's own work.
    """

    EMAIL = "email"
    SMS = "sms"
    PHONE = "phone"
    POST = "post"
    IN_PERSON = "in_person"
    PUBLICATION = "publication"
    SHARING = "sharing"
    RECORD = "record"


class Decision(StrEnum):
    """What somebody decided about a purpose and a channel."""

    GIVEN = "given"
    REFUSED = "refused"


class Reason(StrEnum):
    """Why something is permitted (the first two), or is not."""

    GIVEN = "given"
    LAWFUL = "lawful_without_consent"
    NEVER_GIVEN = "never_given"
    REFUSED = "refused"
    STOPPED = "stopped"
    RETIRED = "purpose_retired"
    RESTRICTED = "restricted"
    OBJECTED = "objected"
    CHILD = "child"
    PROTECTED = "protected"

    @property
    def permits(self) -> bool:
        """Whether this is a reason for it."""
        return self in (Reason.GIVEN, Reason.LAWFUL)


class Permission(Base):
    """A decision about one purpose over one channel, under the notice that was shown. Append-only: the latest holds."""

    __tablename__ = "permissions"
    __table_args__ = (
        of_person(erased=GOES),
        sa.Index("permissions_by_person", "movement", "person", "purpose", "channel"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str]
    purpose: Mapped[str]
    channel: Mapped[str]
    decision: Mapped[str]
    notice: Mapped[str | None]
    notice_version: Mapped[str | None]
    notice_language: Mapped[str | None]
    decided_at: Mapped[datetime]


class Stop(Base):
    """That somebody said stop: from then on nothing reaches them and nothing of theirs is handed on or published, until
    they say yes to something by itself. Append-only."""

    __tablename__ = "stops"
    __table_args__ = (of_person(erased=GOES), sa.Index("stops_by_person", "movement", "person", "stopped_at"))

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str]
    stopped_at: Mapped[datetime]
    recorded_by: Mapped[str]
