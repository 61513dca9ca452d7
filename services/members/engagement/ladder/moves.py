"""How a movement's people moved on the ladder: from where to where in a period, month by month, and who stood where.

It is read from the steps as they were taken, and says what was known then; or it is reckoned by what is known now, with
what came late on its own day and what was voided on none. Whoever has no place on the ladder today is in none of it,
and everybody else is accounted for: those who stood on it and those who came are those who stand on it and those who
left.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.members import days
from services.members.engagement.ladder import moments, moves_known_now, moves_store
from services.members.engagement.ladder.engine import RUNGS, Rung
from services.members.engagement.ladder.models import Cause
from shared.errors import Fault, Invalid

MOST_MONTHS = 120


class Known(StrEnum):
    """By what is said how people moved: by what was known when they did, or by all that is known now."""

    THEN = "then"
    NOW = "now"


class Transition(NamedTuple):
    """How many went from one rung to another; from None those who came onto the ladder, to None those who left it."""

    from_rung: Rung | None
    to_rung: Rung | None
    people: int


class Matrix(NamedTuple):
    """The transitions of a period, and how many of those who came had never been on the ladder before."""

    transitions: Sequence[Transition]
    joined: int
    came_back: int


class Month(NamedTuple):
    """What happened in a month: people who joined, came back, went up or down, left, became quiet or active again."""

    first_day: date
    joined: int
    came_back: int
    up: int
    down: int
    left: int
    became_quiet: int
    active_again: int


class Period(NamedTuple):
    """Two days, and those between them."""

    first: date
    last: date


def matrix(
    session: Session, movement: str, first: date | None, last: date | None, known: Known
) -> tuple[Period, Matrix]:
    """From where to where everybody went from the morning of the first day to the evening of the last. Raises Invalid.

    Left out, the last day is today, and the first a year before.
    """
    first, last = period = _period(session, movement, first, last)
    if known is Known.NOW:
        moved = moves_known_now.between(session, movement, first, last)
    else:
        zone = days.zone(session, movement)
        began, ended = moments.end_of(zone, first - timedelta(days=1)), moments.end_of(zone, last)
        moved = moves_store.between(session, movement, began, ended)
    counts: Counter[tuple[Rung | None, Rung | None]] = Counter()
    joined = came_back = 0
    for is_new, from_rung, to_rung, people in moved:
        if from_rung is None and to_rung is None:
            continue
        counts[_rung(from_rung), _rung(to_rung)] += people
        if from_rung is None:
            joined, came_back = joined + people * is_new, came_back + people * (not is_new)
    ordered = sorted(counts.items(), key=lambda item: (_height(item[0][0]), _height(item[0][1])))
    return period, Matrix([Transition(*way, people) for way, people in ordered], joined, came_back)


def momentum(session: Session, movement: str, first: date | None, last: date | None, known: Known) -> list[Month]:
    """What happened in each month that the two days and those between them are in. Raises Invalid. See `matrix`."""
    first, last = _period(session, movement, first, last)
    months = _months(first, last)
    if len(months) > MOST_MONTHS:
        raise Invalid(faults=[Fault("?last", f"is more than {MOST_MONTHS} months later", "too_long")])
    if known is Known.NOW:
        end = _next(months[-1]) - timedelta(days=1)
        taken = moves_known_now.steps(session, movement, months, end)
        turned = moves_known_now.ebbs(session, movement, months, end)
    else:
        zone = days.zone(session, movement)
        ends = [moments.end_of(zone, month - timedelta(days=1)) for month in [*months[1:], _next(months[-1])]]
        began = moments.end_of(zone, months[0] - timedelta(days=1))
        taken = moves_store.steps(session, movement, began, ends)
        turned = moves_store.ebbs(session, movement, began, ends)
    counts: Counter[tuple[int, str]] = Counter()
    for month, cause, from_rung, to_rung, steps in taken:
        counts[month, _what(cause, from_rung, to_rung)] += steps
    for month, to_state, turns in turned:
        counts[month, "became_quiet" if to_state == "quiet" else "active_again"] += turns
    return [
        Month(month, **{what: counts[number, what] for what in Month._fields[1:]})
        for number, month in enumerate(months)
    ]


def then(session: Session, movement: str, day: date | None, known: Known) -> tuple[date, dict[Rung, int]]:
    """How many people stood on each rung at the end of a day (None: today). Raises Invalid for a day to come."""
    today = days.today(session, movement)
    day = day or today
    if day > today:
        raise Invalid(faults=[Fault("?day", "is in the future", "in_the_future")])
    if known is Known.NOW:
        standing = moves_known_now.standing_on(session, movement, day)
    else:
        standing = moves_store.standing_at(session, movement, moments.end_of(days.zone(session, movement), day))
    stood = dict.fromkeys(RUNGS, 0)
    for rung, people in standing:
        stood[Rung(rung)] = people
    return day, stood


def _what(cause: str, from_rung: str | None, to_rung: str | None) -> str:
    if from_rung is None:
        return "joined" if cause == Cause.JOINED else "came_back"
    if to_rung is None:
        return "left"
    return "up" if Rung(to_rung).height > Rung(from_rung).height else "down"


def _period(session: Session, movement: str, first: date | None, last: date | None) -> Period:
    last = last or days.today(session, movement)
    first = first or last - timedelta(days=365)
    if last < first:
        raise Invalid(faults=[Fault("?last", "is before the first day", "before_first")])
    return Period(first, last)


def _months(first: date, last: date) -> list[date]:
    months = [first.replace(day=1)]
    while _next(months[-1]) <= last:
        months.append(_next(months[-1]))
    return months


def _next(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def _rung(rung: str | None) -> Rung | None:
    return None if rung is None else Rung(rung)


def _height(rung: Rung | None) -> int:
    return -1 if rung is None else rung.height
