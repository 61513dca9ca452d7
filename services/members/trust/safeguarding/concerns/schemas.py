"""What is said in raising a concern and in answering it, and how it is shown: to the lead, and to who raised it."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, ClassVar, Self

from pydantic import Field

from services.members.fields import Paragraph, PersonId, Reference
from services.members.trust.safeguarding.concerns import models
from services.members.trust.safeguarding.concerns.models import ConcernState
from services.members.trust.safeguarding.ending import Due
from shared.editing import Changes
from shared.fields import Body, View, lines
from shared.ids import Id

ConcernId = Annotated[str, Id("concern")]
Words = Annotated[str, lines(5000)]


class NewConcern(Body):
    """What worries you. Your words are enough; everything else helps."""

    words: Words = Field(description="what you saw or heard, in the words that were used")
    about: PersonId | None = Field(None, description="who it is about, where they are known to the movement")
    about_words: Paragraph | None = Field(None, description="who it is about, where they are not, or in other words")
    action: Paragraph | None = Field(None, description="what you have done already")
    happened_on: date | None = None


class ConcernChanges(Changes):
    """What turned out since: who it is about, and when it is looked at again."""

    may_be_empty: ClassVar = frozenset({"about"})

    about: PersonId | None = None
    due_on: date | None = None


class Step(Body):
    """What was done."""

    words: Words


class Advice(Step):
    """What was advised, and when it is looked at again."""

    due_on: date | None = None


class Referral(Advice):
    """To whom it was referred: the local authority, the police, a body that regulates."""

    to: Reference = Field(examples=["Gloucestershire MASH"])
    reference: Reference | None = Field(None, description="what they call it")


class Keeping(Body):
    """Until when it is kept although its time may be over, such as for an inquiry; null: no longer than that."""

    until: date | None


class Receipt(View):
    """What whoever raised a concern sees of it: that it is there, and whether it was seen."""

    id: ConcernId
    raised_at: datetime
    acknowledge_by: date | None
    acknowledged_at: datetime | None

    @classmethod
    def of(cls, concern: models.Concern) -> Self:
        """As it is answered."""
        waiting = concern.state is ConcernState.RAISED
        return cls(
            id=concern.id,
            raised_at=concern.raised_at,
            acknowledge_by=concern.due_on if waiting else None,
            acknowledged_at=concern.acknowledged_at,
        )


class Done(View):
    """Something that was done about a concern."""

    at: datetime
    by: str
    words: str
    became: ConcernState | None
    referred_to: str | None
    reference: str | None


class KeptKind(View):
    """A kind of record that is kept for safeguarding: how many there are, and how many have been over for too long."""

    kind: str = Field(examples=["concerns"])
    days: int = Field(description="for how long it is kept once it is over")
    kept: int
    due: int


class SafeguardingRetention(View):
    """How long what is kept for safeguarding is kept, and what is due to be deleted."""

    data: list[KeptKind]

    @classmethod
    def of(cls, found: Iterable[Due]) -> Self:
        """As the API shows it."""
        return cls(data=[KeptKind(kind=o.kind.name, days=o.days, kept=o.kept, due=len(o.due)) for o in found])


class Concern(View):
    """A concern, for safeguarding alone."""

    id: ConcernId
    version: int
    state: ConcernState
    about: PersonId | None
    about_words: str | None
    words: str
    action: str | None
    happened_on: date | None
    raised_by: str
    raised_at: datetime
    acknowledged_at: datetime | None
    due_on: Annotated[date | None, Field(description="the day of the next thing to do; null once it is closed")]
    closed_at: datetime | None
    kept_until: date | None
    done: list[Done]

    @classmethod
    def of(cls, concern: models.Concern) -> Self:
        """As the API shows it."""
        return cls.model_validate(concern, from_attributes=True)
