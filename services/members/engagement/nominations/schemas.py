"""What is said with a nomination, and how nominations and what they come to are shown."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Self

from pydantic import Field

from services.members.engagement.nominations import models
from services.members.engagement.nominations.models import NominationState
from services.members.fields import Paragraph, PersonId
from shared.fields import Body, View
from shared.ids import Id

NominationId = Annotated[str, Id("nomination")]


class NewNomination(Body):
    """That somebody affirms somebody else as a champion, and why, in their words."""

    nominee: PersonId
    giver: PersonId
    words: Paragraph | None = Field(None, examples=["Without Joan nobody on our street would walk."])


class Nomination(View):
    """A nomination. ``giver`` and ``words`` are null once the giver left or is forgotten; the nomination stands."""

    id: NominationId
    version: int
    nominee: PersonId
    giver: PersonId | None
    words: str | None
    state: NominationState
    expires_on: date
    given_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    updated_at: datetime

    @classmethod
    def of(cls, nomination: models.Nomination) -> Self:
        """A nomination as the API shows it."""
        return cls(
            id=nomination.id,
            version=nomination.version,
            nominee=nomination.nominee,
            giver=nomination.giver,
            words=nomination.words,
            state=NominationState(nomination.state),
            expires_on=nomination.expires_on,
            given_at=nomination.given_at,
            answered_at=nomination.answered_at,
            ended_at=nomination.ended_at,
            updated_at=nomination.updated_at,
        )


class Affirmed(View):
    """What others affirm of somebody today: how many people do, and each nomination that stands.

    It is evidence for those who confirm a champion, and moves nobody by itself.
    """

    person: PersonId
    affirmed_by: int
    nominations: list[Nomination]

    @classmethod
    def of(cls, person: str, affirmed_by: int, nominations: Sequence[models.Nomination]) -> Self:
        """What is affirmed of a person, as the API shows it."""
        return cls(person=person, affirmed_by=affirmed_by, nominations=[Nomination.of(one) for one in nominations])
