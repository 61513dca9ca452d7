"""What is asked for and shown around a case: suggestions with their reasons, what waits on whom, wishes unmet."""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from services.members.community.assets.schemas import (
    AssetId,
    Clock,
    Day,
    Languages,
    Latitude,
    Longitude,
    Terms,
)
from services.members.community.connections.matching import FreeTime, Match, Wish
from services.members.community.connections.schemas import ConnectionId, IntroductionId
from services.members.community.connections.suggestions import Suggested
from services.members.community.geography import Point, district
from services.members.fields import PersonId, Postcode
from shared.fields import Body, Name, View


class Free(Body):
    """When somebody can come: a day, and from when to when of it where not all of it."""

    day: Day
    starts: Clock | None = None
    ends: Clock | None = None


class Wanted(Body):
    """What somebody looks for. Interests and a place that are left out are those that are known of the client."""

    interests: Terms = Field(default_factory=list, examples=[["gardening"]])
    free: list[Free] = Field(default_factory=list, max_length=30)
    postcode: Postcode | None = None
    area: Name | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    within_km: Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)] | None = None
    languages: Languages = Field(default_factory=list)
    access: Terms = Field(default_factory=list, description="What the client needs to take part.")
    most: Annotated[int, Field(ge=1, le=20)] = 5

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.latitude is None) != (self.longitude is None):
            raise PydanticCustomError("half_a_point", "has a latitude or a longitude without the other")
        if self.within_km is not None and self.latitude is None:
            raise PydanticCustomError("no_point", "has a distance and no point that it is from")
        return self

    def wish(self) -> Wish:
        """The same, as it is matched."""
        return Wish(
            interests=frozenset(self.interests),
            free=[FreeTime(each.day, each.starts, each.ends) for each in self.free],
            point=None if self.latitude is None or self.longitude is None else Point(self.latitude, self.longitude),
            within_m=None if self.within_km is None else round(self.within_km * 1000),
            district=None if self.postcode is None else district(self.postcode),
            area=self.area,
            languages=frozenset(code.casefold() for code in self.languages),
            access=frozenset(self.access),
        )


class Suggestion(View):
    """Where somebody may fit, and why."""

    asset: AssetId
    title: str
    reasons: list[str]

    @classmethod
    def of(cls, match: Match) -> Self:
        """A match as the API shows it."""
        return cls(asset=match.asset.id, title=match.asset.title, reasons=list(match.reasons))


class Suggestions(View):
    """The best of what fits, the best first; where there is nothing, each interest is noted as an unmet wish."""

    data: list[Suggestion]
    unmet: bool

    @classmethod
    def of(cls, suggested: Suggested) -> Self:
        """Suggestions as the API shows them."""
        return cls(data=[Suggestion.of(match) for match in suggested.matches], unmet=suggested.unmet)


WaitsFor = Literal["match", "introduction", "attendance", "settling", "telling_back"]


class Waiting(View):
    """Something that a case waits for: on whom, since when, and whether for too long."""

    connection: ConnectionId
    introduction: IntroductionId | None
    waits_for: WaitsFor
    on: PersonId
    since: datetime
    overdue: bool


class WishesAlike(View):
    """Unmet wishes of one theme in one place."""

    theme: str
    place: str | None
    wishes: int
    first_on: date
    latest_on: date
