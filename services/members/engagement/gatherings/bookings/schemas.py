"""What is said about a booking, and how one is shown."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from services.members.engagement.gatherings.bookings import models
from services.members.engagement.gatherings.bookings.models import Companion, State
from services.members.engagement.gatherings.fields import BookingId, GatheringId, SlotId
from services.members.fields import PersonId
from shared.fields import Body, View


class Along(Body):
    """Who comes along: so many of a kind, or one person whom the movement knows. A child is counted, never named."""

    kind: Companion
    people: int = Field(1, ge=1, le=50)
    person: PersonId | None = None

    @model_validator(mode="after")
    def _named_alone(self) -> Self:
        if self.person is not None and self.kind is Companion.CHILD:
            raise PydanticCustomError("child_named", "a child is counted, never named here")
        if self.person is not None and self.people != 1:
            raise PydanticCustomError("several_named", "a person who is named is one")
        return self


def _each_once(companions: list[Along]) -> list[Along]:
    named = [along.person for along in companions if along.person is not None]
    unnamed = [along.kind for along in companions if along.person is None]
    if len(set(named)) < len(named) or len(set(unnamed)) < len(unnamed):
        raise PydanticCustomError("repeated", "names a person, or counts a kind, twice")
    return companions


Companions = Annotated[list[Along], Field(max_length=20), AfterValidator(_each_once)]


class NewBooking(Body):
    """A place in a slot for a person, and for who comes along with them."""

    slot: SlotId
    person: PersonId
    companions: Companions = Field(default_factory=list)


class BookingChanges(Body):
    """Who comes along, in place of what was said before."""

    companions: Companions


class Booking(View):
    """A booking. ``ahead`` is how many wait before one that waits; ``online_url`` is where to join, once booked."""

    id: BookingId
    gathering: GatheringId
    slot: SlotId
    person: PersonId
    state: State
    places: int
    companions: list[Along]
    ahead: int | None
    online_url: str | None
    version: int
    created_at: datetime
    updated_at: datetime
    booked_at: datetime | None
    cancelled_at: datetime | None

    @classmethod
    def of(cls, shown: tuple[models.Booking, int, str | None]) -> Self:
        """A booking as the API shows it, with how many wait ahead of it and where its gathering is online."""
        booking, ahead, online_url = shown
        companions = [
            Along.model_construct(kind=Companion(along.kind), people=along.people, person=along.person)
            for along in booking.companions
        ]
        return cls(
            id=booking.id, gathering=booking.gathering, slot=booking.slot, person=booking.person,
            state=State(booking.state), places=booking.places, companions=companions,
            ahead=ahead if booking.state == State.WAITING else None,
            online_url=online_url if booking.state == State.BOOKED else None,
            version=booking.version, created_at=booking.created_at, updated_at=booking.updated_at,
            booked_at=booking.booked_at, cancelled_at=booking.cancelled_at,
        )  # fmt: skip
