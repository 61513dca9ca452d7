"""What is said about staff time, and how it is shown."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from services.members.fields import OrganisationId, Reference
from services.members.life.staff_time.models import StaffTime, Work
from shared.editing import Changes
from shared.fields import Body, View
from shared.ids import Id

StaffTimeId = Annotated[str, Id("stafftime")]
Hours = Annotated[float, Field(gt=0, le=100_000, multiple_of=0.25, examples=[37.5])]


class NewStaffTime(Body):
    """Time that an organisation's staff give from a day on, perhaps until the day before another."""

    organisation: OrganisationId
    work: Annotated[Work, Field(description="one of the six functions, or `delivery`: services as ever")]
    hours_a_week: Annotated[Hours, Field(description="all who do it together, in quarters of an hour")]
    what: Reference | None = Field(None, description="names nobody", examples=["two facilitators, on loan"])
    starts_on: date
    ended_on: date | None = Field(None, description="the first day on which it is given no longer")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ended_on is not None and self.ended_on <= self.starts_on:
            raise PydanticCustomError("before_start", "ends before it starts")
        return self


class StaffTimeChanges(Changes):
    """What is to be corrected in what was noted. Time that becomes more or less ends, and is noted anew."""

    may_be_empty = frozenset({"what"})

    hours_a_week: Hours | None = None
    what: Reference | None = None


class StaffTimeEnding(Body):
    """The first day on which it is given no longer, today unless another is named."""

    on: date | None = None


class StaffTimeShown(View):
    """Staff time that an organisation gives."""

    id: StaffTimeId
    organisation: OrganisationId
    work: Work
    hours_a_week: float
    what: str | None
    starts_on: date
    ended_on: date | None
    created_at: datetime
    updated_at: datetime
    version: int

    @classmethod
    def of(cls, time: StaffTime) -> Self:
        """Staff time as the API shows it."""
        own = {name: getattr(time, name) for name in cls.model_fields if name != "hours_a_week"}
        return cls.model_validate(own | {"hours_a_week": time.minutes / 60})
