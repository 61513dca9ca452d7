"""The table of permissions."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import Base
from services.members.directory.people.models import of_person
from services.members.erasing import GOES


class Channel(StrEnum):
    """How somebody is reached: electronic marketing is allowed or refused for each by itself.

    Publication reaches nobody: it is for what is shown of somebody to everybody, such as a skill on the asset map.
    """

    EMAIL = "email"
    SMS = "sms"
    PHONE = "phone"
    POST = "post"
    IN_PERSON = "in_person"
    PUBLICATION = "publication"


class Decision(StrEnum):
    """What somebody decided about a purpose and a channel."""

    GIVEN = "given"
    REFUSED = "refused"


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
