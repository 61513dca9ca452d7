"""What is said about moving on, and how a leaver's list is shown."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import Field

from services.members.community.handovers import models
from services.members.community.handovers.models import SETTLED, HandoverState, How, ItemState
from services.members.community.stewardships.models import AboutKind, Role, kind_of
from services.members.community.stewardships.schemas import About, StewardshipId
from services.members.fields import Paragraph, PersonId, Slug
from shared.fields import Body, View
from shared.ids import Id

HandoverId = Annotated[str, Id("handover")]
ItemId = Annotated[str, Id("item")]


class Leaving(Body):
    """Who left, as the gateway says it once their access has ended."""

    person: PersonId | None
    caretaker: PersonId | None
    reason: Slug
    leaving_on: date


class HandoverChanges(Body):
    """What is to be different; a field that is left out stays as it is."""

    person: PersonId | None = Field(
        None, description="Who left, where that was not known; null: nobody whom the movement knows."
    )
    caretaker: PersonId = Field("", description="Who looks after what is not taken on yet, from now on.")
    due_on: date = Field(date.min, description="By when everything is to be settled.")


class Asking(Body):
    """A successor is asked."""

    person: PersonId
    why: Paragraph = Field(examples=["She lives two doors away."])


class Introduction(Body):
    """The successor was introduced to whom the relationship is with."""

    how: How
    on: date | None = Field(None, description="today, unless it was earlier")


class KindEnding(Body):
    """Nobody keeps this relationship any more, and why."""

    reason: Paragraph


class Keeper(View):
    """Somebody with a relationship, or who is asked to take it on."""

    person: PersonId
    stewardship: StewardshipId


class Item(View):
    """A relationship of somebody who left, and who looks after it."""

    id: ItemId
    about: About
    about_kind: AboutKind
    role: Role
    was: Annotated[StewardshipId, Field(description="the stewardship of whoever left")]
    state: ItemState
    care: Annotated[Keeper | None, Field(description="the caretaker, until a successor accepts; null: nobody")]
    successor: Annotated[Keeper | None, Field(description="who is asked, or has accepted")]
    due_on: date
    overdue: bool
    introduced_on: date | None
    introduced_how: How | None
    ended_reason: str | None
    updated_at: datetime
    version: int


class Handover(View):
    """Somebody left. It closes once each relationship is accepted and introduced, or kindly ended."""

    id: HandoverId
    person: PersonId | None
    person_needed: Annotated[bool, Field(description="it is not known who among the movement's people left: say so")]
    caretaker: Annotated[PersonId | None, Field(description="null: nobody looks after what is left; name somebody")]
    reason: str
    leaving_on: date
    due_on: date
    overdue: bool
    state: HandoverState
    opened_at: datetime
    closed_at: datetime | None
    updated_at: datetime
    version: int

    @classmethod
    def on(cls, day: date, row: models.Handover) -> Self:
        """A handover as the API shows it on a day."""
        return cls.model_validate(_fields(day, row))


class HandoverList(Handover):
    """A handover with its list."""

    items: list[Item]

    @classmethod
    def of(cls, listed: "Listed") -> Self:
        """A handover as the API shows it, with its list."""
        items = [_item(listed, line) for line in listed.lines]
        return cls.model_validate(_fields(listed.today, listed.handover) | {"items": items})


class Listed:
    """A handover with all that its list shows: the lines, who holds which stewardship, and what day it is."""

    __slots__ = ("handover", "holders", "lines", "today")

    def __init__(
        self,
        handover: models.Handover,
        lines: "list[tuple[models.HandoverItem, str, str]]",
        holders: dict[str, str],
        today: date,
    ) -> None:
        self.handover = handover
        self.lines = lines
        """Each with what the relationship is with, and the role in which it was held."""
        self.holders = holders
        self.today = today


def _fields(day: date, row: models.Handover) -> dict[str, object]:
    names = (
        "id", "person", "person_needed", "caretaker", "reason", "leaving_on", "due_on", "state", "opened_at",
        "closed_at", "updated_at", "version",
    )  # fmt: skip
    fields: dict[str, object] = {name: getattr(row, name) for name in names}
    return fields | {"overdue": row.state == HandoverState.OPEN and row.due_on < day}


def _item(listed: Listed, line: "tuple[models.HandoverItem, str, str]") -> Item:
    row, about, role = line
    names = ("id", "was", "due_on", "introduced_on", "introduced_how", "ended_reason", "updated_at", "version")
    return Item.model_validate(
        {name: getattr(row, name) for name in names}
        | {
            "about": about,
            "about_kind": kind_of(about),
            "role": role,
            "state": row.state,
            "care": None if row.state in SETTLED else _keeper(listed, row.care),
            "successor": _keeper(listed, row.offer),
            "overdue": row.state not in SETTLED and row.due_on < listed.today,
        }
    )


def _keeper(listed: Listed, stewardship: str | None) -> Keeper | None:
    return None if stewardship is None else Keeper(person=listed.holders[stewardship], stewardship=stewardship)
