"""Settings that give a number of days to each of several things; what is not named keeps its default."""

from collections.abc import Callable, Mapping
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, Field

Thing = TypeVar("Thing")
Days = Annotated[int, Field(ge=1, le=3660)]


def _others_from(defaults: Mapping[Thing, int]) -> Callable[[Mapping[Thing, int]], Mapping[Thing, int]]:
    return lambda given: {**defaults, **given}


AssetKind = Literal["group", "place", "activity", "personal_skill", "informal_network"]
ASSET_FRESH_DAYS: Mapping[AssetKind, int] = {
    "group": 180,
    "place": 365,
    "activity": 90,
    "personal_skill": 180,
    "informal_network": 180,
}
"""A choice of ours: what meets weekly changes within a season, a building hardly within a year."""

AssetFreshDays = Annotated[Mapping[AssetKind, Days], AfterValidator(_others_from(ASSET_FRESH_DAYS))]

Waiting = Literal["match", "introduction", "attendance", "settling", "telling_back"]
CONNECTION_WAIT_DAYS: Mapping[Waiting, int] = {
    "match": 14,
    "introduction": 7,
    "attendance": 21,
    "settling": 28,
    "telling_back": 7,
}
"""A choice of ours: an introduction that nobody asked after within a month was left alone."""

ConnectionWaitDays = Annotated[Mapping[Waiting, Days], AfterValidator(_others_from(CONNECTION_WAIT_DAYS))]
