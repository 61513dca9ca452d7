"""The feed's tables: the events of a movement by position, and the head that hands the positions out."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.gateway.base import Base


class FeedHead(Base):
    """The last position given out in a movement. Its row is locked until commit: position order is commit order."""

    __tablename__ = "feed_head"

    movement: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]


class FeedItem(Base):
    """One event of a movement, as it came off the log. Never changed, never deleted: nothing identifying is in it."""

    __tablename__ = "feed_item"

    movement: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[str]
    type: Mapped[str]
    service: Mapped[str]
    key: Mapped[str]
    sequence: Mapped[int]
    actor: Mapped[str]
    causation: Mapped[str | None]
    origin: Mapped[str | None]
    traceparent: Mapped[str | None]
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    payload: Mapped[bytes]

    __table_args__ = (
        # One seek finds the event of a type that came before another of the same key: `previous_sequence`.
        sa.Index("feed_item_of_key", "movement", "service", "key", "type", "sequence", unique=True),
        {"sqlite_with_rowid": False},
    )
