"""What one figure says in its measure's unit, and how sure its counts make it. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from services.measures.measures.models import RATIO_UNITS, Kind
from services.measures.observations.models import Amount, FigureStatus
from shared.statistics import Interval, wilson

_DECIMALS = 6


class NoInterval(StrEnum):
    """Why a point has no interval."""

    NO_FIGURE = "no_figure"
    NO_COUNTS = "no_counts"
    ZERO_DENOMINATOR = "zero_denominator"
    NOT_A_RATIO = "not_a_ratio"


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure's value, and its interval or the reason why there is none; both in the measure's unit."""

    value: float | None
    interval: Interval | None
    no_interval: NoInterval | None


def read(amount: Amount, kind: Kind, unit: str) -> Reading:
    """Read a figure. A value that was published stands as it is; one that was not is reckoned from its counts.

    The interval comes from the counts alone: a percentage published without them has none, whatever its base.
    """
    published = None if amount.value is None else float(amount.value)
    if amount.status is not FigureStatus.REPORTED:
        return Reading(None, None, NoInterval.NO_FIGURE)
    if kind is not Kind.RATIO:
        return Reading(published, None, NoInterval.NOT_A_RATIO)
    if amount.numerator is None or amount.denominator is None:
        return Reading(published, None, NoInterval.NO_COUNTS)
    if amount.denominator == 0:
        return Reading(published, None, NoInterval.ZERO_DENOMINATOR)
    scale = RATIO_UNITS[unit]
    reckoned = round(amount.numerator * scale / amount.denominator, _DECIMALS)
    share = wilson(amount.numerator, amount.denominator)
    interval = Interval(round(share.low * scale, _DECIMALS), round(share.high * scale, _DECIMALS), share.level)
    return Reading(reckoned if published is None else published, interval, None)
