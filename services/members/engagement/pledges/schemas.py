"""What is said with a pledge, and how one is shown."""

from datetime import date, datetime
from typing import Self

from pydantic import BaseModel, Field

from services.members.engagement.pledges import models
from services.members.fields import Paragraph, PersonId, Slug
from shared.fields import Body


class NewPledge(Body):
    """A promise in the person's own words."""

    text: Paragraph = Field(examples=["I will walk to work twice a week and bring a colleague."])
    campaign: Slug | None = None
    due_on: date | None = None


class Pledge(BaseModel):
    """A pledge that somebody made."""

    id: str
    person: PersonId
    text: str
    campaign: str | None
    due_on: date | None
    made_at: datetime

    @classmethod
    def of(cls, pledge: models.Pledge) -> Self:
        """A pledge as the API shows it."""
        return cls(
            id=pledge.id,
            person=pledge.person,
            text=pledge.text,
            campaign=pledge.campaign,
            due_on=pledge.due_on,
            made_at=pledge.made_at,
        )
