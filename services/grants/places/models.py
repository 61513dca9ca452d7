"""The table of places that rules and applications name: a ward lies in its district, and meets what is for that."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.grants.base import Base


class NamedPlace(Base):
    """A place by its GSS code, and the areas that it lies in, from the nearest to the whole; empty until it was learnt.

    ``due_at`` is when measures is asked, for the first time or again: boundaries change.
    """

    __tablename__ = "named_places"
    __table_args__ = (sa.Index("named_places_due", "due_at"),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    within: Mapped[list[str]] = mapped_column(sa.JSON)
    due_at: Mapped[datetime]
