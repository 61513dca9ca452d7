"""Access tokens: JWTs (RFC 9068) that the gateway signs for a key and that only the gateway takes.

They say whose they are and which of the key's scopes they carry. The key itself is looked up at every request, so that
revoking it ends them at once. Internal tokens have another audience and another type, so neither passes for the other.
"""

from functools import lru_cache
from typing import NamedTuple

from joserfc import jwt
from joserfc.errors import JoseError

from shared import clock
from shared.secrets import Secrets

LIFETIME = 600
"""Seconds until an access token expires."""

_AUDIENCE = "backbone"
_TYPE = "at+jwt"
_ALGORITHMS = ["Ed25519"]
_HEADER = b"eyJ"


class AccessToken(NamedTuple):
    """What a token says: its key, its scopes with spaces between, and when it expires (microseconds since 1970)."""

    key: str
    scopes: str
    expires_at: int


def looks_like_one(token: bytes) -> bool:
    """Whether a bearer token has the form of a JWT: base64 of an opening brace, and two dots."""
    return token.startswith(_HEADER) and token.count(b".") == 2


def sign(key: str, scopes: str, secrets: Secrets) -> str:
    """A token for a key with these of its scopes."""
    now = clock.milliseconds() // 1000
    kid = secrets.signer.kid or ""
    claims: dict[str, object] = {"iss": "gateway", "aud": _AUDIENCE, "sub": key, "client_id": key, "scope": scopes}
    claims |= {"iat": now, "exp": now + LIFETIME}
    header = {"alg": "Ed25519", "kid": kid, "typ": _TYPE}
    return jwt.encode(header, claims, secrets.signer, algorithms=_ALGORITHMS)


@lru_cache(maxsize=10_000)
def read(token: bytes, secrets: Secrets) -> AccessToken:
    """What a token says that this gateway signed, expired or not. Raises ValueError for any other."""
    try:
        found = jwt.decode(token.decode("latin-1"), secrets.verifiers, algorithms=_ALGORITHMS)
        claims = found.claims
        if found.header.get("typ") != _TYPE or claims["aud"] != _AUDIENCE or claims["iss"] != "gateway":
            raise ValueError("it was made for something else")
        if not str(found.header["kid"]).startswith("gateway"):
            raise ValueError("another service signed it")
        return AccessToken(str(claims["sub"]), str(claims["scope"]), int(claims["exp"]) * 1_000_000)
    except (JoseError, KeyError, TypeError) as error:
        raise ValueError(f"it cannot be read ({type(error).__name__})") from None
