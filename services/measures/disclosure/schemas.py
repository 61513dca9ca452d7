"""Disclosure profiles as they are sent and answered."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from services.measures.disclosure.models import Rule
from services.measures.fields import Key
from shared.disclosure import Method
from shared.fields import Body, Name, line

_Number = Annotated[int, Field(ge=0, le=10_000)]


class _Said(BaseModel):
    method: Method = Field(
        description="`suppress`: exact counts, small ones hidden, and others with them. `redact_and_round` and "
        "`midpoint`: every count changed. `open`: nothing hidden, for what is public already."
    )
    small_below: _Number = Field(0, description="A count below this is small.", examples=[10])
    zero_is_small: bool = Field(True, description="None is a small count too.")
    round_to: Annotated[int, Field(ge=1, le=1000)] = Field(
        1, description="What other counts are rounded to; of the midpoint rule, the size of a group.", examples=[5]
    )
    hide_certain: bool = Field(True, description="0 % and 100 % are hidden: they tell something of everybody there.")
    least_base: _Number = Field(0, description="Fewer people of a group: its figure is hidden.", examples=[30])
    least_area_base: _Number = Field(0, description="Fewer people of a whole area: its figure is hidden.")


class NewProfile(Body, _Said):
    """The next version of a profile. It never changes after."""

    key: Key = Field(examples=["our_own"])
    title: Name
    source: Annotated[str, line(300)] = Field(description="Whose rule it is, and where it stands.")

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.method in (Method.REDACT_AND_ROUND, Method.MIDPOINT) and self.round_to < 2:
            raise PydanticCustomError("round_to", "a rule that rounds says to what: round_to is 2 or more")
        if self.method is Method.MIDPOINT and (self.hide_certain or self.zero_is_small):
            raise PydanticCustomError(
                "midpoint_zero", "the midpoint rule shows none as none: zero_is_small and hide_certain are false"
            )
        if self.method is Method.MIDPOINT and self.small_below > self.round_to + 1:
            raise PydanticCustomError("small_below", "the midpoint rule can leave open no more than one group")
        return self


class Profile(_Said):
    """One version of a profile: by which rule counts of people are kept from telling who they are."""

    key: str
    number: int = Field(description="Counted from 1 within the key.")
    title: str
    source: str
    created_at: datetime | None = Field(description="Null for those that come with Backbone.")

    @classmethod
    def of(cls, rule: Rule) -> Self:
        it = rule.profile
        return cls(
            key=rule.key, number=rule.number, title=rule.title, source=rule.source, created_at=rule.created_at,
            method=it.method, small_below=it.small_below, zero_is_small=it.zero_is_small, round_to=it.round_to,
            hide_certain=it.hide_certain, least_base=it.least_base, least_area_base=it.least_area_base,
        )  # fmt: skip


class Profiles(BaseModel):
    """All of them: there are few."""

    data: list[Profile]
