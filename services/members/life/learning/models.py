"""Tables of learning: needs, courses, places on them, and to whom what was learnt was passed on."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import Base
from services.members.directory.organisations.models import of_organisation
from services.members.directory.people.models import of_person
from services.members.erasing import EMPTIED, GOES
from shared.errors import Conflict
from shared.lifecycle import Lifecycle


class NeedState(StrEnum):
    """Where a need is."""

    OPEN = "open"
    MET = "met"
    DROPPED = "dropped"


class PlaceState(StrEnum):
    """Where a place is."""

    HELD = "held"
    COMPLETED = "completed"
    LEFT = "left"


NEEDS = Lifecycle("a need", {NeedState.OPEN: {NeedState.MET, NeedState.DROPPED}})
PLACES = Lifecycle("a place", {PlaceState.HELD: {PlaceState.COMPLETED, PlaceState.LEFT}})
TAKEN = (PlaceState.HELD, PlaceState.COMPLETED)
"""The states of a place that nobody else can have."""


class CourseFull(Conflict):
    """Every place is taken; ``places`` is how many there are."""

    code = "course_full"
    title = "No place is left on this course"


class CourseOver(Conflict):
    """The course was cancelled, or its last day is past."""

    code = "course_over"
    title = "This course is over"


class PlaceAlready(Conflict):
    """One person has one place on a course; ``place`` is which one."""

    code = "place_already"
    title = "They have a place on this course already"


class LearningNeed(Base):
    """Something that a person or an organisation needs to learn. ``topic`` is a word or two, so that alike are seen."""

    __tablename__ = "learning_needs"
    __table_args__ = (
        of_person(erased=GOES),
        of_organisation(),
        sa.CheckConstraint("(person IS NULL) <> (organisation IS NULL)", name="learning_needs_of_one"),
        sa.Index("learning_needs_by_topic", "movement", "topic", "state"),
        sa.Index("learning_needs_by_person", "movement", "person"),
        sa.Index("learning_needs_by_organisation", "movement", "organisation"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    person: Mapped[str | None]
    organisation: Mapped[str | None]
    topic: Mapped[str]
    words: Mapped[str | None]
    state: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def step(self, to: NeedState, at: datetime) -> None:
        """Go on to another state. Raises IllegalTransition."""
        self.state = NEEDS.step(self.state, to)
        self.changed(at)

    def changed(self, at: datetime) -> None:
        """Note that something about it changed."""
        self.version += 1
        self.updated_at = at


class Course(Base):
    """Where something can be learnt, up to and including ``ends_on``. ``places``: how many; None: whoever comes."""

    __tablename__ = "learning_courses"
    __table_args__ = (
        of_organisation("provider"),
        sa.CheckConstraint("ends_on >= starts_on", name="learning_courses_in_order"),
        sa.CheckConstraint("places IS NULL OR places > 0", name="learning_courses_have_places"),
        sa.Index("learning_courses_by_topic", "movement", "topic"),
        sa.Index("learning_courses_by_provider", "movement", "provider"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    title: Mapped[str]
    topic: Mapped[str]
    about: Mapped[str | None]
    provider: Mapped[str | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    places: Mapped[int | None]
    cancelled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def refuse_over(self, today: date) -> None:
        """Raise CourseOver where nobody can go any more."""
        if self.cancelled_at is not None or self.ends_on < today:
            raise CourseOver

    def cancel(self, at: datetime) -> None:
        """It does not take place. Raises CourseOver."""
        if self.cancelled_at is not None:
            raise CourseOver
        self.cancelled_at = at
        self.changed(at)

    def changed(self, at: datetime) -> None:
        """Note that something about it changed."""
        self.version += 1
        self.updated_at = at


class Place(Base):
    """Somebody's place on a course, perhaps for a need of theirs or of their organisation."""

    __tablename__ = "learning_places"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "course"], ["learning_courses.movement", "learning_courses.id"]),
        of_person(erased=GOES),
        sa.Index("learning_places_by_course", "movement", "course", "state"),
        sa.Index("learning_places_by_person", "movement", "person"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    course: Mapped[str]
    person: Mapped[str]
    need: Mapped[str | None]
    state: Mapped[str]
    completed_on: Mapped[date | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def step(self, to: PlaceState, at: datetime) -> None:
        """Go on to another state. Raises IllegalTransition."""
        self.state = PLACES.step(self.state, to)
        self.changed(at)

    def changed(self, at: datetime) -> None:
        """Note that something about it changed."""
        self.version += 1
        self.updated_at = at


class PassedOn(Base):
    """That what was learnt at a place was passed on to ``people`` others: to whom, while that may be known."""

    __tablename__ = "learning_passed_on"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "place"], ["learning_places.movement", "learning_places.id"]),
        of_person("to_person", erased=EMPTIED),
        of_organisation("to_organisation"),
        sa.CheckConstraint("people > 0", name="learning_passed_on_to_somebody"),
        sa.Index("learning_passed_on_by_place", "movement", "place"),
        sa.Index("learning_passed_on_to_person", "movement", "to_person"),
        sa.Index("learning_passed_on_to_organisation", "movement", "to_organisation"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[str]
    to_person: Mapped[str | None]
    to_organisation: Mapped[str | None]
    to_words: Mapped[str | None]
    people: Mapped[int]
    what: Mapped[str | None]
    on: Mapped[date]
    recorded_at: Mapped[datetime]
