"""What one figure says in its measure's unit, and how sure its components make it. Pure."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import StrEnum

import msgspec

from services.measures.measures.models import RATIO_UNITS, Kind
from services.measures.observations.models import Amount, Bound, FigureStatus
from shared.statistics import CountMethod, Interval, Sums, count_interval, wilson

_DECIMALS = 6
_SHIFT = 10**_DECIMALS

EVENTS = frozenset(
    {"admissions", "attendances", "births", "calls", "deaths", "events", "incidents", "people", "referrals", "sessions",
     "visits"}
)  # fmt: skip
"""The units in which a flow counts things that happen one by one, so that a count of them has a Poisson interval. Hours
and pounds add up too, and have none."""


class NoInterval(StrEnum):
    """Why a figure has no interval."""

    NO_FIGURE = "no_figure"
    NO_COUNTS = "no_counts"
    ZERO_DENOMINATOR = "zero_denominator"
    TOO_FEW = "too_few"
    BOUNDED = "bounded"
    NOT_A_RATIO = "not_a_ratio"


class Method(StrEnum):
    """How an interval was reckoned; :mod:`shared.statistics` has the sources."""

    WILSON = "wilson"
    STUDENT_T = "student_t"
    EXACT_POISSON = CountMethod.EXACT_POISSON.value
    BYAR = CountMethod.BYAR.value


# Each of thousands of figures is held to these, and an enum's member takes longer to find than to compare.
_REPORTED, _EXACTLY, _WILSON = FigureStatus.REPORTED, Bound.EXACTLY, Method.WILSON


class Reading(msgspec.Struct, frozen=True, gc=False):
    """A figure's value, and its interval and method or the reason why there is none; in the measure's unit."""

    value: float | None
    interval: Interval | None = None
    method: Method | None = None
    no_interval: NoInterval | None = None


def read(amount: Amount, kind: Kind, unit: str) -> Reading:
    """Read a figure. A value that was published stands as it is; one that was not is reckoned from its components.

    The interval comes from the components alone: a percentage published without its counts has none, whatever its
    base, and a figure that is a bound has none either.
    """
    if amount.status is not _REPORTED:
        return Reading(None, no_interval=NoInterval.NO_FIGURE)
    reading = _READERS.get(kind, _plain)(amount, unit)
    if amount.bound is not _EXACTLY and reading.interval is not None:
        return Reading(reading.value, no_interval=NoInterval.BOUNDED)
    return reading


def sums_of(amount: Amount) -> Sums | None:
    """The sums behind a mean; None where it was published without them."""
    if amount.n is None or amount.sum_x is None or amount.sum_x2 is None:
        return None
    return Sums.of(amount.n, Decimal(amount.sum_x), Decimal(amount.sum_x2))


def _published(amount: Amount) -> float | None:
    return None if amount.value is None else float(amount.value)


def _ratio(amount: Amount, unit: str) -> Reading:
    published = _published(amount)
    if amount.numerator is None or amount.denominator is None:
        return Reading(published, no_interval=NoInterval.NO_COUNTS)
    if amount.denominator == 0:
        return Reading(published, no_interval=NoInterval.ZERO_DENOMINATOR)
    scale = RATIO_UNITS[unit]
    # The value stands in releases, which are made again byte for byte: it is rounded as it always was.
    value = round(amount.numerator * scale / amount.denominator, _DECIMALS) if published is None else published
    ends, shift = wilson(amount.numerator, amount.denominator), scale * _SHIFT
    # An end is rounded in half of round's time; of an exact half, which an end is hardly ever, the digits may differ.
    low, high = round(ends.low * shift) / _SHIFT, round(ends.high * shift) / _SHIFT
    return Reading(value, Interval(low, high, ends.level), _WILSON)


def _mean(amount: Amount, _unit: str) -> Reading:
    sums, published = sums_of(amount), _published(amount)
    if sums is None:
        return Reading(published, no_interval=NoInterval.NO_COUNTS)
    reckoned = None if sums.mean is None else round(sums.mean, _DECIMALS)
    value = reckoned if published is None else published
    interval = sums.interval()
    if interval is None:
        return Reading(value, no_interval=NoInterval.TOO_FEW)
    return Reading(value, _rounded(interval), Method.STUDENT_T)


def _flow(amount: Amount, unit: str) -> Reading:
    published = _published(amount)
    if published is None or unit not in EVENTS or not published.is_integer() or published < 0:
        return Reading(published, no_interval=NoInterval.NOT_A_RATIO)
    found = count_interval(int(published))
    return Reading(published, _rounded(found.interval), Method(found.method.value))


def _plain(amount: Amount, _unit: str) -> Reading:
    return Reading(_published(amount), no_interval=NoInterval.NOT_A_RATIO)


def _rounded(interval: Interval) -> Interval:
    return Interval(round(interval.low, _DECIMALS), round(interval.high, _DECIMALS), interval.level)


_READERS: Mapping[Kind, Callable[[Amount, str], Reading]] = {Kind.RATIO: _ratio, Kind.MEAN: _mean, Kind.FLOW: _flow}
