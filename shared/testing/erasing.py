"""Steps of an erasure outside of one."""

from shared.db import Bound
from shared.erasure.counting import Counted


def counting(db: Bound) -> tuple[Counted, list[int]]:
    """What a step erases through, and the numbers that it kept."""
    numbers: list[int] = []
    return Counted(db, lambda _, records: numbers.append(records)), numbers
