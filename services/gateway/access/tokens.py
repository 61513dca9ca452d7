"""Bearer tokens: how they are made, what is kept of them, and what a mistyped one looks like.

A token is ``bb_<kind>_<id>_<secret><checksum>``: the id of its record without the prefix, 256 random bits and the
CRC-32 of all that comes before it, both in base 62. Only an HMAC of the token under the suite's pepper is stored, so
neither the database nor a backup of it lets anybody in, and looking a token up by that digest leaks nothing by timing.
"""

import hmac
import secrets
import zlib
from dataclasses import dataclass
from typing import Literal

Kind = Literal["live", "session"]

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_SECRET_BYTES = 32
_SECRET_WIDTH = 43  # 62**43 > 2**256
_CHECKSUM_WIDTH = 6  # 62**6 > 2**32


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token at the one moment when it can be shown, and the digest that is stored instead of it."""

    text: str
    digest: str


def mint(kind: Kind, record: str, pepper: bytes) -> NewToken:
    """A new token for the record with the id ``record`` (``key_01j…``)."""
    body = f"bb_{kind}_{record.partition('_')[2]}_"
    body += _base62(int.from_bytes(secrets.token_bytes(_SECRET_BYTES)), _SECRET_WIDTH)
    text = body + _checksum(body)
    return NewToken(text, digest(text.encode(), pepper))


def digest(token: bytes, pepper: bytes) -> str:
    """What is stored of a token, and what it is looked up by."""
    # Not hmac.digest: it lets the interpreter go for its one microsecond, and waits for others to give it back.
    return hmac.new(pepper, token, "sha256").hexdigest()


def is_mistyped(token: bytes) -> bool:
    """Whether a token looks like one of ours and its checksum says that a character was lost or changed."""
    text = token.decode("latin-1")
    body, checksum = text[:-_CHECKSUM_WIDTH], text[-_CHECKSUM_WIDTH:]
    return text.startswith(("bb_live_", "bb_session_")) and _checksum(body) != checksum


def _checksum(body: str) -> str:
    return _base62(zlib.crc32(body.encode("latin-1")), _CHECKSUM_WIDTH)


def _base62(number: int, width: int) -> str:
    digits = []
    for _ in range(width):
        number, digit = divmod(number, 62)
        digits.append(_DIGITS[digit])
    return "".join(reversed(digits))
