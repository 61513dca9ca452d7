"""What is said about the address of a calendar, and how one is shown."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import Field

from services.members.engagement.gatherings.feeds import models
from services.members.fields import PersonId, Reference
from shared.fields import Body, View
from shared.ids import Id

CalendarId = Annotated[str, Id("calendar")]
Secret = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{43}$")]


class NewCalendar(Body):
    """An address of a calendar. With a person, it is of what they booked; else of all that was published."""

    person: PersonId | None = None
    label: Reference | None = Field(None, examples=["The notice board in the foyer"])


class Calendar(View):
    """An address of a calendar, without the secret that makes it one."""

    id: CalendarId
    person: PersonId | None
    label: str | None
    created_at: datetime
    revoked_at: datetime | None

    @classmethod
    def of(cls, calendar: models.CalendarFeed) -> Self:
        """An address as the API shows it."""
        return cls.model_validate(calendar, from_attributes=True)


class MadeCalendar(Calendar):
    """An address of a calendar at the one moment when its path, which holds the secret, can be shown."""

    path: str = Field(examples=["/open/movement_01j…/calendar/Zk3….ics"])


class SessionPage(View):
    """A page of the open feed by RPDE 1.0, in the order of (modified, id). The last one has no items."""

    next: str
    items: list["SessionItem"]
    license: str


class SessionItem(View):
    """A slot of a public gathering: as it is now, or gone."""

    state: Literal["updated", "deleted"]
    kind: Literal["ScheduledSession"]
    id: str
    modified: int
    data: dict[str, object] | None = None
