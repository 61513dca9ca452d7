"""What is said about shifts and availability, and what fits whom."""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from services.members.engagement.gatherings.fields import GatheringId, ShownLocal, SlotId
from services.members.engagement.gatherings.shifts import models
from services.members.fields import PersonId, Reference
from shared.fields import Body, View
from shared.ids import Id

ShiftId = Annotated[str, Id("shift")]
_Clock = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
_DayOfWeek = Literal["mo", "tu", "we", "th", "fr", "sa", "su"]


class Work(Body):
    """A time at work on a day of the cycle, the first one being 1. One that ends after midnight lasts that long."""

    day: int = Field(ge=1, le=366)
    begins: _Clock = Field(examples=["07:00"])
    minutes: int = Field(ge=15, le=24 * 60, examples=[480])


class NewShift(Body):
    """A pattern of work, such as the early shift of a hospital's porters."""

    name: Reference = Field(examples=["Porters, early"])
    cycle_days: int = Field(ge=1, le=366, examples=[7], description="after so many days it begins again")
    first_day: date = Field(description="a day on which a cycle begins")
    works: list[Work] = Field(max_length=100)

    @model_validator(mode="after")
    def _within_the_cycle(self) -> Self:
        if any(work.day > self.cycle_days for work in self.works):
            raise PydanticCustomError("outside_cycle", "has a day that lies behind the end of the cycle")
        return self


class Shift(View):
    """A pattern of work."""

    id: ShiftId
    name: str
    cycle_days: int
    first_day: date
    works: list[Work]
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, shift: models.Shift) -> Self:
        """A shift as the API shows it."""
        return cls.model_validate(shift, from_attributes=True)


class Free(Body):
    """A time in which somebody can come."""

    day: _DayOfWeek
    begins: _Clock
    ends: _Clock

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends <= self.begins:
            raise PydanticCustomError("ends_before_it_begins", "`ends` is not after `begins`")
        return self


class NewAvailability(Body):
    """When a person can come: not while they work their shift, and, where they name some, in these times only."""

    shift: ShiftId | None = None
    free: list[Free] = Field(default_factory=list, max_length=50)


class Availability(View):
    """When a person can come, as they say. At version 0 they have said nothing."""

    person: PersonId
    shift: ShiftId | None
    free: list[Free]
    version: int
    updated_at: datetime | None

    @classmethod
    def of(cls, availability: models.Availability) -> Self:
        """An availability as the API shows it."""
        return cls.model_validate(availability, from_attributes=True)


class AtWork(View):
    """A time at work that overlaps with a slot, on the clock of its zone."""

    begins: ShownLocal
    ends: ShownLocal


class LeftOut(View):
    """A shift whose people are at work during a slot, and when."""

    shift: ShiftId
    at_work: list[AtWork]


class SlotFit(View):
    """A slot to come: the shifts whose people can come, and those whose people cannot."""

    slot: SlotId
    starts: ShownLocal
    fits: list[ShiftId]
    left_out: list[LeftOut]


class GatheringFit(View):
    """A gathering's next slots by shift. ``never_reached`` are the shifts that none of these slots fits."""

    slots: list[SlotFit]
    never_reached: list[ShiftId]


class FittingSlot(View):
    """A slot to come, and whether a person can come by what they said. ``why`` is null where it fits."""

    slot: SlotId
    gathering: GatheringId
    starts: ShownLocal
    fits: bool
    why: Literal["at_work", "not_free"] | None
    at_work: list[AtWork]


class FittingSlots(View):
    """The next slots of what is published, the earliest first."""

    data: list[FittingSlot]
