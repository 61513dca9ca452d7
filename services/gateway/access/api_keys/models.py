"""API keys: a key with no movement is a platform key, and names the movement in each request."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.gateway.base import Base


class ApiKey(Base):
    """A key of a partner app, a CRM or the platform. ``scopes`` is text, separated by spaces, so that one read does."""

    __tablename__ = "api_key"
    __table_args__ = (sa.Index("api_key_of_movement", "movement", "id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    movement: Mapped[str | None] = mapped_column(sa.ForeignKey("movement.id"))
    name: Mapped[str]
    digest: Mapped[str] = mapped_column(unique=True)
    scopes: Mapped[str]
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
