"""What is sent and answered about API keys."""

from datetime import datetime
from ipaddress import ip_network
from typing import Annotated, Self

from pydantic import AfterValidator, AwareDatetime, Field
from pydantic_core import PydanticCustomError

from services.gateway.access.api_keys import models
from services.gateway.access.scopes import Scope
from services.gateway.access.users.schemas import OrganisationId
from services.gateway.limits import Allowance
from shared.fields import Body, Purpose, View
from shared.ids import Id

KeyId = Annotated[str, Id("key")]

LONGEST_OVERLAP_HOURS = 168


def _network(text: str) -> str:
    try:
        return str(ip_network(text))
    except ValueError:
        raise PydanticCustomError("invalid_network", "is no address or network, such as 192.0.2.0/24") from None


Network = Annotated[str, Field(max_length=50, examples=["192.0.2.0/24"]), AfterValidator(_network)]


class NewKey(Body):
    """A key for a partner app or a CRM."""

    name: Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S", examples=["Gloucester CRM"])]
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=100)]
    organisation: Annotated[OrganisationId | None, Field(description="the organisation that the key acts for")] = None
    purpose: Annotated[
        Purpose | None, Field(description="what an organisation's key has personal data for: its agreements say it too")
    ] = None
    expires_at: AwareDatetime | None = None
    addresses: Annotated[
        list[Network],
        Field(default_factory=list, max_length=50, description="from where it may be used; empty: anywhere"),
    ]
    requests_per_minute: Annotated[
        int | None,
        Field(ge=1, le=10_000_000, description="at most; null: as every key (`BACKBONE_RATE_LIMIT`)"),
    ] = None
    requests_per_day: Annotated[
        int | None, Field(ge=1, le=10_000_000_000, description="at most, in a day of UTC; null: no quota")
    ] = None
    platform: Annotated[bool, Field(description="a key for every movement; only a platform key makes one")] = False

    @property
    def allowance(self) -> Allowance:
        """How often it may ask."""
        return Allowance(self.requests_per_minute, self.requests_per_day)


class Rotation(Body):
    """How long the token that is in use stays good beside the new one."""

    overlap_hours: Annotated[int, Field(ge=0, le=LONGEST_OVERLAP_HOURS)] = 24


class Key(View):
    """A key, without its token: that is stored nowhere. `last_used_at` is right to a quarter of a minute.

    Until `previous_until` the token from before the last rotation is good as well.
    """

    id: KeyId
    name: str
    platform: bool
    scopes: list[str]
    addresses: list[str]
    requests_per_minute: int | None
    requests_per_day: int | None
    organisation: OrganisationId | None
    purpose: str | None
    created_by: str
    created_at: datetime
    expires_at: datetime | None
    previous_until: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None

    @classmethod
    def of(cls, key: models.ApiKey) -> Self:
        """As it is answered."""
        return cls.model_validate(_fields(key))


class CreatedKey(Key):
    """The new key with its token."""

    token: Annotated[str, Field(description="shown this once: send it as `Authorization: Bearer …`")]

    @classmethod
    def with_token(cls, made: tuple[models.ApiKey, str]) -> Self:
        """As it is answered once."""
        key, token = made
        return cls.model_validate(_fields(key) | {"token": token})


def _fields(key: models.ApiKey) -> dict[str, object]:
    names = (
        "id", "name", "organisation", "purpose", "created_by", "created_at", "expires_at", "previous_until",
        "revoked_at", "last_used_at",
    )  # fmt: skip
    fields: dict[str, object] = {name: getattr(key, name) for name in names}
    listed: dict[str, object] = {"scopes": key.scopes.split(), "addresses": key.addresses.split()}
    listed |= {"requests_per_minute": key.per_minute, "requests_per_day": key.per_day}
    return fields | listed | {"platform": key.movement is None}
