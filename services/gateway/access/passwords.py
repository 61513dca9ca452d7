"""Passwords: argon2id, on threads, a few at a time, and taking as long for an account that does not exist."""

import asyncio
import secrets
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from shared.errors import Unavailable

SHORTEST = 12
LONGEST = 200
"""Characters. NIST SP 800-63B asks for at least 8, and that 64 be accepted; the upper bound bounds the work."""

# RFC 9106's second recommended option, which is the library's default: 64 MiB, three passes, some 50 ms.
_hasher = PasswordHasher()
# Each verification takes 64 MiB: the number of threads bounds what a flood of sign-ins can take.
_threads = ThreadPoolExecutor(4, thread_name_prefix="argon2")
_room = threading.BoundedSemaphore(64)
"""For those who wait for a thread; whoever finds it full is told to come back."""


def generated() -> str:
    """A random password of 120 bits, for a first start and for somebody to hand on."""
    return secrets.token_urlsafe(15)


def hashed(password: str) -> str:
    """What is stored of a password. It takes some 50 ms: on the event loop, use :func:`store_form`."""
    return _hasher.hash(password)


@contextmanager
def turn() -> Iterator[None]:
    """A place among those who wait for a thread, held for as long as the block lasts. Raises Unavailable."""
    if not _room.acquire(blocking=False):
        raise Unavailable("too many passwords are being checked at once")
    try:
        yield
    finally:
        _room.release()


async def store_form(password: str) -> str:
    """What is stored of a password, worked out on a thread."""
    with turn():
        return await asyncio.get_running_loop().run_in_executor(_threads, hashed, password)


async def matches(stored: str | None, password: str) -> bool:
    """Whether the password is the stored one; None (no such account) is never right and takes as long.

    Called within a :func:`turn`, which also bounds what is done before: counting the attempt.
    """
    return await asyncio.get_running_loop().run_in_executor(_threads, _verified, stored, password)


def _verified(stored: str | None, password: str) -> bool:
    if stored is None:
        _hasher.hash(password)
        return False
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
