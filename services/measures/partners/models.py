"""The tables of organisations and time zones: projections of what members and the gateway announce."""

from sqlalchemy.orm import Mapped, mapped_column

from services.measures.base import Base


class Partner(Base):
    """An organisation of the movement. `into` answers for it where the two turned out to be one; `over` where it ended.

    Nothing of it is repointed when it is merged: whatever names it is read by the id that answers now, and so a merger
    that is undone is undone here too.
    """

    __tablename__ = "partners"

    movement: Mapped[str] = mapped_column(primary_key=True)
    organisation: Mapped[str] = mapped_column(primary_key=True)
    into: Mapped[str | None]
    over: Mapped[bool]


class MovementZone(Base):
    """The IANA time zone that a movement reckons its days in."""

    __tablename__ = "movement_zones"

    movement: Mapped[str] = mapped_column(primary_key=True)
    time_zone: Mapped[str]
