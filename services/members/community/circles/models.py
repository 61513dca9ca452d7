"""Tables of circles: the circle and its legal steps, the terms of its members, and its decisions."""

from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import HOLDS_PERSON, Base
from services.members.erasing import GOES
from shared.errors import Conflict
from shared.lifecycle import Lifecycle


class Kind(StrEnum):
    """What sort of circle it is."""

    STEWARDSHIP_CIRCLE = "stewardship_circle"
    COMMUNITY_OF_PRACTICE = "community_of_practice"
    STEERING_GROUP = "steering_group"


class State(StrEnum):
    """The life of a circle."""

    DRAFT = "draft"
    ACTIVE = "active"
    CLOSED = "closed"


class TermState(StrEnum):
    """Where a term stands on a day: `due` is past its last day, and nobody has renewed or ended it."""

    UPCOMING = "upcoming"
    CURRENT = "current"
    DUE = "due"
    ENDED = "ended"


class TermEnded(Conflict):
    """A term that was ended is history."""

    code = "term_ended"
    title = "This term was ended"


class Presence(TypedDict):
    """How many of a role were there."""

    role: str
    people: int


_CIRCLES: Lifecycle[State] = Lifecycle(
    "a circle", {State.DRAFT: {State.ACTIVE, State.CLOSED}, State.ACTIVE: {State.CLOSED}}
)


class Circle(Base):
    """A circle of people with a purpose."""

    __tablename__ = "circles"

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    purpose: Mapped[str]
    state: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int]

    def activate(self) -> None:
        """Draft → active."""
        self.state = _CIRCLES.step(self.state, State.ACTIVE)

    def close(self) -> None:
        """Draft or active → closed."""
        self.state = _CIRCLES.step(self.state, State.CLOSED)

    def changed(self, at: datetime) -> None:
        """Count an edit."""
        self.updated_at, self.version = at, self.version + 1


def of_circle(column: str = "circle") -> sa.ForeignKeyConstraint:
    """The foreign key of a table whose rows belong to a circle of the same movement, or name one in ``column``."""
    return sa.ForeignKeyConstraint(["movement", column], ["circles.movement", "circles.id"])


class Term(Base):
    """A role that a person has in a circle, from a day until a day.

    One person may have several, one after another or at once, so that two records of a person can become one.
    """

    __tablename__ = "circle_terms"
    __table_args__ = (
        of_circle(),
        sa.Index("circle_terms_by_circle", "movement", "circle", "id"),
        sa.Index("circle_terms_by_person", "movement", "person"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    circle: Mapped[str]
    person: Mapped[str] = mapped_column(info=HOLDS_PERSON | GOES)
    role: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date | None]
    ended_on: Mapped[date | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int]

    def state_on(self, day: date) -> TermState:
        """Where it stands on a day of the movement's calendar."""
        if self.ended_on is not None and self.ended_on <= day:
            return TermState.ENDED
        if day < self.first_day:
            return TermState.UPCOMING
        return TermState.DUE if self.last_day is not None and self.last_day < day else TermState.CURRENT

    def renew(self, until: date | None, at: datetime) -> None:
        """Give it another last day; None: it has none."""
        self._refuse_ended()
        self.last_day, self.updated_at, self.version = until, at, self.version + 1

    def end(self, on: date, at: datetime) -> None:
        """Mark it as over from this day on."""
        self._refuse_ended()
        self.ended_on, self.updated_at, self.version = on, at, self.version + 1

    def _refuse_ended(self) -> None:
        if self.ended_on is not None:
            raise TermEnded


class Decision(Base):
    """What a circle decided. It is never changed: a further entry that names it in `corrects` puts it right."""

    __tablename__ = "circle_decisions"
    __table_args__ = (
        of_circle(),
        sa.Index("circle_decisions_by_circle", "movement", "circle", "id"),
        # One correction an entry: the log stays a line, at whose end stands what holds.
        sa.Index("circle_decisions_corrected_once", "movement", "corrects", unique=True),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    circle: Mapped[str]
    decided_on: Mapped[date]
    what: Mapped[str]
    why: Mapped[str]
    present: Mapped[list[Presence]] = mapped_column(sa.JSON)
    objections: Mapped[list[str]] = mapped_column(sa.JSON)
    corrects: Mapped[str | None]
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime]
