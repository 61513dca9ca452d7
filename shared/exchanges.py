"""What both kinds of upstream deal in: an answer, a body that is sent as it comes, and whom an answer is for."""

import time
from collections.abc import AsyncIterator, Sequence
from typing import Protocol

import msgspec

from shared.errors import DeadlinePassed

Headers = Sequence[tuple[str, str]]

# What describes one connection and not the message (RFC 9110, 7.6.1), and what our own server will say again.
PER_HOP = frozenset(
    b"connection keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer transfer-encoding "
    b"upgrade date server".split()
)


class UpstreamResponse(msgspec.Struct, frozen=True, gc=False):
    """A whole answer. Header names are lower case; those of the single hop are gone."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes

    def header(self, name: bytes) -> bytes | None:
        """The first header of this lower-case name."""
        return next((value for known, value in self.headers if known == name), None)


class Incoming(msgspec.Struct, frozen=True):
    """A body that is passed on as it comes: its pieces, and its length in bytes where the sender said it."""

    chunks: AsyncIterator[bytes]
    length: int | None


class Onward(Protocol):
    """Whom an answer is for that is made as it goes."""

    async def begin(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        """Take the head of the answer. What it raises ends the answer."""

    async def more(self, chunk: bytes) -> None:
        """Take the next piece, as soon as it can."""

    async def gone(self) -> None:
        """Wait until nobody is there any more to hear the rest."""


class Passing(msgspec.Struct, frozen=True):
    """How an answer is passed on as it comes: to whom, and how long it may stand still, in seconds."""

    onward: Onward
    idle: float


def remaining(deadline: float) -> float:
    """Seconds until the deadline. Raises DeadlinePassed where there are none."""
    seconds = deadline - time.time()
    if seconds <= 0:
        raise DeadlinePassed
    return seconds
