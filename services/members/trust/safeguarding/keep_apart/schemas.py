"""What is said of two people who are kept apart, and how it is shown to the few who may see it."""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import Field

from services.members.fields import PersonId
from services.members.trust.safeguarding.keep_apart import models
from shared.fields import Body, View
from shared.ids import Id

ApartId = Annotated[str, Id("apart")]


class NewPair(Body):
    """Two people who are not to be brought together. Why is not asked."""

    person: PersonId
    other: PersonId = Field(description="who gives way where both are expected already")
    review_on: date | None = None


class Pair(View):
    """Two people who are, or were, kept apart."""

    id: ApartId
    person: PersonId
    other: PersonId
    review_on: date | None
    recorded_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, pair: models.KeptApart) -> Self:
        """A pair as the API shows it."""
        return cls(
            id=pair.id,
            person=pair.person,
            other=pair.other,
            review_on=pair.review_on,
            recorded_at=pair.recorded_at,
            ended_at=pair.ended_at,
        )


class Together(View):
    """Something that two people who are kept apart are, or were, both in."""

    kind: Literal["circle", "connection", "introduction", "slot", "stewardship", "tie"]
    id: str
    goes_on: bool = Field(description="true: it is for you to end, with whoever runs it")


class SharedPlaces(View):
    """All of it; empty where they never met here."""

    data: list[Together]
