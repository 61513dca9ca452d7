"""What is said about stewardships and caretakers, and how they are shown."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from services.members.community.circles.schemas import CircleId
from services.members.community.stewardships import models
from services.members.community.stewardships.models import PREFIXES, AboutKind, Role, State, kind_of
from services.members.fields import Paragraph, PersonId
from shared.fields import Body, View
from shared.ids import Id, is_id

StewardshipId = Annotated[str, Id("stewardship")]
CaretakerId = Annotated[str, Id("caretaker")]


def _about(text: str) -> str:
    prefix = text.partition("_")[0]
    if prefix not in PREFIXES or not is_id(text, prefix):
        raise PydanticCustomError("invalid_id", "is not an id of a person, an organisation, a circle or an asset")
    return text


About = Annotated[str, Field(max_length=40, examples=["circle_01j5x3m0e8f7v9q2k4t6w8y0ab"]), AfterValidator(_about)]
"""The id of a person, an organisation, a circle or an asset."""


class NewStewardship(Body):
    """Somebody is asked to keep a relationship."""

    about: About = Field(description="With whom or what: a person, an organisation, a circle or an asset.")
    holder: PersonId = Field(description="Who is asked.")
    role: Role = Role.HOLDER
    why: Paragraph = Field(description="Why it is them.", examples=["They were at school together."])
    in_place_of: StewardshipId | None = Field(
        None, description="The stewardship that ends when this one is accepted: how a holder who stays passes it on."
    )


class StewardshipChanges(Body):
    """What is to be different; a field that is left out stays as it is."""

    why: Paragraph = ""
    role: Role = Role.SECOND


class Answer(Body):
    """What somebody answered who was asked."""

    told_us_on: date | None = Field(
        None, description="The day on which they said so; needed unless the caller is signed in as that person."
    )


class Acceptance(Answer):
    """They take it on. `since` may lie in the past where they have kept the relationship all along."""

    since: date | None = Field(None, description="today, unless it is said")


class Ending(Body):
    """Kindly ended."""

    reason: Paragraph = Field(examples=["They asked not to be called any more."])
    on: date | None = Field(None, description="today, unless it was earlier")


class Stewardship(View):
    """Who keeps a relationship, or was asked to."""

    id: StewardshipId
    about: About
    about_kind: AboutKind
    holder: PersonId
    role: Role
    why: str
    state: State
    since: date | None
    in_place_of: StewardshipId | None
    handover_item: str | None
    offered_by: str
    offered_at: datetime
    answered_by: str | None
    answered_at: datetime | None
    told_us_on: date | None
    ended_on: date | None
    ended_reason: str | None
    updated_at: datetime
    version: int

    @classmethod
    def of(cls, row: models.Stewardship) -> Self:
        """A stewardship as the API shows it."""
        return cls.model_validate(_fields(row))


class Offered(Stewardship):
    """A stewardship that somebody was asked to take on."""

    stretched: bool = Field(
        description="They say that they are stretched or have no room, and let the caller know it. False tells nothing:"
        " it is so too where they have not said, or do not share it."
    )

    @classmethod
    def to(cls, offered: tuple[models.Stewardship, bool]) -> Self:
        """As it is answered to whoever asked."""
        row, stretched = offered
        return cls.model_validate(_fields(row) | {"stretched": stretched})


class NewCaretaker(Body):
    """Somebody who agreed to look after what people leave behind, until it is taken on by others."""

    person: PersonId
    circle: CircleId | None = Field(None, description="for what a leaver held with this circle; null: everything")
    agreed_on: date = Field(description="They are asked, not assigned: the day on which they said yes.")


class Caretaker(View):
    """A caretaker, now or once."""

    id: CaretakerId
    circle: CircleId | None
    person: PersonId
    agreed_on: date
    named_by: str
    named_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, row: models.Caretaker) -> Self:
        """A caretaker as the API shows them."""
        return cls.model_validate(row, from_attributes=True)


def _fields(row: models.Stewardship) -> dict[str, object]:
    names = (
        "id", "about", "holder", "role", "why", "state", "since", "in_place_of", "handover_item", "offered_by",
        "offered_at", "answered_by", "answered_at", "told_us_on", "ended_on", "ended_reason", "updated_at", "version",
    )  # fmt: skip
    return {name: getattr(row, name) for name in names} | {"about_kind": kind_of(row.about)}
