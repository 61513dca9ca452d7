"""Whether somebody can come to a slot, and if not, why: pure reckoning on the clock of the slot's zone."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from services.members.engagement.gatherings.shifts.models import Free, Shift

DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
_LONGEST_WORK = 2
"""Days: what began so long before may still last."""


class Span(NamedTuple):
    """A span of time on the clock."""

    begins: datetime
    ends: datetime


def at_work(shift: Shift, slot: Span) -> Sequence[Span]:
    """The times at work of a shift that overlap with a slot; none: it fits."""
    found = []
    day = slot.begins.date() - timedelta(days=_LONGEST_WORK)
    while day <= slot.ends.date():
        found += [span for span in _works_on(shift, day) if span.begins < slot.ends and span.ends > slot.begins]
        day += timedelta(days=1)
    return found


def is_free(free: Sequence[Free], slot: Span) -> bool:
    """Whether a slot lies within a time in which somebody can come. Who names none can come at any time."""
    if not free:
        return True
    day = slot.begins.date()
    return any(
        each["day"] == DAYS[day.weekday()]
        and _on(day, each["begins"]) <= slot.begins
        and slot.ends <= _on(day, each["ends"])
        for each in free
    )


def _works_on(shift: Shift, day: date) -> list[Span]:
    number = (day - shift.first_day).days % shift.cycle_days + 1
    return [
        Span(_on(day, work["begins"]), _on(day, work["begins"]) + timedelta(minutes=work["minutes"]))
        for work in shift.works
        if work["day"] == number
    ]


def _on(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock))
