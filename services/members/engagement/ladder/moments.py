"""When something counts: in the order in which the ladder takes what happened, day by day as the movement reckons days.

A moment is (day, part of the day, microseconds). What was recorded on its own day counts at that instant; what was
recorded later counts at the end of its day, so that an activity that comes late counts as if it had come on time.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from shared.db.types import from_microseconds, microseconds

Moment = tuple[date, int, int]

EARLIEST: Moment = (date.min, 0, 0)
_BEFORE_ALL_ELSE, _REVIEW, _AT_ITS_INSTANT, _AT_THE_END = range(4)


def begin(day: date) -> Moment:
    """When what ended with the day before is over."""
    return (day, _BEFORE_ALL_ELSE, 0)


def review(day: date) -> Moment:
    """When a day's review looks at what was done up to the evening before."""
    return (day, _REVIEW, 0)


def of(zone: str, at: int) -> Moment:
    """The moment of an instant, in microseconds since 1970."""
    return (_day(zone, at), _AT_ITS_INSTANT, at)


def of_activity(zone: str, on: date, recorded_at: int) -> Moment:
    """The moment of something that was done on a day and recorded then or later."""
    if recorded_at < end_of(zone, on):
        return (on, _AT_ITS_INSTANT, recorded_at)
    return (on, _AT_THE_END, 0)


@lru_cache(maxsize=8192)
def end_of(zone: str, day: date) -> int:
    """The instant, in microseconds since 1970, at which a day ends in a zone."""
    return microseconds(datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(zone)).astimezone(UTC))


def _day(zone: str, at: int) -> date:
    return from_microseconds(at).astimezone(ZoneInfo(zone)).date()
