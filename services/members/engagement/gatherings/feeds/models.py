"""Tables of the feeds: the secret addresses of calendars, and what the open feed of sessions has listed."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import HOLDS_PERSON, Base
from services.members.erasing import GOES


class CalendarFeed(Base):
    """An address under which a calendar is read: of all that the movement published, or of what a person booked.

    ``digest`` is all that is kept of the secret in the address.
    """

    __tablename__ = "calendar_feeds"
    __table_args__ = (
        sa.UniqueConstraint("movement", "digest"),
        sa.Index("calendar_feeds_by_person", "movement", "person"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[bytes]
    label: Mapped[str | None]
    person: Mapped[str | None] = mapped_column(info=HOLDS_PERSON | GOES)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class ListedSession(Base):
    """A slot that the open feed lists, or once did. ``modified`` is in milliseconds; no two of a movement share one.

    It is taken from the movement's `ListingHead`, which stays locked until the commit: so whoever follows the feed
    misses no slot whose transaction ended late.
    """

    __tablename__ = "listed_sessions"
    __table_args__ = (sa.UniqueConstraint("movement", "modified"),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    slot: Mapped[str] = mapped_column(primary_key=True)
    modified: Mapped[int]
    live: Mapped[bool]


class ListingHead(Base):
    """The last ``modified`` that a movement's open feed has given."""

    __tablename__ = "listing_heads"

    movement: Mapped[str] = mapped_column(primary_key=True)
    modified: Mapped[int]
