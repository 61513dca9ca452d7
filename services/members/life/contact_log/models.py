"""The table of the contact log."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import HOLDS_ANOTHER_PERSON, Base
from services.members.directory.organisations.models import of_organisation
from services.members.directory.people.models import of_person
from services.members.erasing import EMPTIED, GOES
from services.members.trust.permissions.models import Channel
from shared.lifecycle import Lifecycle


class ContactKind(StrEnum):
    """How somebody was spoken with or written to. Mail to many is a mailing."""

    CALL = "call"
    VISIT = "visit"
    LETTER = "letter"

    @property
    def channel(self) -> Channel:
        """The channel that reaches people in this way: what they allow or refuse."""
        return _CHANNELS[self]


_CHANNELS = {
    ContactKind.CALL: Channel.PHONE,
    ContactKind.VISIT: Channel.IN_PERSON,
    ContactKind.LETTER: Channel.POST,
}


class StepState(StrEnum):
    """The life of a next step: open until another contact is it, or nobody means to take it any more."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


_STEP = Lifecycle(
    "a next step",
    {StepState.OPEN: {StepState.DONE, StepState.DROPPED}, StepState.DONE: set(), StepState.DROPPED: set()},
)


class Contact(Base):
    """A call, visit or letter to a person or an organisation: on which day, by whom, and what was said.

    ``step`` is what is to follow it, as ``step_kind`` and by ``step_due_on``; ``follows`` is the contact whose next
    step this one was.
    """

    __tablename__ = "contact_log"
    __table_args__ = (
        of_person(erased=GOES),
        of_organisation(),
        sa.CheckConstraint("(person IS NULL) <> (organisation IS NULL)", name="contact_log_with_one"),
        sa.Index("contact_log_by_person", "movement", "person", "id"),
        sa.Index("contact_log_by_organisation", "movement", "organisation", "id"),
        sa.Index("contact_log_next_steps", "movement", "step_state", "step_due_on"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    person: Mapped[str | None]
    organisation: Mapped[str | None]
    kind: Mapped[str]
    contacted_by: Mapped[str | None] = mapped_column(info=HOLDS_ANOTHER_PERSON | EMPTIED)
    on: Mapped[date]
    what: Mapped[str]
    step: Mapped[str | None]
    step_kind: Mapped[str | None]
    step_due_on: Mapped[date | None]
    step_state: Mapped[str | None]
    follows: Mapped[str | None]
    recorded_by: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def settle_step(self, state: StepState, at: datetime) -> None:
        """Open → done or dropped. Raises IllegalTransition, also where no step was to follow."""
        self.step_state = _STEP.step(self.step_state or StepState.DROPPED, state)
        self.changed(at)

    def changed(self, at: datetime) -> None:
        """Go on to the next version."""
        self.version, self.updated_at = self.version + 1, at
