"""The verbs of places on courses: taken, completed, left, and what was learnt passed on.

Nobody has a place beside somebody whom they are kept apart from, or where they may not be met; the answer is the same
for either, and never why.
"""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from services.members import days
from services.members.base import After
from services.members.community.credit import credit
from services.members.life.learning import store
from services.members.life.learning.models import (
    Course,
    CourseFull,
    NeedState,
    PassedOn,
    Place,
    PlaceAlready,
    PlaceState,
)
from services.members.life.learning.schemas import Completed, Held, NewPlace, PassingOn
from services.members.life.learning.store import ChosenPlaces
from services.members.named import by_present_ids, named
from services.members.trust.permissions.domain import permitted
from services.members.trust.permissions.models import Channel
from services.members.trust.purposes.standard import GATHERINGS
from services.members.trust.safeguarding.guard import NotAvailable, may_join
from shared import clock, outbox
from shared.errors import Fault, Invalid, NotFound
from shared.events.members.learning import LearningCompleted, LearningPassedOn
from shared.ids import new_id
from shared.lifecycle import IllegalTransition

COMPLETED = "completed_learning"
PASSED_ON = "passed_on_learning"
"""The kinds of activity that learning counts as on the ladder."""


def take(session: Session, movement: str, said: NewPlace) -> Held:
    """Give somebody a place. Raises Invalid, CourseOver, PlaceAlready, CourseFull, NotAvailable."""
    course = store.find_course(session, movement, said.course, locked=True)  # of two at once, the second sees the first
    found = named(session, movement, people={"/person": said.person})
    faults = list(found.faults)
    if course is None:
        faults.append(Fault("/course", "is no course of this movement", "unknown_course"))
    if said.need is not None:
        faults += _need_faults(session, movement, said.need, found.at("/person"))
    if faults or course is None:
        raise Invalid(faults=faults)
    person, at = found.ids["/person"], clock.now()
    _refuse_unavailable(session, movement, course, person)
    place = Place(
        movement=movement,
        id=new_id("place"),
        version=1,
        course=course.id,
        person=person,
        need=said.need,
        state=PlaceState.HELD,
        created_at=at,
        updated_at=at,
    )
    store.add(session, place)
    return Held(place, [])


def complete(session: Session, movement: str, id: str, said: Completed) -> Held:
    """Note that it was completed; the need that it was for is met. Raises NotFound, IllegalTransition, Invalid."""
    place, today, at = _held(session, movement, id), days.today(session, movement), clock.now()
    on = said.on or today
    course = store.find_course(session, movement, place.course)
    if on > today:
        raise Invalid(faults=[Fault("/on", "is still to come", "in_the_future")])
    if course is not None and on < course.starts_on:
        raise Invalid(faults=[Fault("/on", "is before the course starts", "before_start")])
    place.step(PlaceState.COMPLETED, at)
    place.completed_on = on
    need = None if place.need is None else store.find_need(session, movement, place.need, locked=True)
    if need is not None and need.state == NeedState.OPEN:
        need.step(NeedState.MET, at)
    credit(session, movement, place.person, COMPLETED)
    outbox.record(session, LearningCompleted(place=id, course=place.course))
    return _shown(session, movement, [place])[0]


def leave(session: Session, movement: str, id: str) -> Held:
    """Let somebody have a place no longer; it is free again. Raises NotFound, IllegalTransition."""
    place = _held(session, movement, id)
    place.step(PlaceState.LEFT, clock.now())
    return _shown(session, movement, [place])[0]


def pass_on(session: Session, movement: str, id: str, said: PassingOn) -> Held:
    """Note to whom what was learnt was passed on. Raises NotFound, IllegalTransition, Invalid, NotAvailable."""
    place, today = _held(session, movement, id), days.today(session, movement)
    if place.state != PlaceState.COMPLETED:
        raise IllegalTransition(f"a place that is {place.state} has nothing to pass on", state=place.state)
    found = named(
        session, movement, people={"/person": said.person}, organisations={"/organisation": said.organisation}
    )
    person, faults = found.at("/person"), list(found.faults)
    if person == place.person:
        faults.append(Fault("/person", "is whoever learnt it", "same_person"))
    if said.on is not None and said.on > today:
        faults.append(Fault("/on", "is still to come", "in_the_future"))
    if faults:
        raise Invalid(faults=faults)
    if person is not None and not may_join(session, movement, person, {place.person}):
        raise NotAvailable
    at = clock.now()
    passed = PassedOn(
        movement=movement,
        id=new_id("passed"),
        place=id,
        to_person=person,
        to_organisation=found.at("/organisation"),
        to_words=said.words,
        people=said.people,
        what=said.what,
        on=said.on or today,
        recorded_at=at,
    )
    store.add(session, passed)
    place.changed(at)
    credit(session, movement, place.person, PASSED_ON)
    outbox.record(session, LearningPassedOn(place=id, course=place.course, people=said.people))
    return _shown(session, movement, [place])[0]


def read(session: Session, movement: str, id: str) -> Held:
    """One place. Raises NotFound."""
    return _shown(session, movement, [_found(store.find_place(session, movement, id))])[0]


def list_places(session: Session, movement: str, *, chosen: ChosenPlaces, after: After, limit: int) -> Sequence[Held]:
    """Places in the order in which they were taken; of somebody by any id that they ever had."""
    chosen = by_present_ids(session, movement, chosen, people=("person",))
    return _shown(session, movement, store.list_places(session, movement, chosen=chosen, after=after, limit=limit))


def part(session: Session, movement: str, stays: str, gives_way: str) -> None:
    """Let one of two people who are kept apart from now on leave every course to come that the other is on."""
    for place in store.held_by(session, movement, gives_way, days.today(session, movement)):
        if stays in store.people_on(session, movement, place.course):
            place.step(PlaceState.LEFT, clock.now())
    session.flush()


def _need_faults(session: Session, movement: str, need: str, person: str | None) -> list[Fault]:
    """What is wrong with the need that a place is for: it is of this movement, and open, and nobody else's."""
    row = store.find_need(session, movement, need)
    if row is None:
        return [Fault("/need", "is no need of this movement", "unknown_need")]
    if row.state != NeedState.OPEN:
        return [Fault("/need", "is not open any more", "not_open")]
    if row.person is not None and person is not None and row.person != person:
        return [Fault("/need", "is somebody else's", "others_need")]
    return []


def _refuse_unavailable(session: Session, movement: str, course: Course, person: str) -> None:
    course.refuse_over(days.today(session, movement))
    already = store.place_of(session, movement, course.id, person)
    if already is not None:
        raise PlaceAlready(place=already)
    there = store.people_on(session, movement, course.id)
    taken = store.taken(session, movement, [course.id]).get(course.id, 0)
    if course.places is not None and taken >= course.places:
        raise CourseFull(places=course.places)
    permits = permitted(session, movement, person, GATHERINGS, Channel.IN_PERSON, clock.now())
    if not permits or not may_join(session, movement, person, there):
        raise NotAvailable


def _shown(session: Session, movement: str, places: Sequence[Place]) -> list[Held]:
    passed_on = store.passed_on(session, movement, [place.id for place in places])
    return [Held(place, passed_on.get(place.id, [])) for place in places]


def _held(session: Session, movement: str, id: str) -> Place:
    return _found(store.find_place(session, movement, id, locked=True))


def _found(place: Place | None) -> Place:
    if place is None:
        raise NotFound
    return place
