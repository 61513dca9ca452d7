"""The table of licences: which movement may use an instrument that needs one."""

from datetime import date, datetime

from sqlalchemy.orm import Mapped, mapped_column

from services.measures.base import Base


class Licence(Base):
    """That a movement may use an instrument, from one ISO day to another, both included (None: without an end)."""

    __tablename__ = "instrument_licences"

    movement: Mapped[str] = mapped_column(primary_key=True)
    instrument: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    reference: Mapped[str]
    valid_from: Mapped[str]
    valid_until: Mapped[str | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def covers(self, day: date) -> bool:
        """Whether it holds on that day."""
        return self.valid_from <= day.isoformat() <= (self.valid_until or date.max.isoformat())
