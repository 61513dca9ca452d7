"""What is said about the common agenda, and how its versions and their differences are shown."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from services.members.fields import Label, OrganisationId, Paragraph, PersonId, Slug
from services.members.life.agenda import models
from services.members.life.agenda.models import AgendaState, PointKind
from services.members.life.whose import Whose
from shared.editing import Changes
from shared.fields import Body, View, lines
from shared.ids import Id

AgendaId = Annotated[str, Id("agenda")]
Vision = Annotated[str, lines(3000)]
HOW = "how they had a hand in it"


class Point(Body):
    """An outcome or a value. Its key stays from version to version, so that a change of its words can be shown."""

    key: Slug = Field(examples=["active_every_day"])
    words: Paragraph = Field(examples=["Everybody moves a little every day, in a way that they enjoy."])


class Usage(Body):
    """What an organisation means by a word, where that is something else than the movement agrees on."""

    organisation: OrganisationId
    meaning: Paragraph


class Word(Body):
    """A word, what the movement agrees that it means, and who means something else by it."""

    word: Label = Field(examples=["community"])
    meaning: Paragraph
    used_otherwise: list[Usage] = Field(default_factory=list, max_length=30)


class Shaper(Whose):
    """A person or an organisation that had a hand in a version."""

    how: Paragraph = Field(examples=["the campfire in Cinderford"], description=HOW)


def _keys_once(points: list[Point]) -> list[Point]:
    if len({point.key for point in points}) < len(points):
        raise PydanticCustomError("repeated", "has a key twice")
    return points


def _words_once(words: list[Word]) -> list[Word]:
    if len({word.word for word in words}) < len(words):
        raise PydanticCustomError("repeated", "has a word twice")
    return words


Points = Annotated[list[Point], Field(max_length=30), AfterValidator(_keys_once)]
Words = Annotated[list[Word], Field(max_length=200), AfterValidator(_words_once)]
Shapers = Annotated[list[Shaper], Field(max_length=200)]


class NewAgenda(Body):
    """A draft of the agenda's next version."""

    vision: Vision
    outcomes: Points = Field(default_factory=list)
    values: Points = Field(default_factory=list)
    glossary: Words = Field(default_factory=list)
    shaped_by: Shapers = Field(default_factory=list)
    review_on: date = Field(description="when it is looked at again")


class AgendaChanges(Changes):
    """What is to be different in a draft. A list that is sent takes the place of the one that was there."""

    may_be_empty: ClassVar[frozenset[str]] = frozenset()

    vision: Vision | None = None
    outcomes: Points | None = None
    values: Points | None = None
    glossary: Words | None = None
    shaped_by: Shapers | None = None
    review_on: date | None = None


class Withdrawal(Body):
    """Why nobody is to sign this version any more."""

    why: Paragraph


class PointShown(View):
    """An outcome or a value."""

    key: str
    words: str


class UsageShown(View):
    """What an organisation means by a word."""

    organisation: OrganisationId
    meaning: str


class WordShown(View):
    """A word of the glossary."""

    word: str
    meaning: str
    used_otherwise: list[UsageShown]


class ShaperShown(View):
    """Somebody who had a hand in a version."""

    person: PersonId | None
    organisation: OrganisationId | None
    how: str


class AgendaShown(View):
    """A version of the common agenda. A draft has no number yet."""

    id: AgendaId
    number: int | None
    state: AgendaState
    vision: str
    outcomes: list[PointShown]
    values: list[PointShown]
    glossary: list[WordShown]
    shaped_by: list[ShaperShown]
    review_on: date
    published_on: date | None
    withdrawn_on: date | None
    withdrawn_why: str | None
    created_at: datetime
    updated_at: datetime
    version: int

    @classmethod
    def of(cls, agenda: models.Agenda) -> Self:
        """A version as the API shows it."""
        return cls(
            id=agenda.id,
            number=agenda.number,
            state=AgendaState(agenda.state),
            vision=agenda.vision,
            outcomes=_points(agenda.of_kind(PointKind.OUTCOME)),
            values=_points(agenda.of_kind(PointKind.VALUE)),
            glossary=_glossary(agenda),
            shaped_by=[
                ShaperShown(person=shaper.person, organisation=shaper.organisation, how=shaper.how)
                for shaper in agenda.shapers
            ],
            review_on=agenda.review_on,
            published_on=agenda.published_on,
            withdrawn_on=agenda.withdrawn_on,
            withdrawn_why=agenda.withdrawn_why,
            created_at=agenda.created_at,
            updated_at=agenda.updated_at,
            version=agenda.version,
        )


class Difference(View):
    """What is different between two versions, in sentences; none where they say the same."""

    earlier: AgendaId
    later: AgendaId
    in_words: list[str]


def _points(points: Sequence[models.AgendaPoint]) -> list[PointShown]:
    return [PointShown(key=point.key, words=point.words) for point in points]


def _glossary(agenda: models.Agenda) -> list[WordShown]:
    return [
        WordShown(
            word=word.word,
            meaning=word.meaning,
            used_otherwise=[
                UsageShown(organisation=usage.organisation, meaning=usage.meaning) for usage in word.used_otherwise
            ],
        )
        for word in agenda.words
    ]
