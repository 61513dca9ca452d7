"""Reporting periods: read, checked and put in order. Pure.

A period is written in one way only, by its type, so that two reporters of one period always mean the same key:

=================  ===========  =====================================
``calendar_year``  ``2024``     1 January to 31 December
``financial_year`` ``2024/25``  1 April to 31 March
``academic_year``  ``2024/25``  1 September to 31 August
``survey_year``    ``2015/16``  from the day that the measure version states
``quarter``        ``2024-Q1``  of a calendar year
``month``          ``2024-03``
``day``            ``2024-03-09``
=================  ===========  =====================================
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class PeriodType(StrEnum):
    """How long a measure's periods are and when they start."""

    CALENDAR_YEAR = "calendar_year"
    FINANCIAL_YEAR = "financial_year"
    ACADEMIC_YEAR = "academic_year"
    SURVEY_YEAR = "survey_year"
    QUARTER = "quarter"
    MONTH = "month"
    DAY = "day"


ACTIVE_LIVES_YEAR = "11-16"
"""The month and day on which a survey year starts where its version says nothing else: the Active Lives Adult Survey
reports mid-November to mid-November (Sport England, Active Lives Adult Survey technical notes)."""

YEAR_STARTS = {PeriodType.FINANCIAL_YEAR: "04-01", PeriodType.ACADEMIC_YEAR: "09-01"}
"""The month and day on which the years start that do not start where their version says."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Whole days from ``start`` to ``end``, both included, and how they are written. Periods sort by time."""

    start: date
    end: date
    text: str


class NotAPeriod(ValueError):
    """The text is no period of the type that was asked for. The message says what is wanted and repeats nothing."""


def parse(text: str, period_type: PeriodType, year_starts: str = ACTIVE_LIVES_YEAR) -> Period:
    """Read a period of this type.

    ``year_starts`` (``MM-DD``) is the first day of a survey year and means nothing to the other types.
    Raises :class:`NotAPeriod`; when the text is a period of another type, the message says which.
    """
    period = _read(text, period_type, year_starts)
    if period is not None:
        return period
    wanted = f"a {period_type.value} is written like {_EXAMPLES[period_type]}"
    for other in PeriodType:
        if other is not period_type and _read(text, other, year_starts) is not None:
            raise NotAPeriod(f"is a {other.value}; this version has another period type: {wanted}")
    raise NotAPeriod(f"is not a period: {wanted}")


def starts_a_year(text: str) -> bool:
    """Whether ``MM-DD`` is a day on which a survey year can start: one that every year has."""
    return _MONTH_DAY.fullmatch(text) is not None and _date(f"2023-{text}") is not None


def _read(text: str, period_type: PeriodType, year_starts: str) -> Period | None:
    if _SHAPES[period_type].fullmatch(text) is None:
        return None
    if period_type in (PeriodType.FINANCIAL_YEAR, PeriodType.ACADEMIC_YEAR, PeriodType.SURVEY_YEAR):
        return _split_year(text, YEAR_STARTS.get(period_type, year_starts))
    return _READERS[period_type](text)


def _calendar_year(text: str) -> Period | None:
    start = _date(f"{text}-01-01")
    return None if start is None else Period(start, date(start.year, 12, 31), text)


def _split_year(text: str, year_starts: str) -> Period | None:
    start = _date(f"{text[:4]}-{year_starts}")
    if start is None or start.year == date.max.year or int(text[5:]) != (start.year + 1) % 100:
        return None
    return Period(start, start.replace(year=start.year + 1) - timedelta(days=1), text)


def _quarter(text: str) -> Period | None:
    start = _date(f"{text[:4]}-{int(text[-1]) * 3 - 2:02}-01")
    return None if start is None else Period(start, _last_of_month(start.replace(month=start.month + 2)), text)


def _month(text: str) -> Period | None:
    start = _date(f"{text}-01")
    return None if start is None else Period(start, _last_of_month(start), text)


def _day(text: str) -> Period | None:
    start = _date(text)
    return None if start is None else Period(start, start, text)


def _last_of_month(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


_SHAPES = {
    PeriodType.CALENDAR_YEAR: re.compile("[12][0-9]{3}"),
    PeriodType.FINANCIAL_YEAR: re.compile("[12][0-9]{3}/[0-9]{2}"),
    PeriodType.ACADEMIC_YEAR: re.compile("[12][0-9]{3}/[0-9]{2}"),
    PeriodType.SURVEY_YEAR: re.compile("[12][0-9]{3}/[0-9]{2}"),
    PeriodType.QUARTER: re.compile("[12][0-9]{3}-Q[1-4]"),
    PeriodType.MONTH: re.compile("[12][0-9]{3}-[0-9]{2}"),
    PeriodType.DAY: re.compile("[12][0-9]{3}-[0-9]{2}-[0-9]{2}"),
}
_EXAMPLES = {
    PeriodType.CALENDAR_YEAR: "2024",
    PeriodType.FINANCIAL_YEAR: "2024/25",
    PeriodType.ACADEMIC_YEAR: "2024/25",
    PeriodType.SURVEY_YEAR: "2015/16",
    PeriodType.QUARTER: "2024-Q1",
    PeriodType.MONTH: "2024-03",
    PeriodType.DAY: "2024-03-09",
}
_READERS: dict[PeriodType, Callable[[str], Period | None]] = {
    PeriodType.CALENDAR_YEAR: _calendar_year,
    PeriodType.QUARTER: _quarter,
    PeriodType.MONTH: _month,
    PeriodType.DAY: _day,
}
_MONTH_DAY = re.compile("[0-9]{2}-[0-9]{2}")
