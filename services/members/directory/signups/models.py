"""Tables of what a sign-up makes besides the person: a membership, and permissions that are only ever added to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import Base
from services.members.directory.people.models import of_person


class Channel(StrEnum):
    """How somebody is reached: electronic marketing is allowed or refused for each by itself."""

    EMAIL = "email"
    SMS = "sms"
    PHONE = "phone"
    POST = "post"
    IN_PERSON = "in_person"


class Decision(StrEnum):
    """What somebody decided about a purpose and a channel."""

    GIVEN = "given"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class SignedUp:
    """What a sign-up made; ``new`` is False where the same sign-up had made it before."""

    person: str
    membership: str
    rung: str | None
    permissions: Sequence[str]
    pledge: str | None
    new: bool


class Membership(Base):
    """A person's place in a movement.

    ``rung`` is where they stand and ``computed_rung`` what their activities last computed to; both are None for
    somebody under 16. ``said`` is a digest of the sign-up, by which the same one is told from one that differs.
    """

    __tablename__ = "memberships"
    __table_args__ = (
        of_person(),
        sa.UniqueConstraint("movement", "person"),
        sa.Index("memberships_by_rung", "movement", "rung", "computed_rung", "person"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str]
    state: Mapped[str]
    rung: Mapped[str | None]
    computed_rung: Mapped[str | None]
    brought_by: Mapped[str | None]
    said: Mapped[bytes]
    joined_at: Mapped[datetime]


class Permission(Base):
    """A decision about one purpose over one channel, under the notice that was shown. Append-only: the latest holds."""

    __tablename__ = "permissions"
    __table_args__ = (of_person(), sa.Index("permissions_by_person", "movement", "person", "purpose", "channel"))

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
