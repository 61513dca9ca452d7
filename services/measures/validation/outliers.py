"""Outliers among numbers, by a method that is named with its parameters wherever it flags one. Pure.

A flag is a question to whoever reported, never a fault: a true figure may be far from the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median, quantiles

NORMAL = 0.6745
"""The MAD of a standard normal distribution: what makes a robust z comparable with a z."""
FEWEST = 5
"""Numbers to compare with: among fewer, nothing is far from the others."""


class Method(StrEnum):
    """How far is too far.

    `robust_z`: |0.6745 (x − median) / MAD| above the threshold, usually 3.5 (Iglewicz and Hoaglin, *How to Detect and
    Handle Outliers*, 1993). `iqr`: outside the quartiles by more than threshold × the interquartile range, usually 1.5
    (Tukey, *Exploratory Data Analysis*, 1977); quartiles by linear interpolation (Hyndman and Fan's type 7).
    """

    ROBUST_Z = "robust_z"
    IQR = "iqr"


USUAL = {Method.ROBUST_Z: 3.5, Method.IQR: 1.5}
"""The thresholds of those sources."""


class Against(StrEnum):
    """What a figure is compared with: the same one in earlier periods, or the other places in its own."""

    HISTORY = "history"
    PLACES = "places"


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What numbers are held to: the middle, and the bounds beyond which one is far from the others."""

    method: Method
    threshold: float
    middle: float
    spread: float
    low: float
    high: float

    def flags(self, number: float) -> bool:
        """Whether the number is far from those that the yardstick was made of."""
        return not self.low <= number <= self.high

    def score(self, number: float) -> float:
        """How far it is: a robust z, or how many interquartile ranges beyond the nearer quartile."""
        if self.method is Method.ROBUST_Z:
            return NORMAL * (number - self.middle) / self.spread
        quartile = self.high - self.threshold * self.spread, self.low + self.threshold * self.spread
        beyond = number - quartile[0] if number > quartile[0] else min(number - quartile[1], 0.0)
        return beyond / self.spread


def yardstick(numbers: Sequence[float], method: Method, threshold: float) -> Yardstick | None:
    """What these numbers say is far; None where they are fewer than five, or more than half of them are the same."""
    if len(numbers) < FEWEST:
        return None
    middle = median(numbers)
    if method is Method.ROBUST_Z:
        spread = median(abs(number - middle) for number in numbers)
        reach = threshold * spread / NORMAL
        low, high = middle - reach, middle + reach
    else:
        first, _, third = quantiles(numbers, n=4, method="inclusive")
        spread = third - first
        low, high = first - threshold * spread, third + threshold * spread
    return Yardstick(method, threshold, middle, spread, low, high) if spread > 0 else None
