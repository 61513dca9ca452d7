"""Rating a number by a rule that is data: bands with a lower end each, and the word that is given to what lies in one.

Pure. A band begins at its `from`, which lies in it, and ends where the next one begins; one band has no lower end. So
every number has exactly one word, and the same rule serves what is to grow and what is to fall.
"""

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from typing import TypedDict


class Rates(StrEnum):
    """What the bands are about: the value itself, or per cent of the target that it has reached."""

    VALUE = "value"
    SHARE_OF_TARGET = "share_of_target"


class Band(TypedDict):
    """A word, and the decimal at which its band begins; None: it has no lower end."""

    word: str
    least: str | None


class NotRatable(ValueError):
    """The value cannot be rated: the message says why."""


def rate(value: Decimal, target: Decimal | None, rates: Rates, bands: Sequence[Band]) -> str:
    """The word for a value. Raises NotRatable where the share of a target is asked for that is not there, or zero."""
    if rates is Rates.SHARE_OF_TARGET:
        if not target:
            raise NotRatable("there is no target, or it is zero, and the rule asks for the share of it")
        value = value * 100 / target
    reached = [band for band in bands if band["least"] is not None and Decimal(band["least"]) <= value]
    if reached:
        return max(reached, key=lambda band: Decimal(band["least"] or 0))["word"]
    return next(band["word"] for band in bands if band["least"] is None)
