"""In which order candidates stand, and the lots by which ties are broken: pure functions.

Never by when somebody applied: equal ones are ordered by the round's frozen rule, which is the places that it puts
first and then a draw. The draw is commit and reveal: the digest of a random seed is published while nobody can know
who will be in it, the seed once it can change nothing any more, and everybody can reckon the same order.
"""

import hashlib
from collections.abc import Iterable, Sequence
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple


class By(StrEnum):
    """What put a candidate before the next one."""

    SCORE = "score"
    PLACE = "place"
    DRAW = "draw"


class Candidate(NamedTuple):
    """An application as it is ranked: its votes or its mean score (nothing where lots alone decide), and its place."""

    application: str
    score: Fraction
    place: str | None


class Ranked(NamedTuple):
    """A candidate's rank, 1 for the best, and what put it before the next one; None for the last."""

    application: str
    rank: int
    by: By | None


def digest_of(seed: str) -> str:
    """What is published of a seed before it is shown: SHA-256 in hexadecimal."""
    return hashlib.sha256(seed.encode()).hexdigest()


def lot_of(seed: str, application: str) -> str:
    """The lot of an application: the lowest is drawn first."""
    return digest_of(f"{seed}:{application}")


def ranked(candidates: Iterable[Candidate], first_places: Sequence[str], seed: str) -> list[Ranked]:
    """The candidates, best first; equal ones by the places put first, and then by lot."""
    turns = {place: turn for turn, place in enumerate(first_places)}

    def standing(one: Candidate) -> tuple[Fraction, int, str]:
        turn = len(turns) if one.place is None else turns.get(one.place, len(turns))
        return -one.score, turn, lot_of(seed, one.application)

    standings = sorted((standing(one), one.application) for one in candidates)
    following: list[tuple[Fraction, int, str] | None] = [each for each, _ in standings[1:]]
    return [
        Ranked(application, rank, None if after is None else _what_differs(before, after))
        for rank, ((before, application), after) in enumerate(zip(standings, [*following, None], strict=False), 1)
    ]


def _what_differs(before: tuple[Fraction, int, str], after: tuple[Fraction, int, str]) -> By:
    if before[0] != after[0]:
        return By.SCORE
    return By.PLACE if before[1] != after[1] else By.DRAW


def within(amounts: Sequence[int], left: int) -> list[bool]:
    """Which of these amounts, best candidate first, the money reaches for: one too large lets the next have it."""
    fits = []
    for amount in amounts:
        fits.append(amount <= left)
        left -= amount if amount <= left else 0
    return fits
