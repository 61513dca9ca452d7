"""The projection's table: one running total a figure, for each movement."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from services.gateway.base import Base


class Total(Base):
    """How many people, awards or pence the events have announced so far, and when the last of them happened."""

    __tablename__ = "overview_total"

    movement: Mapped[str] = mapped_column(primary_key=True)
    figure: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int]
    as_of: Mapped[datetime]
