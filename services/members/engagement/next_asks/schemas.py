"""What is said about a next ask, and how one is shown."""

from datetime import date, datetime
from typing import Self

from pydantic import Field

from services.members.engagement.next_asks import models
from services.members.engagement.next_asks.models import Answer, AskState
from services.members.fields import NextAskId, Paragraph, PersonId
from shared.fields import Body, View


class NewAsk(Body):
    """What somebody is to be invited to, by whom, and by which day they are asked."""

    person: PersonId
    what: Paragraph = Field(examples=["Lead the walk on the first Sunday in May."])
    asker: PersonId | None = Field(None, description="the person who asks")
    due_on: date


class AskChanges(Body):
    """What is to be different about an open ask; a field that is left out stays as it is."""

    what: Paragraph | None = None
    asker: PersonId | None = None
    due_on: date | None = None


class NewAnswer(Body):
    """What the person said, and on which day."""

    answer: Answer
    on: date
    note: Paragraph | None = None


class NextAsk(View):
    """A next ask, and what came of it."""

    id: NextAskId
    person: PersonId
    what: str
    asker: PersonId | None
    due_on: date
    state: AskState
    answer: Answer | None
    answered_on: date | None
    note: str | None
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, row: models.NextAsk) -> Self:
        """An ask as the API shows it."""
        return cls(
            id=row.id,
            person=row.person,
            what=row.what,
            asker=row.asker,
            due_on=row.due_on,
            state=AskState(row.state),
            answer=None if row.answer is None else Answer(row.answer),
            answered_on=row.answered_on,
            note=row.note,
            version=row.version,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )
