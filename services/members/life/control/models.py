"""The table of moves of control."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import Base
from services.members.directory.organisations.models import of_organisation
from shared.errors import Conflict


class ControlOf(StrEnum):
    """What control is of."""

    BUDGET = "budget"
    BUILDING = "building"
    SEAT = "seat"
    STRATEGY = "strategy"
    SERVICE = "service"


class TakenBackAlready(Conflict):
    """What was taken back is not taken back again; it may be moved anew."""

    code = "taken_back_already"
    title = "It was taken back already"


class ControlMove(Base):
    """A move of control from ``since`` on, until the day from which it was taken back.

    Either side is an organisation, or somebody else in words: the residents of a street. ``pence`` is what a budget is
    worth in its currency's minor unit.
    """

    __tablename__ = "control_moves"
    __table_args__ = (
        of_organisation("from_organisation"),
        of_organisation("to_organisation"),
        sa.CheckConstraint("(from_organisation IS NULL) <> (from_words IS NULL)", name="control_moves_from_one"),
        sa.CheckConstraint("(to_organisation IS NULL) <> (to_words IS NULL)", name="control_moves_to_one"),
        sa.CheckConstraint("(pence IS NULL) = (currency IS NULL)", name="control_moves_in_a_currency"),
        sa.CheckConstraint("taken_back_on IS NULL OR taken_back_on > since", name="control_moves_in_order"),
        sa.Index("control_moves_from", "movement", "from_organisation"),
        sa.Index("control_moves_to", "movement", "to_organisation"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    kind: Mapped[str]
    what: Mapped[str]
    from_organisation: Mapped[str | None]
    from_words: Mapped[str | None]
    to_organisation: Mapped[str | None]
    to_words: Mapped[str | None]
    since: Mapped[date]
    pence: Mapped[int | None]
    currency: Mapped[str | None]
    evidence: Mapped[str | None]
    taken_back_on: Mapped[date | None]
    taken_back_why: Mapped[str | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def take_back(self, on: date, why: str, at: datetime) -> None:
        """Note from which day on it is no longer so. Raises TakenBackAlready."""
        if self.taken_back_on is not None:
            raise TakenBackAlready(f"on {self.taken_back_on}")
        self.taken_back_on, self.taken_back_why = on, why
        self.changed(at)

    def changed(self, at: datetime) -> None:
        """Note that something about it changed."""
        self.version += 1
        self.updated_at = at
