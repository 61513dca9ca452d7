"""Surveys, waves and the parts that people have in them, as they are sent and answered."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, ClassVar, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from services.measures.fields import Day, Key, PersonId, ResearcherId, SurveyId, WaveId
from services.measures.instruments.questions import NUMERIC, QuestionKind
from services.measures.instruments.schemas import NamedBands
from services.measures.surveys.asking import models
from services.measures.surveys.asking.models import Part, SurveyState
from services.measures.surveys.asking.questionnaire import StoredAsk, StoredBand, StoredTexts
from services.measures.surveys.asking.words import PAGE
from shared.editing import Changes
from shared.fields import Body, Name, View, lines

Language = Annotated[
    str, StringConstraints(pattern="^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}$"), Field(examples=["en", "cy", "ur"])
]
"""A language by its BCP 47 tag."""


class OwnQuestion(Body):
    """A question of the survey's own. Its words are in `texts`."""

    key: Key
    kind: QuestionKind
    choices: list[Key] = Field([], max_length=50)
    low: Annotated[int, Field(ge=-1_000_000, le=1_000_000)] = 0
    high: Annotated[int, Field(ge=-1_000_000, le=1_000_000)] = 10
    needed: bool = False

    @model_validator(mode="after")
    def _can_be_answered(self) -> Self:
        chosen_from = self.kind in (QuestionKind.CHOICE, QuestionKind.SEVERAL)
        if chosen_from and (len(self.choices) < 2 or len(set(self.choices)) < len(self.choices)):
            raise PydanticCustomError("choices", "needs two choices or more, each once")
        if self.choices and not chosen_from:
            raise PydanticCustomError("choices", "has no choices: they are for the kinds choice and several")
        if self.kind in NUMERIC and self.low >= self.high:
            raise PydanticCustomError("range", "the least number is below the most")
        if self.kind is QuestionKind.SCALE and self.high - self.low > _MOST_STEPS:
            raise PydanticCustomError("range", "a scale has at most {steps} steps", {"steps": _MOST_STEPS})
        return self


_MOST_STEPS = 20


class Ask(Body):
    """One thing that is asked: an instrument, or a question of the survey's own."""

    instrument: Key | None = None
    version: int | None = Field(None, description="Of the instrument: needed where it has several.")
    bands: NamedBands = Field({}, description="For outcomes of the instrument that have no bands of their own.")
    question: OwnQuestion | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.instrument is None) == (self.question is None):
            raise PydanticCustomError("one_of_two", "is either an instrument or a question")
        if self.question is not None and (self.version is not None or self.bands):
            raise PydanticCustomError("one_of_two", "a version and bands belong to an instrument")
        return self

    def stored(self, version: int) -> StoredAsk:
        """The same as it is stored, with the version that the instrument is asked in."""
        if self.question is not None:
            own = self.question
            return StoredAsk(
                key=own.key, kind=own.kind.value, choices=own.choices, low=own.low, high=own.high, needed=own.needed
            )
        bands = {
            name: [StoredBand(name=band.name, start=str(band.start)) for band in named]
            for name, named in self.bands.items()
        }
        return StoredAsk(instrument=self.instrument or "", version=version, bands=bands)


class Words(Body):
    """A question in one language, and its choices by key; the ends of a scale are `low` and `high`."""

    wording: Annotated[str, lines(2000, needed=False)] = ""
    choices: dict[Key, Annotated[str, lines(500)]] = Field({}, max_length=50)


class Texts(Body):
    """All words of a survey in one language. What instruments bring in English, and the page's own, may be left out
    there; in any other language they have to be given, and the survey opens when none is missing."""

    title: Annotated[str, lines(200, needed=False)] = ""
    introduction: Annotated[str, lines(4000, needed=False)] = Field(
        "", description="Who asks, what for, who sees the answers and how long they are kept."
    )
    thanks: Annotated[str, lines(2000, needed=False)] = ""
    questions: dict[Key, Words] = Field({}, max_length=200)
    page: dict[Key, Annotated[str, lines(500)]] = Field(
        {}, description=f"The page's own words: {', '.join(PAGE)}.", max_length=50
    )


TextsByLanguage = Annotated[dict[Language, Texts], Field(min_length=1, max_length=30)]


