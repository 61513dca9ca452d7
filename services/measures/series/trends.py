"""What a series' figures say of its direction, or why they say nothing. Pure."""

from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache

import msgspec

from services.measures.measures.models import Direction
from services.measures.observations.models import Bound, FigureStatus
from services.measures.series.points import Reading
from services.measures.series.store import Known
from shared.statistics import LEAST_PERIODS, LEVEL, Trend, trend

MOST_PERIODS = 200
"""Periods that one trend is reckoned over, the last ones: each is compared with each."""


class NoTrend(StrEnum):
    """Why a series has no trend."""

    TOO_FEW_PERIODS = "too_few_periods"
    SEVERAL_FIGURES = "several_figures"
    BOUNDED = "bounded"
    BRIDGED = "bridged"


class Course(StrEnum):
    """Where a measure goes, as far as its figures can tell beyond chance; `rising` of one with no better side."""

    IMPROVING = "improving"
    WORSENING = "worsening"
    RISING = "rising"
    FALLING = "falling"
    UNCERTAIN = "uncertain"


class Figure(msgspec.Struct, frozen=True, gc=False):
    """A known figure and how it reads."""

    known: Known
    reading: Reading


def trend_of(figures: Sequence[Figure], *, bridged: bool = False) -> Trend | NoTrend:
    """The trend of figures in the order of time; times are counted in years, so its slope is a change a year.

    Periods without a figure are left out. Raises nothing: what has no trend says why.
    """
    if bridged:
        return NoTrend.BRIDGED
    if len({figure.known.start for figure in figures}) < len(figures):
        return NoTrend.SEVERAL_FIGURES
    reported, exactly = FigureStatus.REPORTED, Bound.EXACTLY  # found once: members of enums are slow to find
    there = [each for each in figures if each.known.amount.status is reported][-MOST_PERIODS:]
    points = list[tuple[float, float]]()
    for each in there:
        if each.known.amount.bound is not exactly:
            return NoTrend.BOUNDED
        if (value := each.reading.value) is not None:
            points.append((_years(each.known.start), value))
    if len(points) < LEAST_PERIODS:
        return NoTrend.TOO_FEW_PERIODS
    return trend(points)


def course(slope: float, p: float, direction: Direction, level: float = LEVEL) -> Course:
    """The word for a slope with this p-value: uncertain unless p is below what the level leaves."""
    if p >= 1 - level or slope == 0:
        return Course.UNCERTAIN
    if direction is Direction.NEITHER:
        return Course.RISING if slope > 0 else Course.FALLING
    better = (slope > 0) is (direction is Direction.HIGHER_IS_BETTER)
    return Course.IMPROVING if better else Course.WORSENING


@lru_cache(maxsize=4096)  # the days on which periods start: few, asked again with every series
def _years(day: str) -> float:
    """An ISO day as years and parts of one; the same day of two years is a whole number of years apart."""
    year, month, day_of_month = (int(part) for part in day.split("-"))
    return year + (month - 1) / 12 + (day_of_month - 1) / 372
