"""What is said about restrictions and objections, and how they are shown."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import Field

from services.members.fields import PersonId, Slug
from services.members.trust.requests.schemas import RequestId, Words
from services.members.trust.restrictions import models
from services.members.trust.restrictions.models import Ground, ObjectionState
from shared.fields import Body, View
from shared.ids import Id

RestrictionId = Annotated[str, Id("restriction")]
ObjectionId = Annotated[str, Id("objection")]


class NewRestriction(Body):
    """On what ground somebody's data rests, and the request by which they asked for it."""

    ground: Ground
    request: RequestId | None = None
    why: Words | None = Field(None, examples=["She says that she never led the group."])


class Lifting(Body):
    """Why the data is used again, and when the person was told so: that comes first (UK GDPR, article 18(3))."""

    why: Words
    told_on: date


class NewObjection(Body):
    """The purpose that somebody objects to, and the request by which they did."""

    purpose: Slug = Field(examples=["news"])
    request: RequestId | None = None
    words: Words | None = Field(None, description="their reasons, in their words; none are needed")


class Upholding(Body):
    """When the person was told that their objection holds for good."""

    told_on: date | None = Field(None, description="today unless another day is named")


class Overriding(Body):
    """The compelling grounds on which it goes on, as the person was told them."""

    why: Words
    told_on: date | None = Field(None, description="today unless another day is named")


class Restriction(View):
    """That somebody's data rests, since when, and, where it was lifted, why and when they were told."""

    id: RestrictionId
    version: int
    person: PersonId
    ground: Ground
    request: RequestId | None
    why: str | None
    begun_at: datetime
    begun_by: str
    told_on: date | None
    why_lifted: str | None
    lifted_at: datetime | None
    lifted_by: str | None

    @classmethod
    def of(cls, restriction: models.Restriction) -> Self:
        """A restriction as the API shows it."""
        return cls(
            id=restriction.id,
            version=restriction.version,
            person=restriction.person,
            ground=Ground(restriction.ground),
            request=restriction.request,
            why=restriction.why,
            begun_at=restriction.begun_at,
            begun_by=restriction.begun_by,
            told_on=restriction.told_on,
            why_lifted=restriction.why_lifted,
            lifted_at=restriction.lifted_at,
            lifted_by=restriction.lifted_by,
        )


class Objection(View):
    """An objection to one purpose; it is heeded while `ended_at` is null."""

    id: ObjectionId
    version: int
    person: PersonId
    purpose: str
    request: RequestId | None
    words: str | None
    state: ObjectionState
    raised_at: datetime
    raised_by: str
    why: str | None
    told_on: date | None
    decided_by: str | None
    decided_at: datetime | None
    ended_at: datetime | None

    @classmethod
    def of(cls, objection: models.Objection) -> Self:
        """An objection as the API shows it."""
        return cls(
            id=objection.id,
            version=objection.version,
            person=objection.person,
            purpose=objection.purpose,
            request=objection.request,
            words=objection.words,
            state=ObjectionState(objection.state),
            raised_at=objection.raised_at,
            raised_by=objection.raised_by,
            why=objection.why,
            told_on=objection.told_on,
            decided_by=objection.decided_by,
            decided_at=objection.decided_at,
            ended_at=objection.ended_at,
        )
