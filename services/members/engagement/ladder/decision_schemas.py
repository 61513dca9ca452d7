"""What is said when people decide about a place on the ladder, and how their decisions and the runs are shown."""

from datetime import date, datetime
from typing import Literal, Self

from pydantic import Field

from services.members.engagement.ladder import confirmations, models
from services.members.engagement.ladder.engine import Rung
from services.members.engagement.ladder.models import Confirmed, How, RunKind, RunState
from services.members.fields import ConfirmationId, PersonId, RunId
from shared.fields import Body, View


class Answer(Body):
    """How and on which day the person gave their word, to whoever calls."""

    how: How
    on: date = Field(description="the day of the conversation, the call or the letter")

    def to_domain(self) -> confirmations.Answer:
        """The answer as the verbs take it."""
        return confirmations.Answer(self.how, self.on)


class NewConfirmation(Body):
    """A user's word that a person is ready for a rung; with the person's acceptance, where they have given it."""

    rung: Literal[Rung.CHAMPION, Rung.CO_OWNER]
    accepted: Answer | None = None


class SteppingBack(Answer):
    """The person's own wish to stand lower."""

    to: Literal[Rung.ACTIVE_PARTICIPANT, Rung.CHAMPION]


class Confirmation(View):
    """A confirmation, and what the person said to it."""

    id: ConfirmationId
    person: PersonId
    rung: Rung
    state: Confirmed
    confirmed_by: str
    confirmed_at: datetime
    answered_how: How | None
    answered_on: date | None

    @classmethod
    def of(cls, row: models.RungConfirmation) -> Self:
        """A confirmation as the API shows it."""
        return cls(
            id=row.id,
            person=row.person,
            rung=Rung(row.rung),
            state=Confirmed(row.state),
            confirmed_by=row.confirmed_by,
            confirmed_at=row.confirmed_at,
            answered_how=None if row.answered_how is None else How(row.answered_how),
            answered_on=row.answered_on,
        )


class Run(View):
    """Everybody's place reckoned anew, and how far that has come."""

    id: RunId
    kind: RunKind
    state: RunState
    on: date
    people: int = Field(description="reckoned so far")
    moved_up: int
    moved_down: int
    started_at: datetime
    finished_at: datetime | None

    @classmethod
    def of(cls, row: models.LadderRun) -> Self:
        """A run as the API shows it."""
        return cls(
            id=row.id,
            kind=RunKind(row.kind),
            state=RunState(row.state),
            on=row.on,
            people=row.people,
            moved_up=row.moved_up,
            moved_down=row.moved_down,
            started_at=row.started_at,
            finished_at=row.finished_at,
        )
