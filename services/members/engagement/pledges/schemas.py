"""What is said with a pledge, and how one is shown."""

from datetime import date, datetime
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from services.members.engagement.pledges import models
from services.members.engagement.pledges.models import PledgeState
from services.members.fields import OrganisationId, Paragraph, PersonId, Slug
from shared.editing import Changes
from shared.fields import Body, View
from shared.ids import Id

PledgeId = Annotated[str, Id("pledge")]


class NewPledge(Body):
    """A promise in the own words of whoever makes it, as part of a sign-up."""

    text: Paragraph = Field(examples=["I will walk to work twice a week and bring a colleague."])
    campaign: Slug | None = Field(None, description="the slug of the campaign that it is for, which may come later")
    due_on: date | None = None
    organisation: OrganisationId | None = Field(None, description="makes it the organisation's pledge")
    published: bool = Field(False, description="whether the person who signs up permits that it is shown openly")


class Permitted(Body):
    """Whose permission it is to show a pledge openly: the person's own where nobody else is named."""

    permitted_by: PersonId | None = None


class NewPledgeOf(Body):
    """A promise of a person, or of an organisation."""

    person: PersonId | None = None
    organisation: OrganisationId | None = None
    text: Paragraph = Field(examples=["We will open our hall to the walking group on Thursdays."])
    campaign: Slug | None = Field(None, description="the slug of the campaign that it is for, which may come later")
    due_on: date | None = None
    given_by: PersonId | None = Field(None, description="who made it on the organisation's behalf")
    published: Permitted | None = Field(None, description="shows it openly; without it nobody outside sees the pledge")

    @model_validator(mode="after")
    def _one_giver(self) -> Self:
        if (self.person is None) == (self.organisation is None):
            raise PydanticCustomError("one_giver", "needs either person or organisation")
        if self.person is not None and self.given_by is not None:
            raise PydanticCustomError("own_pledge", "a person's pledge is given by that person")
        return self


class PledgeChanges(Changes):
    """What to change of a pledge that is still open. Other words are not published until that is permitted again."""

    may_be_empty: ClassVar[frozenset[str]] = frozenset({"campaign", "due_on"})

    text: Paragraph | None = None
    campaign: Slug | None = None
    due_on: date | None = None


class Settlement(Body):
    """On which day a pledge was kept or released, today unless another is named, and what there is to say about it."""

    on: date | None = None
    note: Paragraph | None = None


class Step(View):
    """A state that a pledge was in, since when, and which caller said so (`service:…` for the look at due dates)."""

    state: PledgeState
    at: datetime
    by: str


class Publication(View):
    """Since when a pledge is shown openly, and by whose permission."""

    at: datetime
    permitted_by: PersonId


class Pledge(View):
    """A pledge that a person or an organisation made."""

    id: PledgeId
    version: int
    person: PersonId | None
    organisation: OrganisationId | None
    given_by: PersonId | None
    text: str
    campaign: str | None
    due_on: date | None
    state: PledgeState
    settled_on: date | None
    note: str | None
    history: list[Step]
    published: Publication | None
    made_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, pledge: models.Pledge) -> Self:
        """A pledge as the API shows it."""
        return cls(
            id=pledge.id,
            version=pledge.version,
            person=pledge.person,
            organisation=pledge.organisation,
            given_by=pledge.given_by,
            text=pledge.text,
            campaign=pledge.campaign,
            due_on=pledge.due_on,
            state=PledgeState(pledge.state),
            settled_on=pledge.settled_on,
            note=pledge.note,
            history=_history(pledge),
            published=_publication(pledge),
            made_at=pledge.made_at,
            updated_at=pledge.updated_at,
        )


def _history(pledge: models.Pledge) -> list[Step]:
    steps = [Step(state=PledgeState.MADE, at=pledge.made_at, by=pledge.made_by)]
    if pledge.overdue_at is not None:
        steps.append(Step(state=PledgeState.OVERDUE, at=pledge.overdue_at, by="service:members"))
    if pledge.settled_at is not None and pledge.settled_by is not None:
        steps.append(Step(state=PledgeState(pledge.state), at=pledge.settled_at, by=pledge.settled_by))
    return steps


def _publication(pledge: models.Pledge) -> Publication | None:
    if pledge.published_at is None or pledge.permitted_by is None:
        return None
    return Publication(at=pledge.published_at, permitted_by=pledge.permitted_by)
