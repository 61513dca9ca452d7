"""The table of next asks."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import HOLDS_ANOTHER_PERSON, Base
from services.members.directory.people.models import of_person
from services.members.erasing import EMPTIED, GOES
from shared.lifecycle import Lifecycle


class AskState(StrEnum):
    """The life of an ask: open until it is answered, or taken back."""

    OPEN = "open"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class Answer(StrEnum):
    """What somebody said to it; none of it is held against them."""

    YES = "yes"
    NO = "no"
    LATER = "later"
    NO_ANSWER = "no_answer"


_ASK = Lifecycle(
    "an ask",
    {
        AskState.OPEN: {AskState.ANSWERED, AskState.WITHDRAWN},
        AskState.ANSWERED: set(),
        AskState.WITHDRAWN: set(),
    },
)


class NextAsk(Base):
    """An invitation that somebody means to make: what for, who asks, and by when. ``asker`` is a person, if it is said.

    ``note`` is what the person said in answering, in words.
    """

    __tablename__ = "next_asks"
    __table_args__ = (
        of_person(erased=GOES),
        sa.Index("next_asks_by_person", "movement", "person", "id"),
        sa.Index("next_asks_due", "movement", "state", "due_on", "id"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str]
    what: Mapped[str]
    asker: Mapped[str | None] = mapped_column(info=HOLDS_ANOTHER_PERSON | EMPTIED)
    due_on: Mapped[date]
    state: Mapped[str]
    answer: Mapped[str | None]
    answered_on: Mapped[date | None]
    note: Mapped[str | None]
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def settle(self, answer: Answer, on: date, note: str | None, at: datetime) -> None:
        """Open → answered."""
        self._step(AskState.ANSWERED, at)
        self.answer, self.answered_on, self.note = answer, on, note

    def withdraw(self, at: datetime) -> None:
        """Open → withdrawn."""
        self._step(AskState.WITHDRAWN, at)

    def _step(self, state: AskState, at: datetime) -> None:
        self.state = _ASK.step(self.state, state)
        self.version, self.updated_at = self.version + 1, at
