"""Whether a call comes from the CRM that it says: one pure function for each of the three ways in which they sign.

Standard Webhooks (HMAC `v1`, or ed25519 `v1a` with the sender's public key), HubSpot's signature v3, and for CRMs that
have nothing better a secret in a header. A signature is compared in constant time, and one that is old is refused.
"""

import base64
import binascii
import hmac
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import ClassVar, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from shared.errors import Unauthenticated

TOLERANCE_SECONDS = 300
"""How old, or how far ahead, a timestamp may be: five minutes by Standard Webhooks, and by HubSpot's documentation."""

SECRET_HEADER = "backbone-hook-secret"
"""Where a CRM sends the secret that it shares with us, if it cannot sign."""

_HEADERS, _SVIXS = "webhook-", "svix-"
"""What the headers of Standard Webhooks begin with, and those of Svix, which signs in the same way."""

_HMAC_KEY, _PUBLIC_KEY = "whsec_", "whpk_"
_DECODED_BY_HUBSPOT = {
    "%3A": ":", "%2F": "/", "%3F": "?", "%40": "@", "%21": "!", "%24": "$", "%27": "'", "%28": "(", "%29": ")",
    "%2A": "*", "%2C": ",", "%3B": ";",
}  # fmt: skip
"""What HubSpot decodes in a URI before it signs it, and nothing else ("Validate the v3 request signature")."""


class Scheme(StrEnum):
    """How a CRM shows that it is who calls."""

    STANDARD_WEBHOOKS = "standard_webhooks"
    HUBSPOT_V3 = "hubspot_v3"
    SHARED_SECRET = "shared_secret"


class NotVerified(Unauthenticated):
    """The call does not come from the CRM that the address is for, or too late."""

    code, title = "not_verified", "The call is not signed by whom this hook is for"
    always_sent: ClassVar[Mapping[str, str]] = {"www-authenticate": "Webhook-Signature"}


class Called(NamedTuple):
    """A call as its sender signed it: the whole address with its query, the header fields by their lower-case names."""

    method: str
    uri: str
    headers: Mapping[str, str]
    body: bytes


def message_id(headers: Mapping[str, str]) -> str | None:
    """What the sender calls the message, the same whenever it sends it again; None where it does not say."""
    return headers.get(_begins(headers) + "id") or None


def verify(scheme: Scheme, keys: Sequence[str], called: Called, now: int) -> None:
    """Raise NotVerified unless one of the keys made the signature, at an instant (unix seconds) near enough."""
    if not _IN_THE_WAY_OF[scheme](keys, called, now):
        raise NotVerified("the signature is of another secret, or of another message")


def is_key(scheme: Scheme, text: str) -> bool:
    """Whether a text can be a key of this scheme; Standard Webhooks says how long one is (24 to 64 bytes)."""
    match scheme:
        case Scheme.STANDARD_WEBHOOKS if text.startswith(_PUBLIC_KEY):
            return len(_decoded(text.removeprefix(_PUBLIC_KEY)) or b"") == 32
        case Scheme.STANDARD_WEBHOOKS:
            return 24 <= len(_decoded(text.removeprefix(_HMAC_KEY)) or b"") <= 64
    return len(text) >= 24 and text.isascii() and text.isprintable()


def _standard(keys: Sequence[str], called: Called, now: int) -> bool:
    sent = _begins(called.headers)
    message, timestamp = _header(called, sent + "id"), _header(called, sent + "timestamp")
    _refuse_old(timestamp, 1, now)
    content = f"{message}.{timestamp}.".encode() + called.body
    signatures = _signatures(_header(called, sent + "signature"))
    return any(_made_by(key, content, each) for each in signatures for key in keys)


def _begins(headers: Mapping[str, str]) -> str:
    """What the headers of a message begin with: Svix's where only they are there."""
    return _SVIXS if _SVIXS + "id" in headers and _HEADERS + "id" not in headers else _HEADERS


def _signatures(header: str) -> Iterator[tuple[str, bytes]]:
    for each in header.split(" "):
        version, _, encoded = each.partition(",")
        signature = _decoded(encoded)
        if signature:
            yield version, signature


def _made_by(key: str, content: bytes, signature: tuple[str, bytes]) -> bool:
    version, made = signature
    if key.startswith(_PUBLIC_KEY):
        if version != "v1a":
            return False
        try:
            Ed25519PublicKey.from_public_bytes(_decoded(key.removeprefix(_PUBLIC_KEY)) or b"").verify(made, content)
        except InvalidSignature:
            return False
        return True
    secret = _decoded(key.removeprefix(_HMAC_KEY)) or b""
    return version == "v1" and hmac.compare_digest(hmac.digest(secret, content, "sha256"), made)


def _hubspot(keys: Sequence[str], called: Called, now: int) -> bool:
    made = _decoded(_header(called, "x-hubspot-signature-v3")) or b""
    timestamp = _header(called, "x-hubspot-request-timestamp")
    _refuse_old(timestamp, 1000, now)
    uri = called.uri
    for encoded, plain in _DECODED_BY_HUBSPOT.items():
        uri = uri.replace(encoded, plain).replace(encoded.lower(), plain)
    content = f"{called.method}{uri}".encode() + called.body + timestamp.encode()
    return any(hmac.compare_digest(hmac.digest(key.encode(), content, "sha256"), made) for key in keys)


def _secret(keys: Sequence[str], called: Called, now: int) -> bool:
    sent = _header(called, SECRET_HEADER).encode()
    return any(hmac.compare_digest(key.encode(), sent) for key in keys)


_IN_THE_WAY_OF: Mapping[Scheme, Callable[[Sequence[str], Called, int], bool]] = {
    Scheme.STANDARD_WEBHOOKS: _standard,
    Scheme.HUBSPOT_V3: _hubspot,
    Scheme.SHARED_SECRET: _secret,
}


def _header(called: Called, name: str) -> str:
    value = called.headers.get(name, "")
    if not value:
        raise NotVerified(f"the header {name} is missing")
    return value


def _refuse_old(timestamp: str, a_second: int, now: int) -> None:
    """Of a timestamp that counts ``a_second`` to the second."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 16):
        raise NotVerified("the timestamp is no number")
    if abs(int(timestamp) // a_second - now) > TOLERANCE_SECONDS:
        raise NotVerified("the timestamp is more than five minutes from now")


def _decoded(encoded: str) -> bytes | None:
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return None
