"""How reporting periods follow one another and lie in one another. Pure.

A finer period nests in a coarser one where whole finer ones fill it: months fill a financial year, and so do the
quarters of calendar years, which do not fill an academic one. A survey year that starts in the middle of a month is
filled by days alone.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

from services.measures.periods import ACTIVE_LIVES_YEAR, YEAR_STARTS, NotAPeriod, Period, PeriodType, parse

_A_YEAR = date(2023, 6, 15)
"""A day of any year: what nests in one year nests in every year."""


class DoesNotNest(ValueError):
    """Periods of the finer type do not fill one of the coarser type."""


@lru_cache(maxsize=4096)  # an answer names hundreds of periods, and the next answer the same ones
def containing(day: date, period_type: PeriodType, year_starts: str = ACTIVE_LIVES_YEAR) -> Period:
    """The period of this type in which a day lies. Raises NotAPeriod outside the years 1000 to 2999."""
    return parse(_written(day, period_type, year_starts), period_type, year_starts)


def following(period: Period, period_type: PeriodType, year_starts: str = ACTIVE_LIVES_YEAR) -> Period:
    """The next period of the same type."""
    return containing(period.end + timedelta(days=1), period_type, year_starts)


def between(first: date, last: date, period_type: PeriodType, year_starts: str = ACTIVE_LIVES_YEAR) -> Iterator[Period]:
    """The periods that lie in these days as a whole, in order; the days are both included."""
    try:
        period = containing(first, period_type, year_starts)
        if period.start < first:
            period = following(period, period_type, year_starts)
        while period.end <= last:
            yield period
            period = following(period, period_type, year_starts)
    except NotAPeriod:
        return  # the end of time


def parts(period: Period, finer: PeriodType, year_starts: str = ACTIVE_LIVES_YEAR) -> list[Period]:
    """The finer periods that fill a period, in order. Raises DoesNotNest."""
    filling = list(between(period.start, period.end, finer, year_starts))
    if not filling or filling[0].start != period.start or filling[-1].end != period.end:
        raise DoesNotNest(f"{period.text} is not filled by whole periods of the type {finer}")
    return filling


def nests(finer: PeriodType, coarser: PeriodType, year_starts: str = ACTIVE_LIVES_YEAR) -> bool:
    """Whether periods of the finer type fill each of the coarser type; every type nests in itself."""
    try:
        parts(containing(_A_YEAR, coarser, year_starts), finer, year_starts)
    except DoesNotNest:
        return False
    return True


def _written(day: date, period_type: PeriodType, year_starts: str) -> str:
    match period_type:
        case PeriodType.CALENDAR_YEAR:
            return f"{day.year:04}"
        case PeriodType.QUARTER:
            return f"{day.year:04}-Q{(day.month + 2) // 3}"
        case PeriodType.MONTH:
            return f"{day.year:04}-{day.month:02}"
        case PeriodType.DAY:
            return day.isoformat()
        case PeriodType.FINANCIAL_YEAR | PeriodType.ACADEMIC_YEAR | PeriodType.SURVEY_YEAR:
            began = f"{day:%m-%d}" >= YEAR_STARTS.get(period_type, year_starts)
            year = day.year if began else day.year - 1
            return f"{year:04}/{(year + 1) % 100:02}"
