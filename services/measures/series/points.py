"""What figures say in their measure's unit, and how sure their components make them. Pure.

An answer has thousands of intervals, so one is described here as it is answered, and goes out as it is.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

import msgspec
from pydantic import Field

from services.measures.measures.models import RATIO_UNITS, Kind
from services.measures.observations.models import Amount, Bound, FigureStatus
from shared import statistics
from shared.as_json import AnswerStruct
from shared.statistics import LEVEL, MOST_EXACT, CountMethod, Sums, count_interval, round_all, wilson, wilson_all

_DECIMALS = 6
_MANY = 30
"""Shares that are sooner reckoned as arrays than one by one."""
_MOST_IN_ARRAYS = MOST_EXACT // max(RATIO_UNITS.values())
"""Counts below this are floats without loss, whatever the unit."""

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


class Interval(AnswerStruct):
    """A confidence interval in the measure's unit, both ends included. It is about sampling and about nothing else."""

    low: float
    high: float
    level: Annotated[float, Field(description="How often such an interval holds the truth.", examples=[0.95])]
    method: Annotated[
        Method,
        Field(
            description="`wilson`: a share's score interval. `student_t`: a mean's. Of a count of events "
            "`exact_poisson` below 10 and `byar` from 10 on."
        ),
    ]


class Reading(msgspec.Struct, frozen=True, gc=False):
    """A figure's value, and its interval or the reason why there is none; in the measure's unit."""

    value: float | None
    interval: Interval | None = None
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


def read_all(amounts: Sequence[Amount], kind: Kind, unit: str) -> list[Reading]:
    """Read many figures of one measure, in their order: each as :func:`read` has it, in a fraction of its time."""
    if kind is not Kind.RATIO or len(amounts) < _MANY:
        return [read(each, kind, unit) for each in amounts]
    counts = [_counts(each) for each in amounts]
    shares = iter(_shares([each for each in counts if each is not None], RATIO_UNITS[unit]))
    return [
        read(amount, kind, unit) if counted is None else next(shares)
        for amount, counted in zip(amounts, counts, strict=True)
    ]  # fmt: skip


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
    return Reading(value, _rounded(wilson(amount.numerator, amount.denominator).times(scale), _WILSON))


def _counts(amount: Amount) -> tuple[int, int] | None:
    """Numerator and denominator, where they alone make value and interval, and floats have room for them."""
    numerator, denominator = amount.numerator, amount.denominator
    if amount.value is not None or numerator is None or denominator is None:
        return None
    if not 0 < denominator < _MOST_IN_ARRAYS or amount.status is not _REPORTED or amount.bound is not _EXACTLY:
        return None
    return numerator, denominator


def _shares(counts: Sequence[tuple[int, int]], scale: int) -> list[Reading]:
    """What :func:`_ratio` says of such figures."""
    if not counts:
        return []
    import numpy as np  # 16 MB, which a process pays for with its first series and not when it starts

    numerators, denominators = (np.asarray(each, dtype=np.float64) for each in zip(*counts, strict=True))
    lows, highs = wilson_all(numerators, denominators)
    of_all = (round_all(each, _DECIMALS) for each in (numerators * scale / denominators, lows * scale, highs * scale))
    return [
        Reading(value, Interval(low, high, LEVEL, _WILSON)) for value, low, high in zip(*of_all, strict=True)
    ]  # fmt: skip


def _mean(amount: Amount, _unit: str) -> Reading:
    sums, published = sums_of(amount), _published(amount)
    if sums is None:
        return Reading(published, no_interval=NoInterval.NO_COUNTS)
    reckoned = None if sums.mean is None else round(sums.mean, _DECIMALS)
    value = reckoned if published is None else published
    interval = sums.interval()
    if interval is None:
        return Reading(value, no_interval=NoInterval.TOO_FEW)
    return Reading(value, _rounded(interval, Method.STUDENT_T))


def _flow(amount: Amount, unit: str) -> Reading:
    published = _published(amount)
    if published is None or unit not in EVENTS or not published.is_integer() or published < 0:
        return Reading(published, no_interval=NoInterval.NOT_A_RATIO)
    found = count_interval(int(published))
    return Reading(published, _rounded(found.interval, Method(found.method.value)))


def _plain(amount: Amount, _unit: str) -> Reading:
    return Reading(_published(amount), no_interval=NoInterval.NOT_A_RATIO)


def _rounded(interval: statistics.Interval, method: Method) -> Interval:
    return Interval(round(interval.low, _DECIMALS), round(interval.high, _DECIMALS), interval.level, method)


_READERS: Mapping[Kind, Callable[[Amount, str], Reading]] = {Kind.RATIO: _ratio, Kind.MEAN: _mean, Kind.FLOW: _flow}
