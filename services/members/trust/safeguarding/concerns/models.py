"""The tables of concerns and of telling the lead, what a concern holds, and the steps that one may take."""

from datetime import date, datetime
from enum import StrEnum

import msgspec
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import Base
from services.members.trust.safeguarding.models import Record, SealedRow
from shared.lifecycle import Lifecycle


class ConcernState(StrEnum):
    """Where a concern is. Nobody closes one without saying what was advised, or to whom it was referred."""

    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    ADVISED = "advised"
    REFERRED = "referred"
    CLOSED = "closed"


_STATES = Lifecycle(
    "a concern",
    {
        ConcernState.RAISED: {ConcernState.ACKNOWLEDGED},
        ConcernState.ACKNOWLEDGED: {ConcernState.ADVISED, ConcernState.REFERRED},
        ConcernState.ADVISED: {ConcernState.ADVISED, ConcernState.REFERRED, ConcernState.CLOSED},
        ConcernState.REFERRED: {ConcernState.REFERRED, ConcernState.CLOSED},
        ConcernState.CLOSED: set(),
    },
)


class ConcernRow(SealedRow):
    """Sealed: everything of a concern."""

    __tablename__ = "concerns"


class ConcernNotice(Base):
    """That the lead is still to be told of a concern. It has its id alone, and goes as soon as they were."""

    __tablename__ = "concern_notices"

    movement: Mapped[str] = mapped_column(primary_key=True)
    concern: Mapped[str] = mapped_column(primary_key=True)
    due_at: Mapped[datetime]
    attempts: Mapped[int]


class Done(msgspec.Struct, kw_only=True):
    """Something that was done about a concern, and by which user. ``became`` is the state that it led to."""

    at: datetime
    by: str
    words: str
    became: ConcernState | None = None
    referred_to: str | None = None
    reference: str | None = None


class Concern(Record, kw_only=True):
    """What worries somebody, in their words, and what was done. ``due_on`` is the day of the next thing to do,
    ``kept_until`` one until which it is kept although its time may be over."""

    about: str | None
    about_words: str | None
    words: str
    action: str | None
    happened_on: date | None
    raised_by: str
    raised_at: datetime
    state: ConcernState = ConcernState.RAISED
    due_on: date | None = None
    acknowledged_at: datetime | None = None
    closed_at: datetime | None = None
    kept_until: date | None = None
    done: list[Done] = msgspec.field(default_factory=list)

    def people(self) -> tuple[str, ...]:
        """Whom it is about, as far as that is somebody of the movement."""
        return () if self.about is None else (self.about,)

    def others(self) -> tuple[str, ...]:
        """The user who raised it."""
        return (self.raised_by,)

    def take(self, target: ConcernState, step: Done, due_on: date | None) -> None:
        """Go on to a state, by something that was done. Raises IllegalTransition."""
        self.state = step.became = _STATES.step(self.state, target)
        self.done.append(step)
        self.due_on = due_on
        if target is ConcernState.ACKNOWLEDGED:
            self.acknowledged_at = step.at
        if target is ConcernState.CLOSED:
            self.closed_at = step.at

    def note(self, step: Done) -> None:
        """Add something that was done and changes no state."""
        self.done.append(step)
