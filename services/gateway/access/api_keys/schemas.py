"""What is sent and answered about API keys."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import AwareDatetime, Field

from services.gateway.access.api_keys import models
from services.gateway.access.scopes import Scope
from services.gateway.access.users.schemas import OrganisationId
from shared.fields import Body, Purpose, View
from shared.ids import Id

KeyId = Annotated[str, Id("key")]


class NewKey(Body):
    """A key for a partner app or a CRM."""

    name: Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S", examples=["Gloucester CRM"])]
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=100)]
    organisation: Annotated[OrganisationId | None, Field(description="the organisation that the key acts for")] = None
    purpose: Annotated[
        Purpose | None, Field(description="what an organisation's key has personal data for: its agreements say it too")
    ] = None
    expires_at: AwareDatetime | None = None
    platform: Annotated[bool, Field(description="a key for every movement; only a platform key makes one")] = False


class Key(View):
    """A key, without its token: that is stored nowhere. `last_used_at` is right to a quarter of a minute."""

    id: KeyId
    name: str
    platform: bool
    scopes: list[str]
    organisation: OrganisationId | None
    purpose: str | None
    created_by: str
    created_at: datetime
    expires_at: datetime | None
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
        "id", "name", "organisation", "purpose", "created_by", "created_at", "expires_at", "revoked_at", "last_used_at",
    )  # fmt: skip
    fields: dict[str, object] = {name: getattr(key, name) for name in names}
    return fields | {"platform": key.movement is None, "scopes": key.scopes.split()}
