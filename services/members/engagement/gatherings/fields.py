"""The field types that several of the nouns about gatherings have."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, NaiveDatetime, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError
from sqlalchemy.orm import Session

from services.members.directory.people import store as people
from services.members.fields import PersonId
from shared.errors import Fault, Invalid
from shared.fields import ONE_LINE, lines
from shared.ids import Id

GatheringId = Annotated[str, Id("gathering")]
SlotId = Annotated[str, Id("slot")]
BookingId = Annotated[str, Id("booking")]

Page = Annotated[str, lines(3000)]
"""As much text as fits on one side of paper."""
WebAddress = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=1000, pattern=r"^https?://[^\s\x00-\x1f\x7f]+$")
]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300, pattern=ONE_LINE)]

_FIRST, _LAST = datetime(1990, 1, 1), datetime(2200, 1, 1)  # noqa: DTZ001 - of any zone's clock


def _within_reach(value: datetime) -> datetime:
    if not _FIRST <= value < _LAST:
        raise PydanticCustomError("out_of_reach", "lies before 1990 or after 2199")
    return value


_BY_THE_CLOCK = WithJsonSchema({"type": "string", "format": "date-time-local"})  # RFC 3339's date-time has an offset
Local = Annotated[NaiveDatetime, AfterValidator(_within_reach), _BY_THE_CLOCK]
"""A date and time as the clocks of the movement's zone show it, without an offset."""
ShownLocal = Annotated[datetime, _BY_THE_CLOCK]
"""The same in an answer."""
Moment = Annotated[AwareDatetime, AfterValidator(lambda value: value.astimezone(UTC))]


def instant(local: datetime, zone: str, pointer: str) -> datetime:
    """The UTC instant at which the clocks of a zone show a time. Raises Invalid for one that they skip in spring.

    Of a time that comes twice in autumn it is the first (RFC 5545, 3.3.5).
    """
    at = local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    if at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != local:
        raise Invalid(faults=[Fault(pointer, "is an hour that the clocks skip on that day", "no_such_time")])
    return at


def on_the_clock(at: datetime, zone: str) -> datetime:
    """What the clocks of a zone show at an instant."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def minutes(count: int) -> timedelta:
    """So many minutes."""
    return timedelta(minutes=count)


def present_people(session: Session, movement: str, named: Mapping[str, PersonId | None]) -> dict[str, str]:
    """By pointer, the id that each person who is named there has now; a pointer that names nobody is left out.

    Raises Invalid (`unknown_person`) with a fault for each who is nobody of this movement.
    """
    given = {pointer: person for pointer, person in named.items() if person is not None}
    if not given:
        return {}
    now_known_as = people.current(session, movement, set(given.values()))
    known = people.known(session, movement, set(now_known_as.values()))
    unknown = [pointer for pointer, person in given.items() if now_known_as[person] not in known]
    if unknown:
        raise Invalid(faults=[Fault(at, "is no person of this movement", "unknown_person") for at in unknown])
    return {pointer: now_known_as[person] for pointer, person in given.items()}
