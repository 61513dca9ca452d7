"""What is said about segments, and how they are shown."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field, JsonValue

from services.members.directory.segments import models
from services.members.directory.segments.conditions import Condition
from services.members.fields import Paragraph
from shared.fields import Body, Name, View
from shared.ids import Id

SegmentId = Annotated[str, Id("segment")]

_EXAMPLE = {
    "all": [
        {"tag": "pilot"},
        {"activities": {"kinds": ["walk"], "at_least": 3, "within_days": 90}},
        {"permission": {"purpose": "news", "channel": "email"}},
        {"not": {"rung": ["champion", "co_owner"]}},
    ]
}
Filter = Annotated[
    dict[str, JsonValue],
    Field(
        description=(
            "Each node is an object with one key: `all` or `any` of a list of nodes, `not` a node, or a condition: "
            + ", ".join(f"`{name}`" for name in Condition.model_fields)
            + ". What each takes is in the guide to the directory."
        ),
        examples=[_EXAMPLE],
    ),
]


class NewSegment(Body):
    """A question about people that is kept."""

    name: Name = Field(examples=["Walkers to thank"])
    description: Paragraph | None = None
    filter: Filter


class SegmentChanges(Body):
    """What is to be different; a field that is left out stays as it is."""

    name: Name = ""
    description: Paragraph | None = None
    filter: Filter = Field(default_factory=dict)


class SegmentFilter(Body):
    """A filter to be tried before it is kept."""

    filter: Filter


class Segment(View):
    """A question about people that is kept. Whom it finds is asked anew whenever it is read."""

    id: SegmentId
    name: str
    description: str | None
    filter: dict[str, JsonValue]
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, segment: models.Segment) -> Self:
        """A segment as the API shows it."""
        return cls.model_validate(segment, from_attributes=True)


class People(View):
    """How many people there are."""

    people: int
