"""The table of the movements' time zones, a projection of the gateway's events."""

from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import Base


class MovementZone(Base):
    """The IANA time zone that a movement reckons its days in, as the gateway last announced it."""

    __tablename__ = "movement_zones"

    movement: Mapped[str] = mapped_column(primary_key=True)
    time_zone: Mapped[str]
