"""Routes of learning."""

from datetime import date
from typing import Annotated

from fastapi import Query, Response

from services.members.fields import Label, OrganisationId, PersonId
from services.members.life.learning import domain, places
from services.members.life.learning.models import NeedState, PlaceState
from services.members.life.learning.schemas import (
    Completed,
    CourseChanges,
    CourseId,
    CourseShown,
    NeedChanges,
    NeedId,
    NeedShown,
    NewCourse,
    NewNeed,
    NewPlace,
    PassingOn,
    PlaceId,
    PlaceShown,
    Topic,
)
from services.members.life.learning.store import ChosenCourses, ChosenNeeds, ChosenPlaces
from services.members.trust.purposes.standard import ADMINISTRATION
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging, UpdatedSince
from shared.routing import Router

router = Router(prefix="/v1/learning", tags=["Learning"])

_SHOWING = needs("learning:read", shows=ADMINISTRATION)
_READING, _WRITING = needs("learning:read"), needs("learning:write")


@router.post("/needs", status_code=201, response_model=NeedShown, **_WRITING)
async def say_need(body: NewNeed, call: Call) -> Response:
    """Note what a person or an organisation needs to learn."""
    return tagged(await call.write(domain.say_need, body, answer=NeedShown.of))


@router.get("/needs", response_model=Page[NeedShown], **_SHOWING)
async def list_needs(
    call: Call,
    paging: Paging,
    person: PersonId | None = None,
    organisation: OrganisationId | None = None,
    topic: Label | None = None,
    state: NeedState | None = None,
    updated_since: UpdatedSince = None,
) -> Page[NeedShown]:
    """Needs in the order in which they were said. No employer sees those of its own staff."""
    chosen = ChosenNeeds(person, organisation, topic, state, updated_since)
    rows = await call.read(domain.list_needs, chosen=chosen, after=paging.after, limit=paging.fetch)
    return paging.page(rows, NeedShown.of, lambda need: (need.id,))


@router.get("/needs/{need}", response_model=NeedShown, **_SHOWING)
async def read_need(need: NeedId, call: Call, response: Response) -> NeedShown:
    """One need."""
    shown = NeedShown.of(await call.read(domain.read_need, need))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.patch("/needs/{need}", response_model=NeedShown, **_WRITING)
async def change_need(need: NeedId, body: NeedChanges, call: Call, expected: Expected) -> Response:
    """Change what was said of a need."""
    return tagged(await call.write(domain.change_need, need, body, expected, answer=NeedShown.of))


@router.post("/needs/{need}/drop", response_model=NeedShown, **_WRITING)
async def drop_need(need: NeedId, call: Call) -> Response:
    """Note that it is needed no longer."""
    return tagged(await call.write(domain.drop_need, need, answer=NeedShown.of))


@router.get("/topics", response_model=Page[Topic], **_READING)
async def list_topics(call: Call, paging: Paging) -> Page[Topic]:
    """What is needed, to be had, learnt and passed on, topic by topic. Nobody is in it."""
    rows = await call.read(domain.topics, after=paging.after, limit=paging.fetch)
    return paging.page(rows, lambda topic: topic, lambda topic: (topic.topic,))


@router.post("/courses", status_code=201, response_model=CourseShown, **_WRITING)
async def enter_course(body: NewCourse, call: Call) -> Response:
    """Enter a course: what can be learnt, when, and by how many."""
    return tagged(await call.write(domain.enter_course, body, answer=CourseShown.of))


@router.get("/courses", response_model=Page[CourseShown], **_READING)
async def list_courses(
    call: Call,
    paging: Paging,
    topic: Label | None = None,
    provider: OrganisationId | None = None,
    on: Annotated[date | None, Query(description="those that are not over by a day")] = None,
    updated_since: UpdatedSince = None,
) -> Page[CourseShown]:
    """Courses in the order in which they were entered, and how many of their places are taken."""
    chosen = ChosenCourses(topic, provider, on, updated_since)
    rows = await call.read(domain.list_courses, chosen=chosen, after=paging.after, limit=paging.fetch)
    return paging.page(rows, CourseShown.of, lambda counted: (counted.course.id,))


@router.get("/courses/{course}", response_model=CourseShown, **_READING)
async def read_course(course: CourseId, call: Call, response: Response) -> CourseShown:
    """One course."""
    shown = CourseShown.of(await call.read(domain.read_course, course))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.patch("/courses/{course}", response_model=CourseShown, **_WRITING)
async def change_course(course: CourseId, body: CourseChanges, call: Call, expected: Expected) -> Response:
    """Change a course; it has as many places as are taken, or more."""
    return tagged(await call.write(domain.change_course, course, body, expected, answer=CourseShown.of))


@router.post("/courses/{course}/cancel", response_model=CourseShown, **_WRITING)
async def cancel_course(course: CourseId, call: Call) -> Response:
    """Note that it does not take place. Whoever had a place has none; their needs stay open."""
    return tagged(await call.write(domain.cancel_course, course, answer=CourseShown.of))


@router.post("/places", status_code=201, response_model=PlaceShown, **_WRITING)
async def take_place(body: NewPlace, call: Call) -> Response:
    """Give somebody a place on a course, perhaps for a need.

    409 `course_full`, `course_over`, `place_already`; `not_available` where they are not to be there, and never why.
    """
    return tagged(await call.write(places.take, body, answer=PlaceShown.of))


@router.get("/places", response_model=Page[PlaceShown], **_SHOWING)
async def list_places(
    call: Call,
    paging: Paging,
    course: CourseId | None = None,
    person: PersonId | None = None,
    state: PlaceState | None = None,
    updated_since: UpdatedSince = None,
) -> Page[PlaceShown]:
    """Places in the order in which they were taken. No employer sees those of its own staff."""
    chosen = ChosenPlaces(course, person, state, updated_since)
    rows = await call.read(places.list_places, chosen=chosen, after=paging.after, limit=paging.fetch)
    return paging.page(rows, PlaceShown.of, lambda held: (held.place.id,))


@router.get("/places/{place}", response_model=PlaceShown, **_SHOWING)
async def read_place(place: PlaceId, call: Call, response: Response) -> PlaceShown:
    """One place."""
    shown = PlaceShown.of(await call.read(places.read, place))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.post("/places/{place}/complete", response_model=PlaceShown, **_WRITING)
async def complete_place(place: PlaceId, body: Completed, call: Call) -> Response:
    """Note that it was completed: the need that it was for is met. It counts as `completed_learning`."""
    return tagged(await call.write(places.complete, place, body, answer=PlaceShown.of))


@router.post("/places/{place}/leave", response_model=PlaceShown, **_WRITING)
async def leave_place(place: PlaceId, call: Call) -> Response:
    """Note that they do not go, or go no longer. The place is free again."""
    return tagged(await call.write(places.leave, place, answer=PlaceShown.of))


@router.post("/places/{place}/pass-on", response_model=PlaceShown, **_WRITING)
async def pass_on_learning(place: PlaceId, body: PassingOn, call: Call) -> Response:
    """Note to whom what was learnt was passed on. It counts as `passed_on_learning`."""
    return tagged(await call.write(places.pass_on, place, body, answer=PlaceShown.of))
