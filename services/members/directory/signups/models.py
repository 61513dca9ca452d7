"""What a sign-up answers."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SignedUp:
    """What a sign-up made; ``new`` is False where the same sign-up had made it before."""

    person: str
    membership: str
    rung: str | None
    permissions: Sequence[str]
    pledge: str | None
    new: bool
