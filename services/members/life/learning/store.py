"""Every SQL statement about learning."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After, page
from services.members.life.learning.models import (
    TAKEN,
    Course,
    LearningNeed,
    NeedState,
    PassedOn,
    Place,
    PlaceState,
)
from services.members.trust.employers.store import not_own_staff


@dataclass(frozen=True, slots=True)
class ChosenNeeds:
    """Which needs are wanted; None where it does not matter."""

    person: str | None = None
    organisation: str | None = None
    topic: str | None = None
    state: str | None = None
    updated_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class ChosenCourses:
    """Which courses are wanted; None where it does not matter. ``on``: not over by that day, and not cancelled."""

    topic: str | None = None
    provider: str | None = None
    on: date | None = None
    updated_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class ChosenPlaces:
    """Which places are wanted; None where it does not matter."""

    course: str | None = None
    person: str | None = None
    state: str | None = None
    updated_since: datetime | None = None


def add(session: Session, row: LearningNeed | Course | Place | PassedOn) -> None:
    """Insert a row."""
    session.add(row)
    session.flush()


def find_need(session: Session, movement: str, need: str, *, locked: bool = False) -> LearningNeed | None:
    """One need that the caller may see, perhaps locked until the transaction ends."""
    query = sa.select(LearningNeed).where(LearningNeed.movement == movement, LearningNeed.id == need)
    query = query.where(*not_own_staff(session, movement, LearningNeed.person))
    return session.scalar(query.with_for_update() if locked else query)


def list_needs(
    session: Session, movement: str, *, chosen: ChosenNeeds, after: After, limit: int
) -> Sequence[LearningNeed]:
    """Needs in the order in which they were said; no employer sees its own staff's."""
    query = sa.select(LearningNeed).where(LearningNeed.movement == movement)
    for column, wanted in (
        (LearningNeed.person, chosen.person),
        (LearningNeed.organisation, chosen.organisation),
        (LearningNeed.topic, chosen.topic),
        (LearningNeed.state, chosen.state),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    if chosen.updated_since is not None:
        query = query.where(LearningNeed.updated_at >= chosen.updated_since)
    query = query.where(*not_own_staff(session, movement, LearningNeed.person))
    return session.scalars(page(query, LearningNeed.id, after, limit)).all()


def find_course(session: Session, movement: str, course: str, *, locked: bool = False) -> Course | None:
    """One course, perhaps locked until the transaction ends."""
    return session.get(Course, (movement, course), with_for_update=locked or None)


def list_courses(
    session: Session, movement: str, *, chosen: ChosenCourses, after: After, limit: int
) -> Sequence[Course]:
    """Courses in the order in which they were entered, those after ``after`` first."""
    query = sa.select(Course).where(Course.movement == movement)
    for column, wanted in ((Course.topic, chosen.topic), (Course.provider, chosen.provider)):
        if wanted is not None:
            query = query.where(column == wanted)
    if chosen.on is not None:
        query = query.where(_goes_on(chosen.on))
    if chosen.updated_since is not None:
        query = query.where(Course.updated_at >= chosen.updated_since)
    return session.scalars(page(query, Course.id, after, limit)).all()


def taken(session: Session, movement: str, courses: Collection[str]) -> Mapping[str, int]:
    """How many places of some courses are taken, whomever a route leaves out of what it shows."""
    held = Place.__table__.c
    query = sa.select(held.course, sa.func.count()).where(held.movement == movement, held.course.in_(courses))
    return dict(session.execute(query.where(held.state.in_(TAKEN)).group_by(held.course)).all())


def people_on(session: Session, movement: str, course: str) -> set[str]:
    """Whoever has a place on a course, whomever a route leaves out of what it shows."""
    held = Place.__table__.c
    query = sa.select(held.person).where(held.movement == movement, held.course == course, held.state.in_(TAKEN))
    return set(session.scalars(query))


def place_of(session: Session, movement: str, course: str, person: str) -> str | None:
    """The place that somebody has on a course."""
    query = sa.select(Place.id).where(Place.movement == movement, Place.course == course, Place.person == person)
    return session.scalar(query.where(Place.state.in_(TAKEN)).limit(1))


def find_place(session: Session, movement: str, place: str, *, locked: bool = False) -> Place | None:
    """One place that the caller may see, perhaps locked until the transaction ends."""
    query = sa.select(Place).where(Place.movement == movement, Place.id == place)
    query = query.where(*not_own_staff(session, movement, Place.person))
    return session.scalar(query.with_for_update() if locked else query)


def list_places(session: Session, movement: str, *, chosen: ChosenPlaces, after: After, limit: int) -> Sequence[Place]:
    """Places in the order in which they were taken; no employer sees its own staff's."""
    query = sa.select(Place).where(Place.movement == movement)
    for column, wanted in (
        (Place.course, chosen.course),
        (Place.person, chosen.person),
        (Place.state, chosen.state),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    if chosen.updated_since is not None:
        query = query.where(Place.updated_at >= chosen.updated_since)
    query = query.where(*not_own_staff(session, movement, Place.person))
    return session.scalars(page(query, Place.id, after, limit)).all()


def held_on(session: Session, movement: str, course: str) -> Sequence[Place]:
    """The places on a course that are neither completed nor left, locked."""
    query = sa.select(Place).where(Place.movement == movement, Place.course == course, Place.state == PlaceState.HELD)
    return session.scalars(query.order_by(Place.id).with_for_update()).all()


def held_by(session: Session, movement: str, person: str, today: date) -> Sequence[Place]:
    """The places that somebody has on courses that are not over, locked."""
    query = (
        sa.select(Place)
        .join(Course, sa.and_(Course.movement == Place.movement, Course.id == Place.course))
        .where(Place.movement == movement, Place.person == person, Place.state == PlaceState.HELD, _goes_on(today))
    )
    return session.scalars(query.order_by(Place.id).with_for_update(of=Place)).all()


def passed_on(session: Session, movement: str, places: Collection[str]) -> Mapping[str, Sequence[PassedOn]]:
    """To whom what was learnt at some places was passed on, by place."""
    query = sa.select(PassedOn).where(PassedOn.movement == movement, PassedOn.place.in_(places))
    found: defaultdict[str, list[PassedOn]] = defaultdict(list)
    for each in session.scalars(query.order_by(PassedOn.id)):
        found[each.place].append(each)
    return found


def topics(session: Session, movement: str, *, after: After, limit: int) -> Sequence[str]:
    """The topics of needs and courses, in their order."""
    of_needs = sa.select(LearningNeed.topic).where(LearningNeed.movement == movement)
    every = of_needs.union(sa.select(Course.topic).where(Course.movement == movement)).subquery()
    query = sa.select(every.c.topic).order_by(every.c.topic).limit(limit)
    return session.scalars(query if after is None else query.where(every.c.topic > after[0])).all()


def needs_counted(session: Session, movement: str, topics: Collection[str]) -> Mapping[tuple[str, str], int]:
    """By topic and state, how many needs there are."""
    query = sa.select(LearningNeed.topic, LearningNeed.state, sa.func.count()).where(
        LearningNeed.movement == movement, LearningNeed.topic.in_(topics), LearningNeed.state != NeedState.DROPPED
    )
    rows = session.execute(query.group_by(LearningNeed.topic, LearningNeed.state))
    return {(topic, state): count for topic, state, count in rows}


def courses_counted(session: Session, movement: str, topics: Collection[str], today: date) -> Mapping[str, int]:
    """By topic, how many courses are not over."""
    query = sa.select(Course.topic, sa.func.count()).where(Course.movement == movement, Course.topic.in_(topics))
    return dict(session.execute(query.where(_goes_on(today)).group_by(Course.topic)).all())


def completed_counted(session: Session, movement: str, topics: Collection[str]) -> Mapping[str, int]:
    """By the topic of the course, how many places were completed."""
    query = _of_topics(sa.select(Course.topic, sa.func.count()).select_from(Place), movement, topics)
    return dict(session.execute(query.where(Place.state == PlaceState.COMPLETED)).all())


def passed_on_counted(session: Session, movement: str, topics: Collection[str]) -> Mapping[str, int]:
    """By the topic of the course, to how many people it was passed on."""
    query = sa.select(Course.topic, sa.func.sum(PassedOn.people)).select_from(Place)
    onward = sa.and_(PassedOn.movement == Place.movement, PassedOn.place == Place.id)
    rows = session.execute(_of_topics(query.join(PassedOn, onward), movement, topics))
    return {topic: int(people) for topic, people in rows}


def _of_topics(query: sa.Select[str, int], movement: str, topics: Collection[str]) -> sa.Select[str, int]:
    of_course = sa.and_(Course.movement == Place.movement, Course.id == Place.course)
    joined = query.join(Course, of_course).where(Place.movement == movement, Course.topic.in_(topics))
    return joined.group_by(Course.topic)


def _goes_on(day: date) -> sa.ColumnElement[bool]:
    return sa.and_(Course.cancelled_at.is_(None), Course.ends_on >= day)
