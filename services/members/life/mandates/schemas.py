"""What is said about mandates and in their reviews, and how they are shown."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from services.members.fields import OrganisationId, Paragraph, Reference
from services.members.life.mandates.models import Mandate, MandateState, Verdict, Way
from shared.fields import Body, View
from shared.ids import Id

MandateId = Annotated[str, Id("mandate")]
ReviewId = Annotated[str, Id("review")]
Givers = Annotated[
    list[OrganisationId], Field(max_length=200), AfterValidator(lambda given: list(dict.fromkeys(given)))
]


class NewMandate(Body):
    """Who is the backbone, by whose choice, and until when: a mandate without an end is none."""

    organisation: OrganisationId = Field(description="the backbone")
    remit: Paragraph = Field(examples=["Bring partners together, keep the shared figures; deliver nothing itself."])
    way: Way
    chosen_by: Givers = Field(default_factory=list, description="the organisations that chose it")
    decided_by: Reference | None = Field(None, description="who else chose it", examples=["a residents' assembly"])
    starts_on: date
    ends_on: date = Field(description="the first day on which it is no longer so")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends_on <= self.starts_on:
            raise PydanticCustomError("before_start", "ends before it starts")
        if not self.chosen_by and self.decided_by is None and self.way != Way.SELF_APPOINTED:
            raise PydanticCustomError("chosen_by_nobody", "names nobody who chose it, and is not self-appointed")
        return self


class MandateEnding(Body):
    """From which day on it is no longer so, today unless another is named, and why."""

    why: Paragraph
    on: date | None = None


class NewReview(Body):
    """What a partner makes of the year that it is in, or that it names by a day."""

    organisation: OrganisationId
    verdict: Verdict
    words: Paragraph
    on: date | None = Field(None, description="a day of the year that is reviewed; today unless it was before")


class ReviewShown(View):
    """What a partner made of a year of the mandate, the first being 1."""

    id: ReviewId
    organisation: OrganisationId
    year: int
    verdict: Verdict
    words: str
    given_on: date


class MandateShown(View):
    """A mandate, how it stands today, and what partners make of it.

    `review_due_on` is the end of the first year that nobody reviewed.
    """

    id: MandateId
    organisation: OrganisationId
    remit: str
    way: Way
    chosen_by: list[OrganisationId]
    decided_by: str | None
    state: MandateState
    starts_on: date
    ends_on: date
    ended_why: str | None
    review_due_on: date | None
    reviews: list[ReviewShown]
    created_at: datetime
    updated_at: datetime
    version: int

    @classmethod
    def of(cls, mandate: Mandate, today: date) -> Self:
        """A mandate as the API shows it on a day."""
        return cls(
            id=mandate.id,
            organisation=mandate.organisation,
            remit=mandate.remit,
            way=Way(mandate.way),
            chosen_by=[giver.organisation for giver in mandate.givers],
            decided_by=mandate.decided_by,
            state=mandate.state_on(today),
            starts_on=mandate.starts_on,
            ends_on=mandate.ends_on,
            ended_why=mandate.ended_why,
            review_due_on=mandate.review_due_on,
            reviews=[ReviewShown.model_validate(review, from_attributes=True) for review in mandate.reviews],
            created_at=mandate.created_at,
            updated_at=mandate.updated_at,
            version=mandate.version,
        )
