"""Signatures by Standard Webhooks, and the keys that make them: HMAC-SHA256 (`v1`) or Ed25519 (`v1a`).

An endpoint has one key. While it is being replaced the old one signs too, for a day, so that a receiver may change over
when it likes. The key that comes next is made long before it is shown, and signs already: whenever it is shown, no
process that sends has to be told of it, and no delivery under way fails the receiver's check.
"""

import base64
import hmac
import secrets as random
from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Literal

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.secrets import Secrets

OVERLAP = timedelta(hours=24)
_BYTES = 32

Kind = Literal["hmac", "ed25519"]
"""hmac: both sides have the secret. ed25519: the receiver has a public key, with which nobody can sign."""

_PREFIX = {"hmac": "whsec_", "ed25519": "whpk_"}


class Key(msgspec.Struct, frozen=True, omit_defaults=True):
    """A signing key; it signs until an instant (microseconds since 1970), or until it is replaced.

    `secret` is random; of an Ed25519 key it is the seed. `upcoming`: nobody has been shown it yet.
    """

    secret: bytes
    until: int | None = None
    kind: Kind = "hmac"
    upcoming: bool = False


def new_keys(kind: Kind = "hmac") -> list[Key]:
    """The keys of a new endpoint: the one that is shown, and the one that comes next."""
    return [_fresh(kind), _upcoming(kind)]


def rotated(keys: Sequence[Key], now: int, kind: Kind) -> list[Key]:
    """The next key in front; the one before signs for OVERLAP more, and so does any that still did."""
    ends = now + int(OVERLAP.total_seconds()) * 1_000_000
    ready = [key for key in keys if key.upcoming and key.kind == kind]
    shown_now = msgspec.structs.replace(ready[0], upcoming=False) if ready else _fresh(kind)
    old = [
        key if key.until is not None else msgspec.structs.replace(key, until=ends)
        for key in signing(keys, now)
        if not key.upcoming
    ]
    return [shown_now, _upcoming(kind), *old]


def signing(keys: Sequence[Key], now: int) -> list[Key]:
    """The keys that sign at an instant, the newest first."""
    return [key for key in keys if key.until is None or key.until > now]


def shown(key: Key) -> str:
    """What the receiver needs of a key: the secret, `whsec_…`, or the public key, `whpk_…`."""
    what = key.secret if key.kind == "hmac" else _signer(key.secret).public_key().public_bytes_raw()
    return _PREFIX[key.kind] + base64.b64encode(what).decode()


def public(key: Key) -> str | None:
    """The key that anybody may have, `whpk_…`; None where there is none."""
    return shown(key) if key.kind == "ed25519" else None


def sign(keys: Sequence[Key], message: str, timestamp: int, body: bytes) -> str:
    """The `webhook-signature` header: one signature a key over `webhook-id`, timestamp (unix seconds) and body."""
    content = f"{message}.{timestamp}.".encode() + body
    return " ".join([_signed(key, content) for key in keys])


def seal(secrets: Secrets, movement: str, endpoint: str, keys: Sequence[Key]) -> bytes:
    """The keys as they are stored."""
    return secrets.seal(msgspec.json.encode(keys), bound_to=_place(movement, endpoint))


def unseal(secrets: Secrets, movement: str, endpoint: str, sealed: bytes) -> list[Key]:
    """The keys again. Raises Unreadable."""
    return msgspec.json.decode(secrets.open(sealed, bound_to=_place(movement, endpoint)), type=list[Key])


def _fresh(kind: Kind) -> Key:
    return Key(random.token_bytes(_BYTES), kind=kind)


def _upcoming(kind: Kind) -> Key:
    return msgspec.structs.replace(_fresh(kind), upcoming=True)


def _place(movement: str, endpoint: str) -> bytes:
    return f"webhook_endpoint/{movement}/{endpoint}".encode()


def _signed(key: Key, content: bytes) -> str:
    if key.kind == "ed25519":
        return f"v1a,{base64.b64encode(_signer(key.secret).sign(content)).decode()}"
    mac = _keyed(key.secret).copy()
    mac.update(content)
    return f"v1,{base64.b64encode(mac.digest()).decode()}"


@lru_cache(maxsize=1024)  # half of an HMAC's work is on the key, and an endpoint's stays the same
def _keyed(secret: bytes) -> hmac.HMAC:
    return hmac.new(secret, digestmod="sha256")


@lru_cache(maxsize=1024)
def _signer(seed: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(seed)
