"""A ring of keys of one purpose: the newest seals, every one of them opens, and what is looked up is blinded by each.

A service's own ring seals what it keeps confidential. What is for fewer eyes still, such as safeguarding, has a ring of
its own (:data:`shared.secrets.RINGS`), so that whoever has the service's keys has not these.
"""

import base64
import hmac
import os
from collections.abc import Mapping
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12
_BLINDING = b"blind index"


class Unreadable(Exception):
    """A ciphertext that no key of ours opens, or that was sealed for something else."""


class Keyring:
    """Keys by name, the newest first. Compared and hashed by identity, so that caches can be keyed by it."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self._ciphers = {name: AESGCM(key) for name, key in keys.items()}
        self._newest = next(iter(keys))
        # Never the sealing key itself: what is looked up by tells nothing that would help to open.
        self._blinding = [hmac.digest(key, _BLINDING, sha256) for key in keys.values()]

    @classmethod
    def parsed(cls, text: str) -> "Keyring":
        """The ring that a setting holds, `name:base64,…` of 32 bytes each. Raises ValueError."""
        return cls(parsed(text))

    @property
    def mark(self) -> bytes:
        """What a ciphertext begins with that the newest key sealed."""
        return self._newest.encode() + b":"

    def seal(self, plaintext: bytes, *, bound_to: bytes) -> bytes:
        """Encrypt with the newest key (AES-256-GCM). `bound_to` names the row, so that a ciphertext cannot be moved."""
        nonce = os.urandom(_NONCE)
        return self.mark + nonce + self._ciphers[self._newest].encrypt(nonce, plaintext, bound_to)

    def open(self, ciphertext: bytes, *, bound_to: bytes) -> bytes:
        """Decrypt what any of our keys sealed for the same `bound_to`. Raises Unreadable."""
        name, _, sealed = ciphertext.partition(b":")
        cipher = self._ciphers.get(name.decode("ascii", "replace"))
        if cipher is None:
            raise Unreadable("sealed with a key that is not here")
        try:
            return cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], bound_to)
        except (InvalidTag, ValueError):
            raise Unreadable("not sealed for this, or altered") from None

    def blind(self, text: str) -> bytes:
        """What stands for a text in an index: always the same, and telling nothing without the key (HMAC-SHA-256)."""
        return hmac.digest(self._blinding[0], text.encode(), sha256)

    def blinds(self, text: str) -> list[bytes]:
        """What may stand for a text in an index: by the newest key, and by each before it."""
        return [hmac.digest(key, text.encode(), sha256) for key in self._blinding]


def parsed(text: str) -> dict[str, bytes]:
    """The keys of a setting by name, `name:base64,…`. Raises ValueError."""
    pairs = (entry.strip().partition(":") for entry in text.split(","))
    keys = {name: base64.urlsafe_b64decode(key) for name, _, key in pairs}
    if any(len(key) != 32 or not name for name, key in keys.items()):
        raise ValueError("an encryption key has a name and 32 bytes")
    return keys
