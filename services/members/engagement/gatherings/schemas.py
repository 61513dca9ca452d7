"""What is said about a gathering, and how one is shown."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field

from services.members.engagement.gatherings import models
from services.members.engagement.gatherings.fields import GatheringId, Page, Sentence, WebAddress
from services.members.engagement.gatherings.models import Audience, Kind, State
from services.members.fields import Label, Language, OrganisationId, Paragraph, Postcode, Reference
from shared.fields import Body, View

_Access = Annotated[
    list[Label],
    Field(max_length=20, examples=[["step-free", "hearing loop"]], description="what makes it easy to come"),
]
_Languages = Annotated[list[Language], Field(max_length=10, description="the languages that are spoken there")]
_Online = Annotated[WebAddress | None, Field(description="shown to those who booked, and to who may edit gatherings")]
_Audience = Annotated[
    Audience, Field(description="`public`: in the open feeds once it is published; `members`: never in them")
]


class NewGathering(Body):
    """A gathering, as a draft. Its times are its slots."""

    kind: Kind
    title: Reference = Field(examples=["End-of-shift walk"])
    description: Page | None = None
    audience: _Audience = Audience.MEMBERS
    organisation: OrganisationId | None = Field(None, description="on whose behalf it is arranged")
    place_name: Reference | None = Field(None, examples=["Hampstead Heath, the east gate"])
    address: Paragraph | None = None
    postcode: Postcode | None = None
    online_url: _Online = None
    access: _Access = Field(default_factory=list)
    access_notes: Paragraph | None = None
    languages: _Languages = Field(default_factory=list)


class GatheringChanges(Body):
    """What is to be different; a field that is left out stays as it is."""

    kind: Kind = Kind.OTHER
    title: Reference = ""
    description: Page | None = None
    audience: _Audience = Audience.MEMBERS
    organisation: OrganisationId | None = None
    place_name: Reference | None = None
    address: Paragraph | None = None
    postcode: Postcode | None = None
    online_url: _Online = None
    access: _Access = Field(default_factory=list)
    access_notes: Paragraph | None = None
    languages: _Languages = Field(default_factory=list)


class Cancellation(Body):
    """Why it does not take place; it goes into the calendars."""

    because: Sentence | None = None


class Gathering(View):
    """A gathering. ``online_url`` is null for who may only read gatherings: a booking tells it."""

    id: GatheringId
    kind: Kind
    title: str
    description: str | None
    state: State
    audience: Audience
    organisation: OrganisationId | None
    place_name: str | None
    address: str | None
    postcode: str | None
    online_url: str | None
    access: list[str]
    access_notes: str | None
    languages: list[str]
    cancelled_because: str | None
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, gathering: models.Gathering) -> Self:
        """A gathering as who may edit it sees it."""
        return cls.model_validate(gathering, from_attributes=True)

    @classmethod
    def for_readers(cls, gathering: models.Gathering) -> Self:
        """A gathering as who may only read sees it."""
        return cls.of(gathering).model_copy(update={"online_url": None})
