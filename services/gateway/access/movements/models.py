"""The movement: a tenant, the wall between data."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from services.gateway.base import Base


class Movement(Base):
    """A movement. Its time zone is where days and due dates are reckoned. ``version`` counts its edits, from 1."""

    __tablename__ = "movement"

    id: Mapped[str] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    time_zone: Mapped[str]
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def edit(self, at: datetime, *, name: str | None, time_zone: str | None) -> bool:
        """Take what is given; whether anything differs from before."""
        after = name or self.name, time_zone or self.time_zone
        if after == (self.name, self.time_zone):
            return False
        self.name, self.time_zone = after
        self.version += 1
        self.updated_at = at
        return True
