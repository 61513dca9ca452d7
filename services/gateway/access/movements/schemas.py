"""What is sent and answered about movements."""

from datetime import datetime
from typing import Annotated, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from services.gateway.access.movements import models
from services.gateway.access.movements.domain import DEFAULT_ZONE
from shared.fields import Body, View
from shared.ids import Id

MovementId = Annotated[str, Id("movement")]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=63, examples=["we-can-move"])]
Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S")]


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise PydanticCustomError("unknown_time_zone", "is no IANA time zone, such as Europe/London") from None
    return name


TimeZone = Annotated[str, Field(min_length=1, max_length=64, examples=[DEFAULT_ZONE]), AfterValidator(_zone)]


class NewMovement(Body):
    """A movement to open a workspace for. Without a slug one is made of the name."""

    name: Name
    slug: Slug | None = None
    time_zone: TimeZone = DEFAULT_ZONE


class MovementChanges(Body):
    """What is to be different about a movement; what is left out stays. Its slug stays: others have it in addresses."""

    name: Name | None = None
    time_zone: TimeZone | None = None


class Movement(View):
    """A movement: a tenant. Days, periods and due dates are reckoned in its time zone."""

    id: MovementId
    slug: Slug
    name: str
    time_zone: str
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, movement: models.Movement) -> Self:
        """As it is answered."""
        return cls.model_validate(movement, from_attributes=True)
