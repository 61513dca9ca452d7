"""What a run of the demo added, beside what it found there."""

from typing import NamedTuple


class Tally(NamedTuple):
    """How many were added, and how many were there before."""

    new: int
    before: int
