"""What is said about who came, and how it is shown."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Self

from pydantic import Field, TypeAdapter, ValidatorFunctionWrapHandler, WrapValidator, model_validator
from pydantic_core import PydanticCustomError

from services.members.directory.signups.schemas import NewSignUp
from services.members.engagement.gatherings.attendances import models
from services.members.engagement.gatherings.attendances.models import Role, Status
from services.members.engagement.gatherings.fields import BookingId, GatheringId, SlotId
from services.members.engagement.gatherings.slots.schemas import HeadCount
from services.members.fields import PersonId
from shared.fields import Body, View
from shared.ids import Id

AttendanceId = Annotated[str, Id("attendance")]
MOST_AT_ONCE = 200

_People = Annotated[int, Field(ge=1, le=100_000)]


class NewAttendance(Body):
    """Who came to a slot, booked or not: a person, somebody who signs up on the spot, or so many without a name.

    ``people`` counts who came along with a person; unless it is said, as many as they had booked for.
    """

    slot: SlotId
    person: PersonId | None = None
    sign_up: NewSignUp | None = Field(None, description="somebody new: they are signed up in the same step")
    nameless: _People | None = Field(None, description="so many came whom nobody asked for a name")
    status: Status = Status.ATTENDED
    role: Role = Role.PARTICIPANT
    people: _People | None = None

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if [self.person, self.sign_up, self.nameless].count(None) != 2:
            raise PydanticCustomError("one_way", "needs one of person, sign_up and nameless")
        if self.person is None and self.status is not Status.ATTENDED:
            raise PydanticCustomError("nobody_absent", "only somebody who is known is absent or unknown")
        if self.nameless is not None and (self.people is not None or self.role is not Role.PARTICIPANT):
            raise PydanticCustomError("nameless_only", "people without a name have a number and nothing else")
        return self


_Many = Annotated[list[NewAttendance], Field(min_length=1, max_length=MOST_AT_ONCE)]
_MANY = TypeAdapter(_Many)


def _by_shape(value: object, _: ValidatorFunctionWrapHandler) -> NewAttendance | list[NewAttendance]:
    """Check a list as a list and anything else as one, so that a fault names its true place and no other reading."""
    return _MANY.validate_python(value) if isinstance(value, list) else NewAttendance.model_validate(value)


OneOrMany = Annotated[NewAttendance | _Many, WrapValidator(_by_shape)]


class AttendanceChanges(Body):
    """A correction; a field that is left out stays as it is."""

    status: Status = Status.UNKNOWN
    role: Role = Role.PARTICIPANT
    people: _People = 1


class Attendance(View):
    """Whether somebody came. ``person`` is null for people without a name, ``booking`` for walk-ins."""

    id: AttendanceId
    gathering: GatheringId
    slot: SlotId
    person: PersonId | None
    people: int
    status: Status
    role: Role
    booking: BookingId | None
    activity: str | None = Field(description="what the ladder counts of it")
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, attendance: models.Attendance) -> Self:
        """An attendance as the API shows it."""
        return cls.model_validate(attendance, from_attributes=True)


class Attendances(View):
    """Several attendances, in the order in which they were sent."""

    data: list[Attendance]

    @classmethod
    def of(cls, attendances: Sequence[models.Attendance]) -> Self:
        """Attendances as the API shows them."""
        return cls(data=[Attendance.of(attendance) for attendance in attendances])


class Expected(View):
    """A line of a slot's register: who booked or came. What nobody has said yet about who booked is `unknown`."""

    person: PersonId | None
    people: int
    status: Status
    role: Role
    booking: BookingId | None
    attendance: AttendanceId | None


class Turnout(View):
    """A slot in numbers of people, companions included: what was booked, who came, and how many heads were counted.

    ``unknown`` are people who booked and of whom nobody has said whether they came.
    """

    slot: SlotId
    booked: int
    attended: int
    attended_without_booking: int
    attended_without_name: int
    absent: int
    unknown: int
    head_count: HeadCount | None
