"""The route at which a key becomes a token of ten minutes."""

import base64
import binascii
from typing import ClassVar, NamedTuple
from urllib.parse import parse_qs, unquote_plus

from fastapi import Request

from services.gateway.access.admission import Admission
from services.gateway.access.oauth import tokens
from services.gateway.access.oauth.schemas import Token
from services.gateway.access.scopes import covers
from shared.errors import AppError, Unauthenticated
from shared.needs import anyone
from shared.parts import Parts
from shared.routing import Router

router = Router(tags=["access"])

_FORM = "application/x-www-form-urlencoded"
_NEEDS = anyone()
_NEEDS["openapi_extra"]["requestBody"] = {
    "required": True,
    "content": {
        _FORM: {
            "schema": {
                "type": "object",
                "required": ["grant_type"],
                "properties": {
                    "grant_type": {"type": "string", "const": "client_credentials"},
                    "client_id": {"type": "string", "description": "the id of a key"},
                    "client_secret": {"type": "string", "description": "its token"},
                    "scope": {"type": "string", "description": "fewer scopes than the key has, spaces between"},
                },
            },
            "example": {"grant_type": "client_credentials", "scope": "people:read"},
        }
    },
}


class _Refused(AppError):
    """A token is refused in the words of RFC 6749, 5.2, which clients look for in `error`."""

    status = 400
    error: ClassVar[str]

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail, error=self.error)


class UnsupportedGrant(_Refused):
    """Another way to a token than client credentials."""

    code, title, error = "unsupported_grant_type", "Only client_credentials is offered", "unsupported_grant_type"


class BadTokenRequest(_Refused):
    """The form cannot be read."""

    code, title, error = "invalid_request", "The form cannot be read", "invalid_request"


class ScopeTooWide(_Refused):
    """A scope that the key does not have."""

    code, title, error = "invalid_scope", "The key does not have this scope", "invalid_scope"


class UnknownClient(_Refused):
    """No key has this id and this token."""

    status, code, title, error = 401, "invalid_client", "No key has this id and token", "invalid_client"
    always_sent: ClassVar[dict[str, str]] = {"www-authenticate": 'Basic realm="backbone"'}


class _Asked(NamedTuple):
    client: str
    secret: str
    scope: str


@router.post("/v1/oauth/token", response_model=Token, **_NEEDS)
async def get_token(request: Request) -> Token:
    """Get a token of ten minutes by client credentials (RFC 6749, 4.4): `client_id` is a key's id, and `client_secret`
    its token, as HTTP Basic or in the form. `scope` asks for fewer scopes than the key has. Once the key is revoked its
    tokens are refused as well. 401 `invalid_client` for one that is not taken.
    """
    parts: Parts = request.app.state.parts
    asked = _asked(request.headers.get("authorization", ""), await request.body(), request.headers.get("content-type"))
    try:
        caller = await Admission(parts.db, parts.secrets).admit(b"Bearer " + asked.secret.encode("latin-1"), None)
    except (Unauthenticated, UnicodeEncodeError):
        raise UnknownClient from None
    if caller.kind == "session" or caller.credential != asked.client:
        raise UnknownClient
    caller.refuse_elsewhere(request.scope)
    wanted = asked.scope.split()
    for scope in wanted:
        if not covers(caller.granted, scope):
            raise ScopeTooWide(f"the key does not have {scope}" if len(scope) <= 100 else "")
    granted = " ".join(sorted(set(wanted) or caller.granted))
    token = tokens.sign(caller.credential, granted, parts.secrets)
    return Token(access_token=token, token_type="Bearer", expires_in=tokens.LIFETIME, scope=granted)


def _asked(authorization: str, body: bytes, content_type: str | None) -> _Asked:
    if (content_type or "").partition(";")[0].strip().lower() != _FORM:
        raise BadTokenRequest(f"it is sent as {_FORM}")
    try:
        sent = parse_qs(body.decode("ascii"), keep_blank_values=True, strict_parsing=True, max_num_fields=20)
    except ValueError:
        raise BadTokenRequest from None
    if any(len(values) > 1 for values in sent.values()):
        raise BadTokenRequest("a parameter is there twice")
    form = {name: values[0] for name, values in sent.items()}
    if "grant_type" not in form:
        raise BadTokenRequest("grant_type is missing")
    if form["grant_type"] != "client_credentials":
        raise UnsupportedGrant
    client, secret = _basic(authorization) or (form.get("client_id", ""), form.get("client_secret", ""))
    return _Asked(client, secret, form.get("scope", ""))


def _basic(authorization: str) -> tuple[str, str] | None:
    """Client and secret from HTTP Basic; both are form-encoded in it (RFC 6749, 2.3.1)."""
    kind, _, encoded = authorization.partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        client, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise UnknownClient from None
    return unquote_plus(client), unquote_plus(secret)
