"""With what we show ourselves to a CRM: said once, sealed, and never shown again."""

from typing import Annotated

import msgspec
from pydantic import Field, SecretStr

from services.gateway.crm.models import Vendor
from shared.fields import Body, line
from shared.secrets import Secrets

Secret = Annotated[SecretStr, Field(min_length=8, max_length=4000)]
HeaderName = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,60}$", examples=["Authorization"])]


class Credentials(Body):
    """Which of them a CRM takes: an API key (CiviCRM), a private app's token (HubSpot), the id and the secret of a
    connected app with the client credentials flow (Salesforce), or the value of a header (generic)."""

    api_key: Secret | None = None
    token: Secret | None = None
    client_id: Annotated[str, line(500)] | None = None
    client_secret: Secret | None = None
    header: HeaderName | None = None
    value: Secret | None = None


NEEDED = {
    Vendor.CIVICRM: frozenset({"api_key"}),
    Vendor.HUBSPOT: frozenset({"token"}),
    Vendor.SALESFORCE: frozenset({"client_id", "client_secret"}),
    Vendor.GENERIC: frozenset({"header", "value"}),
}
"""What each vendor takes, and no other."""


class Opened(msgspec.Struct, frozen=True):
    """Credentials as they are used."""

    api_key: str = ""
    token: str = ""
    client_id: str = ""
    client_secret: str = ""
    header: str = ""
    value: str = ""


def seal(secrets: Secrets, movement: str, connection: str, given: Credentials) -> bytes:
    """Credentials as they are stored."""
    said = {
        name: value.get_secret_value() if isinstance(value, SecretStr) else value
        for name, value in given
        if value is not None
    }
    return secrets.seal(msgspec.json.encode(said), bound_to=_place(movement, connection))


def unseal(secrets: Secrets, movement: str, connection: str, sealed: bytes) -> Opened:
    """The credentials again. Raises Unreadable."""
    return msgspec.json.decode(secrets.open(sealed, bound_to=_place(movement, connection)), type=Opened)


def _place(movement: str, connection: str) -> bytes:
    return f"crm_connection/{movement}/{connection}".encode()
