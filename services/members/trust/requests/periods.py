"""How long an answer may take: months of the calendar, as the law counts them.

UK GDPR, article 12(3): one month from receipt, two further months where requests are complex or numerous. By the
Information Commissioner's guidance the period ends on the same date of the month, on the last day of a month that has
no such date, and on the next working day where it would end at a weekend. Bank holidays are not known here, so an
answer may be due a day early and never late.
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

_MONDAY_IS_DUE = {5: 2, 6: 1}
"""Days from a Saturday or a Sunday to the Monday."""


@dataclass(frozen=True, slots=True)
class Periods:
    """What the settings say: months to answer, further months, and days until a complaint is acknowledged."""

    months: int
    further_months: int
    acknowledge_days: int


@dataclass(frozen=True, slots=True)
class Wait:
    """That something was asked of the requester, from a day until the day of their answer."""

    asked_on: date
    answered_on: date

    @property
    def days(self) -> int:
        """How long the clock stood still."""
        return (self.answered_on - self.asked_on).days


def months_after(day: date, months: int) -> date:
    """The same date so many months later; the last day of the month where that month has no such date."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def working_day(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days=_MONDAY_IS_DUE.get(day.weekday(), 0))


def due(begins_on: date, months: int, clarified: Iterable[Wait] = ()) -> date:
    """The last day for an answer: so many months from a day on, and as many more days as were spent clarifying.

    Days that two waits share count once (UK GDPR, article 12A: the clock stands still while something is clarified).
    """
    still: set[date] = set()
    for wait in clarified:
        still |= {wait.asked_on + timedelta(days=number) for number in range(wait.days)}
    return working_day(months_after(begins_on, months) + timedelta(days=len(still)))
