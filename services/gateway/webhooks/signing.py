"""Signatures by Standard Webhooks (HMAC-SHA256, `v1`), and the secrets that make them.

An endpoint has one secret. While it is being replaced the old one signs too, for a day, so that a receiver may change
over when it likes.
"""

import base64
import hmac
import secrets as random
from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache

import msgspec

from shared.secrets import Secrets

OVERLAP = timedelta(hours=24)
_BYTES = 32
_PREFIX = "whsec_"


class Key(msgspec.Struct, frozen=True):
    """A signing key; it signs until an instant (microseconds since 1970), or until it is replaced."""

    secret: bytes
    until: int | None = None


def new_keys() -> list[Key]:
    """The keys of a new endpoint: one."""
    return [Key(random.token_bytes(_BYTES))]


def rotated(keys: Sequence[Key], now: int) -> list[Key]:
    """A new key in front; the one before signs for OVERLAP more, and so does any that still did."""
    ends = now + int(OVERLAP.total_seconds()) * 1_000_000
    old = [Key(key.secret, ends if key.until is None else key.until) for key in signing(keys, now)]
    return [*new_keys(), *old]


def signing(keys: Sequence[Key], now: int) -> list[Key]:
    """The keys that sign at an instant, the newest first."""
    return [key for key in keys if key.until is None or key.until > now]


def shown(key: Key) -> str:
    """A key as its owner gets to see it, once: `whsec_…`."""
    return _PREFIX + base64.b64encode(key.secret).decode()


def sign(keys: Sequence[Key], message: str, timestamp: int, body: bytes) -> str:
    """The `webhook-signature` header: one signature a key over `webhook-id`, timestamp (unix seconds) and body."""
    content = f"{message}.{timestamp}.".encode() + body
    return " ".join([f"v1,{_mac(key.secret, content)}" for key in keys])


def seal(secrets: Secrets, movement: str, endpoint: str, keys: Sequence[Key]) -> bytes:
    """The keys as they are stored."""
    return secrets.seal(msgspec.json.encode(keys), bound_to=_place(movement, endpoint))


def unseal(secrets: Secrets, movement: str, endpoint: str, sealed: bytes) -> list[Key]:
    """The keys again. Raises Unreadable."""
    return msgspec.json.decode(secrets.open(sealed, bound_to=_place(movement, endpoint)), type=list[Key])


def _place(movement: str, endpoint: str) -> bytes:
    return f"webhook_endpoint/{movement}/{endpoint}".encode()


def _mac(secret: bytes, content: bytes) -> str:
    mac = _keyed(secret).copy()
    mac.update(content)
    return base64.b64encode(mac.digest()).decode()


@lru_cache(maxsize=1024)  # half of an HMAC's work is on the key, and an endpoint's stays the same
def _keyed(secret: bytes) -> hmac.HMAC:
    return hmac.new(secret, digestmod="sha256")
