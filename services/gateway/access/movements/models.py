"""The movement: a tenant, the wall between data."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from services.gateway.base import Base


class Movement(Base):
    """A movement. Its time zone is where days and due dates are reckoned."""

    __tablename__ = "movement"

    id: Mapped[str] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    time_zone: Mapped[str]
    created_at: Mapped[datetime]
