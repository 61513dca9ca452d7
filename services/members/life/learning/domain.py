"""The verbs of learning needs and of courses; places are in ``places``."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from services.members import days
from services.members.base import After
from services.members.life.learning import store
from services.members.life.learning.models import Course, LearningNeed, NeedState, PlaceState
from services.members.life.learning.schemas import Counted, CourseChanges, NeedChanges, NewCourse, NewNeed, Topic
from services.members.life.learning.store import ChosenCourses, ChosenNeeds
from services.members.named import by_present_ids, named
from shared import clock, outbox
from shared.editing import hold_to
from shared.errors import Fault, Invalid, NotFound
from shared.events.members.learning import LearningCourseCancelled, LearningNeedSaid
from shared.ids import new_id


def say_need(session: Session, movement: str, said: NewNeed) -> LearningNeed:
    """Note what somebody needs to learn. Raises Invalid."""
    found = named(
        session, movement, people={"/person": said.person}, organisations={"/organisation": said.organisation}
    )
    if found.faults:
        raise Invalid(faults=found.faults)
    at = clock.now()
    need = LearningNeed(
        movement=movement,
        id=new_id("need"),
        version=1,
        person=found.at("/person"),
        organisation=found.at("/organisation"),
        topic=said.topic,
        words=said.words,
        state=NeedState.OPEN,
        created_at=at,
        updated_at=at,
    )
    store.add(session, need)
    outbox.record(session, LearningNeedSaid(need=need.id))
    return need


def change_need(session: Session, movement: str, id: str, said: NeedChanges, expected: int | None) -> LearningNeed:
    """Change what was said of a need. Raises NotFound, PreconditionFailed."""
    need = _need(store.find_need(session, movement, id, locked=True))
    hold_to(need.version, expected)
    said.apply(need)
    need.changed(clock.now())
    return need


def drop_need(session: Session, movement: str, id: str) -> LearningNeed:
    """It is needed no longer. Raises NotFound, IllegalTransition."""
    need = _need(store.find_need(session, movement, id, locked=True))
    need.step(NeedState.DROPPED, clock.now())
    return need


def read_need(session: Session, movement: str, id: str) -> LearningNeed:
    """One need. Raises NotFound."""
    return _need(store.find_need(session, movement, id))


def list_needs(
    session: Session, movement: str, *, chosen: ChosenNeeds, after: After, limit: int
) -> Sequence[LearningNeed]:
    """Needs in the order in which they were said; of somebody by any id that they ever had."""
    chosen = by_present_ids(session, movement, chosen, people=("person",), organisations=("organisation",))
    return store.list_needs(session, movement, chosen=chosen, after=after, limit=limit)


def enter_course(session: Session, movement: str, said: NewCourse) -> Counted:
    """Enter a course. Raises Invalid."""
    found = named(session, movement, organisations={"/provider": said.provider})
    ends_on = said.ends_on or said.starts_on
    faults = list(found.faults)
    if ends_on < said.starts_on:
        faults.append(Fault("/ends_on", "is before it starts", "before_start"))
    if faults:
        raise Invalid(faults=faults)
    at = clock.now()
    course = Course(
        movement=movement,
        id=new_id("course"),
        version=1,
        title=said.title,
        topic=said.topic,
        about=said.about,
        provider=found.at("/provider"),
        starts_on=said.starts_on,
        ends_on=ends_on,
        places=said.places,
        created_at=at,
        updated_at=at,
    )
    store.add(session, course)
    return Counted(course, 0)


def change_course(session: Session, movement: str, id: str, said: CourseChanges, expected: int | None) -> Counted:
    """Change a course. Raises NotFound, PreconditionFailed, Invalid."""
    course = _course(store.find_course(session, movement, id, locked=True))
    hold_to(course.version, expected)
    counted = _counted(session, movement, [course])[0]
    said.apply(course)
    faults: list[Fault] = []
    if course.ends_on < course.starts_on:
        faults.append(Fault("/ends_on", "is before it starts", "before_start"))
    if course.places is not None and course.places < counted.taken:
        faults.append(Fault("/places", f"is less than the {counted.taken} that are taken", "taken_already"))
    if faults:
        raise Invalid(faults=faults)
    course.changed(clock.now())
    return counted


def cancel_course(session: Session, movement: str, id: str) -> Counted:
    """It does not take place: whoever had a place has none. Raises NotFound, CourseOver."""
    course, at = _course(store.find_course(session, movement, id, locked=True)), clock.now()
    course.cancel(at)
    for place in store.held_on(session, movement, id):
        place.step(PlaceState.LEFT, at)
    outbox.record(session, LearningCourseCancelled(course=id))
    session.flush()
    return _counted(session, movement, [course])[0]


def read_course(session: Session, movement: str, id: str) -> Counted:
    """One course. Raises NotFound."""
    return _counted(session, movement, [_course(store.find_course(session, movement, id))])[0]


def list_courses(
    session: Session, movement: str, *, chosen: ChosenCourses, after: After, limit: int
) -> Sequence[Counted]:
    """Courses in the order in which they were entered; of a provider by any id that it ever had."""
    chosen = by_present_ids(session, movement, chosen, organisations=("provider",))
    courses = store.list_courses(session, movement, chosen=chosen, after=after, limit=limit)
    return _counted(session, movement, courses)


def topics(session: Session, movement: str, *, after: After, limit: int) -> Sequence[Topic]:
    """What is needed, to be had, learnt and passed on, topic by topic."""
    found, today = store.topics(session, movement, after=after, limit=limit), days.today(session, movement)
    needs = store.needs_counted(session, movement, found)
    courses = store.courses_counted(session, movement, found, today)
    completed = store.completed_counted(session, movement, found)
    passed_on = store.passed_on_counted(session, movement, found)
    return [
        Topic(
            topic=topic,
            needed=needs.get((topic, NeedState.OPEN), 0),
            met=needs.get((topic, NeedState.MET), 0),
            courses=courses.get(topic, 0),
            completed=completed.get(topic, 0),
            passed_on=passed_on.get(topic, 0),
        )
        for topic in found
    ]


def _counted(session: Session, movement: str, courses: Sequence[Course]) -> list[Counted]:
    taken = store.taken(session, movement, [course.id for course in courses])
    return [Counted(course, taken.get(course.id, 0)) for course in courses]


def _need(need: LearningNeed | None) -> LearningNeed:
    if need is None:
        raise NotFound
    return need


def _course(course: Course | None) -> Course:
    if course is None:
        raise NotFound
    return course
