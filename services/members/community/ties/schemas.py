"""What is said about ties, and how they are shown."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from services.members.community.circles.schemas import CircleId
from services.members.community.ties import models
from services.members.community.ties.models import State, Strength, Visibility
from services.members.fields import Slug
from shared.fields import Body, View
from shared.ids import Id, is_id

TieId = Annotated[str, Id("tie")]


def _side(text: str) -> str:
    if not (is_id(text, "person") or is_id(text, "org")):
        raise PydanticCustomError("invalid_id", "is not an id of a person or an organisation")
    return text


Side = Annotated[str, Field(max_length=40, examples=["org_01j5x3m0e8f7v9q2k4t6w8y0ab"]), AfterValidator(_side)]
"""The id of a person or an organisation."""
Kind = Annotated[Slug, Field(examples=["works_with"], description="a word of the movement's own")]


class Telling(Body):
    """What one of the two sides says."""

    told_us_on: date | None = Field(
        None, description="The day on which they said so; needed unless the caller acts for that side."
    )


class NewTie(Telling):
    """One side says that it works with the other."""

    first: Side = Field(description="Who says so.")
    second: Side = Field(description="With whom.")
    kind: Kind
    strength: Strength | None = None
    since: date = Field(description="From which day on.")
    visibility: Visibility = Visibility.SIDES
    circle: CircleId | None = Field(None, description="Whose members see it, with the visibility `circle`.")

    @model_validator(mode="after")
    def _circle_where_it_counts(self) -> Self:
        if (self.visibility == Visibility.CIRCLE) != (self.circle is not None):
            raise PydanticCustomError("circle_and_visibility", "`circle` goes with the visibility `circle`")
        return self


class TieChanges(Telling):
    """What is to be different; a field that is left out stays as it is."""

    kind: Kind = ""
    strength: Strength | None = None
    visibility: Visibility = Visibility.SIDES
    circle: CircleId | None = None


class Confirmation(Telling):
    """The other side sees it so too, and says who may see it: never more than the first side wants."""

    visibility: Visibility = Visibility.PUBLIC


class TieEnding(Telling):
    """It holds no longer."""

    on: date | None = Field(None, description="The first day on which it no longer holds; else today.")


class Tie(View):
    """Who works with whom, as one side says, and the other confirms."""

    id: TieId
    first: Side
    second: Side
    kind: str
    strength: Strength | None
    visibility: Visibility
    circle: CircleId | None
    state: State
    since: date
    ended_on: date | None
    declared_by: str
    declared_at: datetime
    answered_by: str | None
    answered_at: datetime | None
    updated_at: datetime
    version: int

    @classmethod
    def of(cls, row: models.Tie) -> Self:
        """A tie as the API shows it."""
        names = (
            "id", "kind", "strength", "visibility", "circle", "state", "since", "ended_on", "declared_by",
            "declared_at", "answered_by", "answered_at", "updated_at", "version",
        )  # fmt: skip
        first, second = row.sides
        return cls.model_validate({name: getattr(row, name) for name in names} | {"first": first, "second": second})
