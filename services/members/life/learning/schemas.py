"""What is said of learning needs, courses and places, and how they are shown."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, ClassVar, NamedTuple, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from services.members.fields import Label, OrganisationId, Paragraph, PersonId
from services.members.life.learning import models
from services.members.life.learning.models import LearningNeed, NeedState, PlaceState
from services.members.life.whose import Whom, Whose
from shared.editing import Changes
from shared.fields import Body, Name, View
from shared.ids import Id

NeedId = Annotated[str, Id("need")]
CourseId = Annotated[str, Id("course")]
PlaceId = Annotated[str, Id("place")]
Places = Annotated[int, Field(ge=1, le=100_000, strict=True)]


class NewNeed(Whose):
    """What a person or an organisation needs to learn."""

    topic: Label = Field(description="a word or two, so that needs alike are seen", examples=["first aid"])
    words: Paragraph | None = None


class NeedChanges(Changes):
    """What is to be different in what was said of a need."""

    may_be_empty: ClassVar[frozenset[str]] = frozenset({"words"})

    topic: Label | None = None
    words: Paragraph | None = None


class NeedShown(View):
    """Something that a person or an organisation needs to learn; met once a place for it was completed."""

    id: NeedId
    person: PersonId | None
    organisation: OrganisationId | None
    topic: str
    words: str | None
    state: NeedState
    created_at: datetime
    updated_at: datetime
    version: int

    @classmethod
    def of(cls, need: LearningNeed) -> Self:
        """A need as the API shows it."""
        return cls.model_validate(need, from_attributes=True)


class NewCourse(Body):
    """Where something can be learnt, from when until when, and by how many."""

    title: Name = Field(examples=["Walk leader training"])
    topic: Label = Field(examples=["walk leading"])
    about: Paragraph | None = None
    provider: OrganisationId | None = None
    starts_on: date
    ends_on: date | None = Field(None, description="the last day; the first one where left out")
    places: Places | None = Field(None, description="whoever comes where left out")


class CourseChanges(Changes):
    """What is to be different about a course."""

    may_be_empty: ClassVar[frozenset[str]] = frozenset({"about", "places"})

    title: Name | None = None
    topic: Label | None = None
    about: Paragraph | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    places: Places | None = None


class Counted(NamedTuple):
    """A course, and how many of its places are taken."""

    course: models.Course
    taken: int


class CourseShown(View):
    """A course, and how many of its places are taken."""

    id: CourseId
    title: str
    topic: str
    about: str | None
    provider: OrganisationId | None
    starts_on: date
    ends_on: date
    places: int | None
    taken: int
    cancelled_at: datetime | None
    created_at: datetime
    updated_at: datetime
    version: int

    @classmethod
    def of(cls, counted: Counted) -> Self:
        """A course as the API shows it."""
        about = {name: getattr(counted.course, name) for name in cls.model_fields if name != "taken"}
        return cls(**about, taken=counted.taken)


class NewPlace(Body):
    """Who has a place on which course, and for which need."""

    course: CourseId
    person: PersonId
    need: NeedId | None = None


class Completed(Body):
    """On which day it was completed; today unless it was before."""

    on: date | None = None


class PassingOn(Whom):
    """To whom what was learnt was passed on: a person, an organisation, or others in words, and how many they were."""

    people: Annotated[int, Field(ge=1, le=100_000, strict=True)] = 1
    what: Paragraph | None = None
    on: date | None = None

    @model_validator(mode="after")
    def _of_one(self) -> Self:
        if self.person is not None and self.people != 1:
            raise PydanticCustomError("one_person", "is one person")
        return self


class PassedOnShown(View):
    """To whom it was passed on; nobody is named any more where they were erased."""

    person: PersonId | None
    organisation: OrganisationId | None
    words: str | None
    people: int
    what: str | None
    on: date

    @classmethod
    def of(cls, passed: models.PassedOn) -> Self:
        """What was passed on as the API shows it."""
        return cls(
            person=passed.to_person,
            organisation=passed.to_organisation,
            words=passed.to_words,
            people=passed.people,
            what=passed.what,
            on=passed.on,
        )


class Held(NamedTuple):
    """A place, and to whom what was learnt there was passed on."""

    place: models.Place
    passed_on: Sequence[models.PassedOn]


class PlaceShown(View):
    """Somebody's place on a course, and to whom they passed on what they learnt."""

    id: PlaceId
    course: CourseId
    person: PersonId
    need: NeedId | None
    state: PlaceState
    completed_on: date | None
    passed_on: list[PassedOnShown]
    created_at: datetime
    updated_at: datetime
    version: int

    @classmethod
    def of(cls, held: Held) -> Self:
        """A place as the API shows it."""
        about = {name: getattr(held.place, name) for name in cls.model_fields if name != "passed_on"}
        return cls(**about, passed_on=[PassedOnShown.of(each) for each in held.passed_on])


class Topic(View):
    """What is needed, to be had, learnt and passed on of a topic. Nobody is in it."""

    topic: str
    needed: int = Field(description="needs that are open")
    met: int = Field(description="needs that were met")
    courses: int = Field(description="courses that are not over")
    completed: int = Field(description="places that were completed")
    passed_on: int = Field(description="people to whom it was passed on")
