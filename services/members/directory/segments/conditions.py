"""What a filter can ask of a person: one small typed form for each condition, named by the one key that a node has."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, StrictBool, StrictFloat, StrictInt, StrictStr, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from services.members.directory.people.models import AgeBand
from services.members.engagement.ladder.engine import Rung
from services.members.engagement.memberships.models import State
from services.members.fields import Label, Language, OrganisationId, Slug
from services.members.trust.permissions.models import Channel
from shared.fields import Body

PostcodeStart = Annotated[
    str, StringConstraints(strip_whitespace=True, to_upper=True, pattern=r"^[A-Za-z0-9][A-Za-z0-9 -]{0,14}$")
]
Reachable = Literal["email", "phone", "postcode"]
Days = Annotated[int, Field(ge=1, le=36_500, description="how many days back, today being the first")]
Count = Annotated[int, Field(ge=0, le=1_000_000)]


class Activities(Body):
    """How often they did something: of some kinds or any, in the last days or since one. At least once, unless said."""

    kinds: Annotated[list[Slug], Field(min_length=1, max_length=50)] | None = None
    within_days: Days | None = None
    since: date | None = None
    at_least: Count | None = None
    at_most: Count | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.within_days is not None and self.since is not None:
            raise PydanticCustomError("one_way", "needs either within_days or since")
        if self.at_least is not None and self.at_most is not None and self.at_most < self.at_least:
            raise PydanticCustomError("empty_range", "asks for at most less than at least")
        return self


class Joined(Body):
    """When they joined: in the last days, or from one day on and before another."""

    within_days: Days | None = None
    since: date | None = None
    before: date | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_fields_set:
            raise PydanticCustomError("nothing_asked", "asks nothing")
        return self


class Permission(Body):
    """That they allow a purpose over a channel at the moment of asking."""

    purpose: Slug
    channel: Channel


class Affiliation(Body):
    """That they belong to an organisation today, in some role or any."""

    organisation: OrganisationId
    role: Slug | None = None


class Custom(Body):
    """What they have in a custom field. Without more than the key: anything."""

    key: Slug
    equals: StrictStr | StrictBool | StrictInt | StrictFloat | None = None
    at_least: StrictInt | StrictFloat | StrictStr | None = None
    at_most: StrictInt | StrictFloat | StrictStr | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.equals is not None and (self.at_least is not None or self.at_most is not None):
            raise PydanticCustomError("one_way", "needs either equals or a range")
        return self


class Condition(Body):
    """One condition; exactly one of the fields is said."""

    tag: Label | None = None
    interest: Label | None = None
    skill: Label | None = None
    language: Language | None = None
    age_band: Annotated[list[AgeBand], Field(min_length=1)] | None = None
    contact_preference: Channel | None = None
    has: Reachable | None = None
    postcode: PostcodeStart | None = None
    rung: Annotated[list[Rung], Field(min_length=1)] | None = None
    state: Annotated[list[State], Field(min_length=1)] | None = None
    joined: Joined | None = None
    activities: Activities | None = None
    permission: Permission | None = None
    affiliation: Affiliation | None = None
    custom: Custom | None = None
    source: Slug | None = None


NAMES = frozenset(Condition.model_fields)
