"""The projection's table, and its copy for a rebuild: one running total a figure, for each movement."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from services.gateway.base import Base


class _Counted:
    """How many people, awards or pence the events have announced so far, and when the last of them happened."""

    movement: Mapped[str] = mapped_column(primary_key=True)
    figure: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int]
    as_of: Mapped[datetime]


class Total(_Counted, Base):
    """A total as it is read."""

    __tablename__ = "overview_total"


class CopiedTotal(_Counted, Base):
    """A total that a rebuild has come to so far; nobody reads it."""

    __tablename__ = "overview_total_copy"
