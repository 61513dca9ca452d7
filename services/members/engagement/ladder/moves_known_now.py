"""How people moved by what is known now: everybody's course is replayed, so what came late counts on its own day.

It answers what :mod:`moves_store` does of the steps as they were taken. It is dearer by far, for it reads all that
everybody did: some seconds for ten thousand people.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from sqlalchemy.orm import Session

from services.members import days
from services.members.engagement.ladder import moves_store, rules, store, timelines
from services.members.engagement.ladder.models import Cause
from services.members.engagement.ladder.replay import Course, Step, replay

_PEOPLE_AT_ONCE = 500

_Way = tuple[bool, str | None, str | None]


def between(session: Session, movement: str, first: date, last: date) -> Sequence[tuple[*_Way, int]]:
    """How many went from which rung to which from one day's morning to another's evening, and whether they were new."""
    counts: Counter[_Way] = Counter()
    for course in _courses(session, movement, last):
        before = [step for step in course.steps if _day(step) < first]
        if course.steps:
            counts[not before, before[-1].to_rung if before else None, course.rung] += 1
    return [(*way, people) for way, people in counts.items()]


def steps(
    session: Session, movement: str, months: Sequence[date], end: date
) -> Iterator[tuple[int, str, str | None, str | None, int]]:
    """How many steps of each kind were taken in each month, up to a day."""
    counts: Counter[tuple[int, str, str | None, str | None]] = Counter()
    for course in _courses(session, movement, end):
        for step in course.steps:
            if _day(step) >= months[0]:
                counts[_month(months, _day(step)), step.cause, step.from_rung, step.to_rung] += 1
    for kind, taken in counts.items():
        yield (*kind, taken)


def ebbs(session: Session, movement: str, months: Sequence[date], end: date) -> Iterator[tuple[int, str, int]]:
    """How many became quiet, and how many active again by what they did, in each month."""
    counts: Counter[tuple[int, str]] = Counter()
    for course in _courses(session, movement, end):
        for day, quiet in course.ebbs:
            if day >= months[0]:
                counts[_month(months, day), "quiet" if quiet else "active"] += 1
    for turn, people in counts.items():
        yield (*turn, people)


def standing_on(session: Session, movement: str, day: date) -> Sequence[tuple[str, int]]:
    """How many stood on each rung at the end of a day."""
    return list(Counter(course.rung for course in _courses(session, movement, day) if course.rung is not None).items())


def _courses(session: Session, movement: str, until: date) -> Iterator[Course]:
    """The course of everybody who may have a rung today, up to a day."""
    zone, versions = days.zone(session, movement), rules.versions(session, movement)
    reviews, after = store.reviews(session, movement), ""
    while people := moves_store.people_after(session, movement, after, _PEOPLE_AT_ONCE):
        facts = timelines.of(session, movement, people, zone)
        for person in people:
            yield replay(versions, reviews, facts.get(person, ()), until)
        after = people[-1]


def _day(step: Step) -> date:
    """The day of a step; a review looks at the evening before its own."""
    return step.on + timedelta(days=1) if step.cause is Cause.REVIEW else step.on


def _month(months: Sequence[date], day: date) -> int:
    return bisect_right(months, day) - 1
