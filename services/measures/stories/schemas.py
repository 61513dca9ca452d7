"""Stories as they are sent and answered."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from services.measures.fields import Key, MeasureId, PersonId, ProgrammeId, StoryId
from services.measures.stories import models
from services.measures.stories.models import How, Origin, Reach, State
from shared.editing import Changes
from shared.fields import Body, GssCode, Name, View, line, lines

Words = Annotated[str, lines(20_000)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35)]
Reference = Annotated[str, line(200)]


class Tag(Body):
    """What a story is an example of."""

    framework: Key = Field(examples=["signs_of_success"])
    element: Key = Field(examples=["shifting_control"])


class Agreement(Body):
    """What whoever tells the story agreed to, apart from what members knows that each person permits."""

    reach: Reach = Field(description="How far it may be told: within the movement, to partners, or to everybody.")
    how: How
    on: date
    review_on: date | None = Field(None, description="The last day on which it may be told without asking again.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.review_on is not None and self.review_on < self.on:
            raise PydanticCustomError("invalid_span", "ends before it was agreed")
        return self


People = Annotated[list[PersonId], Field(max_length=20, description="Everybody whom it tells of and who is known.")]
Tags = Annotated[list[Tag], Field(max_length=50)]
Measures = Annotated[list[MeasureId], Field(max_length=20)]


class NewStory(Body):
    """A story, as a draft. Of people who are known members asks whether they permit it (purpose `stories`)."""

    title: Name
    words: Words = Field(description="What changed, in the words of whoever tells it.")
    language: Language = "en"
    credit: Name | None = Field(None, description="How whoever tells it wants to be called; null is not at all.")
    told_on: date
    people: People = Field([])
    place: GssCode | None = None
    programme: ProgrammeId | None = None
    origin: Origin = Origin.CONVERSATION
    reference: Reference | None = Field(None, description="What it is called there: the same one is taken once.")
    agreement: Agreement
    tags: Tags = Field([])
    measures: Measures = Field([])


class StoryChanges(Changes):
    """What is to be different in a draft; lists are sent whole."""

    may_be_empty = frozenset({"credit", "place", "programme"})

    title: Name | None = None
    words: Words | None = None
    language: Language | None = None
    credit: Name | None = None
    told_on: date | None = None
    people: People | None = None
    place: GssCode | None = None
    programme: ProgrammeId | None = None
    agreement: Agreement | None = None
    tags: Tags | None = None
    measures: Measures | None = None


class Story(View):
    """A story that everybody whom it tells of permits to be shown to whoever asks."""

    id: StoryId
    version: int
    state: State
    title: str
    words: str
    language: str
    credit: str | None
    told_on: date
    people: list[PersonId]
    place: str | None
    programme: str | None
    origin: Origin
    reference: str | None
    agreement: Agreement
    tags: list[Tag]
    measures: list[MeasureId]
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, shown: models.Shown) -> Self:
        it = shown.story
        review_on = None if it.review_on is None else date.fromisoformat(it.review_on)
        return cls(
            id=it.id, version=it.version, state=State(it.state), title=it.title, words=it.words, language=it.language,
            credit=it.credit, told_on=date.fromisoformat(it.told_on), people=list(shown.people), place=it.place,
            programme=it.programme, origin=Origin(it.origin), reference=it.reference,
            agreement=Agreement(
                reach=Reach(it.reach), how=How(it.agreed_how), on=date.fromisoformat(it.agreed_on), review_on=review_on
            ),
            tags=[Tag(framework=tag.framework, element=tag.element) for tag in shown.tags],
            measures=list(shown.measures), created_at=it.created_at, updated_at=it.updated_at,
        )  # fmt: skip