class NewSurvey(Body):
    """A survey to be drafted."""

    name: Name = Field(description="What the movement calls it; those who answer see `title`.")
    asks: Annotated[list[Ask], Field(min_length=1, max_length=60)]
    texts: TextsByLanguage = Field(description="The words by language; a link begins with the first one.")
    paired: bool = Field(False, description="People make a code of their own, and change is shown between waves.")
    proxies: bool = Field(False, description="Somebody may answer for somebody else; kept apart, never pooled.")
    double_entry: bool = Field(False, description="What is on paper is keyed twice, by two.")


class SurveyChanges(Changes):
    """What is to be changed of a draft."""

    name: Name | None = None
    asks: Annotated[list[Ask], Field(min_length=1, max_length=60)] | None = None
    texts: TextsByLanguage | None = None
    paired: bool | None = None
    proxies: bool | None = None
    double_entry: bool | None = None


class AskShown(View):
    """One thing that is asked; `questions` are the keys under which it is answered."""

    instrument: str | None
    version: int | None
    bands: Mapping[str, Sequence[Mapping[str, str]]] | None
    question: OwnQuestion | None


class Survey(View):
    """A survey. `questions` are the keys by which answers are sent, `outcomes` what instruments yield."""

    id: SurveyId
    version: int
    name: str
    state: SurveyState
    asks: list[AskShown]
    texts: dict[str, Texts]
    languages: list[str]
    questions: list[str]
    outcomes: list[str]
    paired: bool
    proxies: bool
    double_entry: bool
    created_at: datetime
    updated_at: datetime
    opened_at: datetime | None
    closed_at: datetime | None

    @classmethod
    def of(cls, it: models.Survey) -> Self:
        asked = it.questionnaire
        return cls(
            id=it.id, version=it.version, name=it.name, state=SurveyState(it.state),
            asks=[_shown(ask) for ask in it.asks],
            texts={language: Texts.model_validate(texts) for language, texts in it.texts.items()},
            languages=list(it.texts), questions=list(asked.questions), outcomes=list(asked.outcomes),
            paired=it.paired, proxies=it.proxies, double_entry=it.double_entry, created_at=it.created_at,
            updated_at=it.updated_at, opened_at=it.opened_at, closed_at=it.closed_at,
        )  # fmt: skip


def _shown(ask: StoredAsk) -> AskShown:
    own = "key" in ask
    return AskShown(
        instrument=ask.get("instrument"), version=ask.get("version"),
        bands=None if own else {
            outcome: [{"name": band["name"], "start": band["start"]} for band in bands]
            for outcome, bands in ask.get("bands", {}).items()
        },
        question=OwnQuestion.model_validate(ask) if own else None,
    )  # fmt: skip


def stored_texts(texts: Mapping[str, Texts]) -> dict[str, StoredTexts]:
    """The words as they are stored."""
    return {
        language: StoredTexts(
            title=each.title, introduction=each.introduction, thanks=each.thanks, page=each.page,
            questions={key: {"wording": it.wording, "choices": it.choices} for key, it in each.questions.items()},
        )
        for language, each in texts.items()
    }  # fmt: skip


class NewWave(Body):
    """A time at which the survey is asked; both days are in it, in the movement's time zone."""

    name: Name = Field(examples=["Before", "Spring 2027"])
    opens_on: Day
    closes_on: Day


class WaveChanges(Changes):
    """What is to be changed of a wave."""

    name: Name | None = None
    opens_on: Day | None = None
    closes_on: Day | None = None


class Wave(View):
    """One time at which a survey is asked."""

    id: WaveId
    survey: SurveyId
    number: int
    version: int
    name: str
    opens_on: date
    closes_on: date
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, wave: models.Wave) -> Self:
        return cls.model_validate(wave, from_attributes=True)


class NewResearcher(Body):
    """A part that somebody is to have in the survey."""

    person: PersonId
    part: Part
    starts_on: Day
    ends_on: Day | None = None


class ResearcherChanges(Changes):
    """What is to be changed of a part: when it ends, most often."""

    may_be_empty: ClassVar[frozenset[str]] = frozenset({"ends_on"})

    starts_on: Day | None = None
    ends_on: Day | None = None


class Researcher(View):
    """A part that somebody has in a survey."""

    id: ResearcherId
    survey: SurveyId
    version: int
    person: PersonId
    part: Part
    starts_on: date
    ends_on: date | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, researcher: models.Researcher) -> Self:
        return cls.model_validate(researcher, from_attributes=True)
