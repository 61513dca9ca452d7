"""Time zones as calendars carry them along (RFC 5545, 3.6.5): every change of the clocks in a span of time.

The calendar library's own are an hour late where the clocks go forward, so they are made here.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)


def component(zone: str, first: datetime, last: datetime) -> Timezone:
    """A zone as it is from one UTC instant to another."""
    made, there = Timezone(), ZoneInfo(zone)
    made.add("tzid", zone)
    for at in (first, *_changes(there, first, last)):
        made.add_component(_observance(there, at))
    return made


def _observance(there: ZoneInfo, at: datetime) -> TimezoneDaylight | TimezoneStandard:
    """What holds from an instant on. It begins by the clock that was in use before."""
    before, after = (at - _SECOND).astimezone(there), at.astimezone(there)
    made = TimezoneDaylight() if after.dst() else TimezoneStandard()
    offset = before.utcoffset() or timedelta()
    made.add("dtstart", at.replace(tzinfo=None) + offset)
    made.add("tzoffsetfrom", offset)
    made.add("tzoffsetto", after.utcoffset() or timedelta())
    made.add("tzname", after.tzname() or "")
    return made


def _changes(there: ZoneInfo, first: datetime, last: datetime) -> Iterator[datetime]:
    """The instants at which the clocks of a zone are changed."""
    day = first
    while day < last:
        if day.astimezone(there).utcoffset() != (day + _DAY).astimezone(there).utcoffset():
            yield _change(there, day, day + _DAY)
        day += _DAY


def _change(there: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The first second of the later offset, between two instants that differ."""
    early = before.astimezone(there).utcoffset()
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(there).utcoffset() == early:
            before = middle
        else:
            after = middle
    return after.astimezone(UTC)
