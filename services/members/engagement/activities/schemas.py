"""What is said about an activity, one or many at a time, and how one is shown."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Self

from pydantic import Field, TypeAdapter, ValidatorFunctionWrapHandler, WrapValidator

from services.members.engagement.activities import models
from services.members.fields import OrganisationId, Paragraph, PersonId, Slug
from shared.fields import Body, View

MOST_AT_ONCE = 500


class NewActivity(Body):
    """Something that a person did on a day of the movement's calendar, today or before."""

    person: PersonId
    kind: Slug = Field(examples=["walk"], description="A word of the movement's own; the ladder counts by it.")
    on: date
    counterpart: PersonId | None = Field(None, description="The person it was done with.")
    organisation: OrganisationId | None = Field(None, description="The organisation on whose behalf it was done.")


_Many = Annotated[list[NewActivity], Field(min_length=1, max_length=MOST_AT_ONCE)]
_MANY = TypeAdapter(_Many)


def _by_shape(value: object, _: ValidatorFunctionWrapHandler) -> NewActivity | list[NewActivity]:
    """Check a list as a list and anything else as one, so that a fault names its true place and no other reading."""
    return _MANY.validate_python(value) if isinstance(value, list) else NewActivity.model_validate(value)


OneOrMany = Annotated[NewActivity | _Many, WrapValidator(_by_shape)]


class Activity(View):
    """An activity as it was recorded."""

    id: str
    person: PersonId
    kind: str
    on: date
    counterpart: PersonId | None
    organisation: OrganisationId | None
    recorded_at: datetime
    voided_at: datetime | None = Field(description="since when it counts for nothing")

    @classmethod
    def of(cls, activity: models.Activity) -> "Activity":
        """An activity as the API shows it."""
        return cls.model_construct(
            id=activity.id,
            person=activity.person,
            kind=activity.kind,
            on=activity.on,
            counterpart=activity.counterpart,
            organisation=activity.organisation,
            recorded_at=activity.recorded_at,
            voided_at=activity.voided_at,
        )


class Void(Body):
    """Why an activity is to count for nothing."""

    reason: Paragraph = Field(examples=["Recorded twice."])


class Voided(View):
    """Why an activity counts for nothing, who said so, and when."""

    reason: str
    by: str
    at: datetime


class ShownActivity(Activity):
    """An activity by itself, with why it was voided if it was."""

    voided: Voided | None

    @classmethod
    def with_void(cls, shown: models.Shown) -> Self:
        """An activity as the API shows it by itself."""
        void = shown.void
        voided = None if void is None else Voided(reason=void.reason, by=void.by, at=void.at)
        return cls(**dict(Activity.of(shown.activity)), voided=voided)


class Activities(View):
    """Several activities, in the order in which they were sent."""

    data: list[Activity]

    @classmethod
    def of(cls, activities: Sequence[models.Activity]) -> Self:
        """Activities as the API shows them."""
        return cls(data=[Activity.of(activity) for activity in activities])
