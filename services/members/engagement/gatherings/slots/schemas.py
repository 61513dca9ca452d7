"""What is said about a slot or a series of them, and how they are shown."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from services.members.engagement.gatherings.fields import GatheringId, Local, ShownLocal, SlotId, on_the_clock
from services.members.engagement.gatherings.slots import models
from services.members.engagement.gatherings.slots.models import Bound, State
from shared.fields import Body, View
from shared.ids import Id

SeriesId = Annotated[str, Id("series")]

Capacity = Annotated[
    int | None,
    Field(ge=1, le=100_000, description="places, for companions as well; null: as many as come"),
]
_Minutes = Annotated[int, Field(ge=5, le=14 * 24 * 60, examples=[60])]
_Starts = Annotated[
    Local, Field(examples=["2026-07-01T12:00:00"], description="as the clocks of the movement's time zone show it")
]


class NewSlot(Body):
    """One time of the gathering."""

    starts: _Starts
    minutes: _Minutes
    capacity: Capacity = None


class HeadCount(Body):
    """How many came, companions and passers-by included: exactly so many, or at least."""

    people: int = Field(ge=0, le=1_000_000)
    bound: Annotated[Bound, BeforeValidator(lambda value: Bound.AT_LEAST if value == ">=" else value)] = Bound.EXACTLY


class SlotChanges(Body):
    """What is to be different; a field that is left out stays as it is. A head-count is taken once it has begun."""

    starts: _Starts = datetime(1990, 1, 1)  # noqa: DTZ001 - stands for nothing: only given fields are read
    minutes: _Minutes = 5
    capacity: Capacity = None
    head_count: HeadCount | None = None


class Slot(View):
    """One time of a gathering, in UTC and on the clock of its zone. ``booked`` counts places, companions included."""

    id: SlotId
    gathering: GatheringId
    series: SeriesId | None
    state: State
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    starts: ShownLocal = Field(description="as the clocks of `time_zone` show it")
    ends: ShownLocal = Field(description="as the clocks of `time_zone` show it")
    capacity: int | None
    booked: int
    head_count: HeadCount | None
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, slot: models.Slot) -> Self:
        """A slot as the API shows it."""
        counted = None
        if slot.head_count is not None:
            counted = HeadCount(people=slot.head_count, bound=Bound(slot.head_count_bound or Bound.EXACTLY))
        return cls(
            id=slot.id, gathering=slot.gathering, series=slot.series, state=State(slot.state),
            starts_at=slot.starts_at, ends_at=slot.ends_at, time_zone=slot.time_zone,
            starts=on_the_clock(slot.starts_at, slot.time_zone), ends=on_the_clock(slot.ends_at, slot.time_zone),
            capacity=slot.capacity, booked=slot.booked, head_count=counted, version=slot.version,
            created_at=slot.created_at, updated_at=slot.updated_at,
        )  # fmt: skip


class NewSeries(Body):
    """A rule by which the gathering comes again: RFC 5545's RRULE, daily, weekly or monthly."""

    rule: Annotated[str, Field(max_length=200, examples=["FREQ=WEEKLY;BYDAY=WE"])]
    first: _Starts
    minutes: _Minutes
    capacity: Capacity = None

    @model_validator(mode="after")
    def _no_longer_than_a_day(self) -> Self:
        if self.minutes > 24 * 60:
            raise PydanticCustomError("too_long", "a slot that comes again lasts a day at most")
        return self


class Series(View):
    """A rule and how far ahead its slots have been made. After ``ended_at`` no more are."""

    id: SeriesId
    gathering: GatheringId
    rule: str
    first: ShownLocal
    minutes: int
    time_zone: str
    capacity: int | None
    made_until: datetime
    version: int
    created_at: datetime
    updated_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, series: models.Series) -> Self:
        """A series as the API shows it."""
        return cls.model_validate(series, from_attributes=True)
