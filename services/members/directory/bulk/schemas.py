"""What is to be done with many people, and with whom."""

from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from services.members.directory.custom_fields.schemas import CustomValues
from services.members.fields import Label, PersonId
from shared.fields import Body
from shared.ids import Id

MOST_AT_ONCE = 10_000


class Deed(Body):
    """What is done with each of the people: exactly one of these."""

    tag: Label | None = Field(None, description="a tag that each is given")
    untag: Label | None = Field(None, description="a tag that is taken from each")
    custom: CustomValues = Field(default_factory=dict, description="values of custom fields; null takes one away")

    @model_validator(mode="after")
    def _one(self) -> Self:
        if [self.tag is not None, self.untag is not None, bool(self.custom)].count(True) != 1:
            raise PydanticCustomError("one_deed", "needs exactly one of tag, untag and custom")
        return self


class NewBulk(Body):
    """One change for many people, named one by one or found by a segment at the moment of asking."""

    people: list[PersonId] | None = Field(None, min_length=1, max_length=MOST_AT_ONCE)
    segment: Annotated[str, Id("segment")] | None = None
    deed: Deed

    @model_validator(mode="after")
    def _of_one_kind(self) -> Self:
        if (self.people is None) == (self.segment is None):
            raise PydanticCustomError("one_way", "needs either people or segment")
        return self
