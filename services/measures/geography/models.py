"""The tables of hierarchies and of changes. Like places they are without a movement: all speak of the same."""

from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from sqlalchemy.orm import Mapped, mapped_column

from services.measures.base import Base
from services.measures.places.crosswalk import Step
from services.measures.places.models import Span

ALWAYS = ""
"""The first day of what holds since nobody knows when: a part of a key, and before every ISO day."""


class ChangeKind(StrEnum):
    """What happened to a place."""

    MERGED = "merged"
    SPLIT = "split"
    RENAMED = "renamed"
    BOUNDARY = "boundary"


class PlaceParent(Base):
    """In which place another one lies, in one hierarchy and during some days, both included."""

    __tablename__ = "place_parents"

    place: Mapped[str] = mapped_column(primary_key=True)
    hierarchy: Mapped[str] = mapped_column(primary_key=True)
    valid_from: Mapped[str] = mapped_column(primary_key=True)
    parent: Mapped[str] = mapped_column(index=True)
    valid_to: Mapped[str | None]


class PlaceChange(Base):
    """On a day so much of one place became part of another. `weight` is an exact fraction, such as `1/3`.

    `basis` is what it is a share of: people, addresses, hectares. The weights of a place on a day sum to exactly 1.
    """

    __tablename__ = "place_changes"

    place: Mapped[str] = mapped_column(primary_key=True)
    on: Mapped[str] = mapped_column(primary_key=True)
    to: Mapped[str] = mapped_column(primary_key=True, index=True)
    kind: Mapped[str]
    weight: Mapped[str]
    basis: Mapped[str]
    source: Mapped[str]


class ParentRow(NamedTuple):
    """A place in a hierarchy as a plain row, its columns in the table's order."""

    place: str
    hierarchy: str
    valid_from: str
    parent: str
    valid_to: str | None

    @property
    def span(self) -> Span:
        """The days on which it lies there."""
        return Span(
            date.fromisoformat(self.valid_from) if self.valid_from else None,
            date.fromisoformat(self.valid_to) if self.valid_to else None,
        )


class ChangeRow(NamedTuple):
    """A change as a plain row, its columns in the table's order."""

    place: str
    on: str
    to: str
    kind: str
    weight: str
    basis: str
    source: str

    @property
    def step(self) -> Step:
        """The same, as a crosswalk takes it."""
        return Step(date.fromisoformat(self.on), self.place, self.to, Fraction(self.weight))
