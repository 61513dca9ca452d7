"""API keys: a key with no movement is a platform key, and names the movement in each request."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.gateway.base import Base


class ApiKey(Base):
    """A key of a partner app, a CRM or the platform.

    ``scopes`` and ``addresses`` are text, separated by spaces, so that one read does. Of the token before the last
    rotation ``previous_digest`` is what is kept, and it is good until ``previous_until``: at most two are.
    """

    __tablename__ = "api_key"
    __table_args__ = (
        sa.Index("api_key_of_movement", "movement", "id"),
        sa.Index("api_key_previous", "previous_digest", unique=True),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    movement: Mapped[str | None] = mapped_column(sa.ForeignKey("movement.id"))
    name: Mapped[str]
    digest: Mapped[str] = mapped_column(unique=True)
    previous_digest: Mapped[str | None]
    previous_until: Mapped[datetime | None]
    scopes: Mapped[str]
    addresses: Mapped[str] = mapped_column(default="")
    per_minute: Mapped[int | None]
    per_day: Mapped[int | None]
    organisation: Mapped[str | None]
    purpose: Mapped[str | None]
    created_by: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]

    def revoke(self, at: datetime) -> None:
        """Refuse the key from now on; a second time changes nothing."""
        self.revoked_at = self.revoked_at or at

    def rotate(self, digest: str, at: datetime, overlap: timedelta) -> None:
        """Take another token; the one before it stays good for as long as the overlap, and no earlier one does."""
        self.previous_digest, self.previous_until = self.digest, at + overlap
        self.digest = digest
