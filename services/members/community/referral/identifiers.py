"""The feed's ids: UUIDs that follow from ours, so they are the same in every run and every copy of the database."""

from collections.abc import Iterable
from functools import lru_cache
from uuid import UUID, uuid5

_NAMESPACE = UUID("6f2b1a52-5a0c-4d0e-9b3e-8a7d1c4e2f60")
"""Drawn once. Another one would make every service of every feed a new one to whoever reads it."""


@lru_cache(maxsize=100_000)
def uuid_of(kind: str, ours: str) -> UUID:
    """The id in the feed of something of a kind (`service`, `location`, …) that is made of what has this id of ours."""
    return uuid5(_NAMESPACE, f"{kind}:{ours}")


def ours_of(kind: str, theirs: UUID, candidates: Iterable[str]) -> str | None:
    """Which of our ids has this one in the feed; None where none has, for there is no way back from a UUID."""
    return next((ours for ours in candidates if uuid_of(kind, ours) == theirs), None)
