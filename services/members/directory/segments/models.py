"""The table of segments."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import Base


class Segment(Base):
    """A question about people that is kept: a name, and the filter that it was given as. It holds no people."""

    __tablename__ = "segments"

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    description: Mapped[str | None]
    filter: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def changed(self, at: datetime) -> None:
        """Go on to the next version."""
        self.version, self.updated_at = self.version + 1, at
