"""The table of places. The one table of the service without a movement: every movement speaks of the same places."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.measures.base import Base


class Place(Base):
    """An area by its GSS code. `valid_from` and `valid_to` are ISO days, both included; None where not known."""

    __tablename__ = "places"
    __table_args__ = (sa.Index("places_kind", "kind", "code"), sa.Index("places_parent", "parent"))

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[str]
    parent: Mapped[str | None]
    valid_from: Mapped[str | None]
    valid_to: Mapped[str | None]


class PlaceRow(NamedTuple):
    """A place as a plain row, its columns in the table's order."""

    code: str
    name: str
    kind: str
    parent: str | None
    valid_from: str | None
    valid_to: str | None

    @property
    def span(self) -> "Span":
        """The days on which the place exists."""
        return Span(
            date.fromisoformat(self.valid_from) if self.valid_from else None,
            date.fromisoformat(self.valid_to) if self.valid_to else None,
        )


@dataclass(frozen=True, slots=True)
class Span:
    """The days on which a place exists, both ends included; None is open."""

    valid_from: date | None
    valid_to: date | None

    def began_by(self, day: date) -> bool:
        """Whether the place existed already by the end of that day."""
        return self.valid_from is None or self.valid_from <= day

    def holds_on(self, day: date) -> bool:
        """Whether the place exists on that day."""
        return self.began_by(day) and not self.ended_before(day)

    def ended_before(self, day: date) -> bool:
        """Whether the place had been abolished before that day."""
        return self.valid_to is not None and self.valid_to < day
