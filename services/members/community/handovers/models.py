"""Tables of moving on: the handover, and a line for each relationship that whoever left had held."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import HOLDS_PERSON, Base
from services.members.erasing import EMPTIED
from shared.lifecycle import Lifecycle


class HandoverState(StrEnum):
    """Open while one of its relationships is not settled, or while it is not known who left."""

    OPEN = "open"
    CLOSED = "closed"


class ItemState(StrEnum):
    """How far a relationship has come: settled are the last two."""

    IN_CARE = "in_care"
    ASKED = "asked"
    ACCEPTED = "accepted"
    INTRODUCED = "introduced"
    ENDED = "ended"


SETTLED = (ItemState.INTRODUCED, ItemState.ENDED)


class How(StrEnum):
    """How a successor was introduced to whom the relationship is with."""

    TOGETHER = "together"
    CALL = "call"
    LETTER = "letter"


_ITEMS: Lifecycle[ItemState] = Lifecycle(
    "a relationship on this list",
    {
        ItemState.IN_CARE: {ItemState.ASKED, ItemState.ENDED},
        ItemState.ASKED: {ItemState.IN_CARE, ItemState.ACCEPTED, ItemState.ENDED},
        ItemState.ACCEPTED: {ItemState.IN_CARE, ItemState.INTRODUCED, ItemState.ENDED},
    },
)


class Handover(Base):
    """Somebody left, and this is what becomes of what they held.

    ``person`` is None while it is not known who among the movement's people left, ``caretaker`` while there is nobody
    who looks after it. Neither keeps a handover from being taken: nothing may be lost for the want of a name.
    """

    __tablename__ = "handovers"
    __table_args__ = (sa.Index("handovers_by_state", "movement", "state", "due_on"),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str | None] = mapped_column(info=HOLDS_PERSON | EMPTIED)
    caretaker: Mapped[str | None] = mapped_column(info=HOLDS_PERSON | EMPTIED)
    reason: Mapped[str]
    leaving_on: Mapped[date]
    due_on: Mapped[date]
    state: Mapped[str]
    person_needed: Mapped[bool]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    version: Mapped[int]

    def close(self, at: datetime) -> None:
        """Everything is settled."""
        self.state, self.closed_at = HandoverState.CLOSED, at

    def changed(self, at: datetime) -> None:
        """Count an edit."""
        self.updated_at, self.version = at, self.version + 1


class HandoverItem(Base):
    """One relationship of a leaver.

    ``was`` is the leaver's stewardship, ``care`` the caretaker's (None while nobody looks after it), ``offer`` that of
    the successor who is asked or has accepted.
    """

    __tablename__ = "handover_items"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "handover"], ["handovers.movement", "handovers.id"]),
        sa.ForeignKeyConstraint(["movement", "was"], ["stewardships.movement", "stewardships.id"]),
        sa.Index("handover_items_by_handover", "movement", "handover", "id"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    handover: Mapped[str]
    was: Mapped[str]
    care: Mapped[str | None]
    offer: Mapped[str | None]
    state: Mapped[str]
    due_on: Mapped[date]
    introduced_on: Mapped[date | None]
    introduced_how: Mapped[str | None]
    ended_reason: Mapped[str | None]
    updated_at: Mapped[datetime]
    version: Mapped[int]

    def ask(self, offer: str, at: datetime) -> None:
        """In care → asked: this stewardship is offered to a successor."""
        self._step(ItemState.ASKED, at)
        self.offer = offer

    def accept(self, at: datetime) -> None:
        """Asked → accepted: the successor has it, and the caretaker no longer."""
        self._step(ItemState.ACCEPTED, at)
        self.care = None

    def give_back(self, care: str | None, at: datetime) -> None:
        """Asked or accepted → in care: the successor said no, or left in their turn."""
        self._step(ItemState.IN_CARE, at)
        self.care, self.offer = care, None

    def introduce(self, on: date, how: How, at: datetime) -> None:
        """Accepted → introduced."""
        self._step(ItemState.INTRODUCED, at)
        self.introduced_on, self.introduced_how = on, how

    def end(self, reason: str, at: datetime) -> None:
        """In care, asked or accepted → ended: nobody keeps this relationship any more."""
        self._step(ItemState.ENDED, at)
        self.ended_reason = reason

    def place(self, care: str | None, at: datetime) -> None:
        """Somebody else looks after it, or nobody; it stands where it stood."""
        self.care, self.updated_at, self.version = care, at, self.version + 1

    def _step(self, target: ItemState, at: datetime) -> None:
        self.state = _ITEMS.step(self.state, target)
        self.updated_at, self.version = at, self.version + 1
