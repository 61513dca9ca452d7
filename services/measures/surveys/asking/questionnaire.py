"""A questionnaire, read from what is stored of it: every question in order, and what its words lack. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import NotRequired, TypedDict

from services.measures.instruments.catalogue import find
from services.measures.instruments.definition import Band, Bands, Instrument, Outcome, Score
from services.measures.instruments.questions import Answers, Question, QuestionKind, Sent, Wording
from services.measures.surveys.asking.words import ENGLISH, PAGE
from shared.errors import Fault


class StoredBand(TypedDict):
    """A band as it is stored; its start is the text of a decimal."""

    name: str
    start: str


class StoredAsk(TypedDict):
    """What is asked, as it is stored: either an instrument or a question of the survey's own."""

    instrument: NotRequired[str]
    version: NotRequired[int]
    bands: NotRequired[Mapping[str, Sequence[StoredBand]]]
    key: NotRequired[str]
    kind: NotRequired[str]
    choices: NotRequired[Sequence[str]]
    low: NotRequired[int]
    high: NotRequired[int]
    needed: NotRequired[bool]


class StoredWords(TypedDict):
    """A question's words in one language, as they are stored."""

    wording: str
    choices: Mapping[str, str]


class StoredTexts(TypedDict):
    """A survey's words in one language, as they are stored."""

    title: str
    introduction: str
    thanks: str
    questions: Mapping[str, StoredWords]
    page: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Used:
    """An instrument within a survey; its questions and outcomes bear its key before their own."""

    instrument: Instrument
    bands: Bands

    def asked(self, key: str) -> str:
        """What a question or an outcome of it is called in the survey."""
        return f"{self.instrument.key}_{key}"


class Questionnaire:
    """The questions of a survey, in order."""

    def __init__(self, asks: Sequence[StoredAsk]) -> None:
        self._asks = asks

    @cached_property
    def instruments(self) -> Sequence[Used]:
        """The instruments that it asks."""
        return [used for ask in self._asks if (used := _used(ask)) is not None]

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """Every question by its key in the survey; those of an instrument bear its key before their own."""
        return {question.key: question for ask in self._asks for question in _questions(ask)}

    @property
    def repeated(self) -> Sequence[str]:
        """The keys that more than one question has."""
        counted = Counter(question.key for ask in self._asks for question in _questions(ask))
        return [key for key, times in counted.items() if times > 1]

    @cached_property
    def outcomes(self) -> Mapping[str, tuple[Used, Outcome]]:
        """The outcomes of its instruments by their keys in the survey."""
        return {used.asked(each.name): (used, each) for used in self.instruments for each in used.instrument.outcomes}

    @cached_property
    def counted(self) -> Sequence[Question]:
        """The questions of the survey's own that are counted: not those that are answered in words."""
        own = (question for ask in self._asks if "key" in ask for question in _questions(ask))
        return [question for question in own if question.kind is not QuestionKind.TEXT]

    @property
    def subjects(self) -> Sequence[str]:
        """What is added up of the answers: the outcomes of instruments, and the survey's own questions."""
        return [*self.outcomes, *(question.key for question in self.counted)]

    def has_mean(self, subject: str) -> bool:
        """Whether a mean of it says something."""
        found = self.outcomes.get(subject)
        return not self.questions[subject].choices if found is None else found[1].has_mean

    def categories(self, subject: str) -> tuple[str, ...]:
        """Its bands, or its choices; none where there are neither."""
        found = self.outcomes.get(subject)
        if found is None:
            return self.questions[subject].choices
        used, outcome = found
        return tuple(band.name for band in used.bands.get(outcome.name, outcome.bands))

    def least_pairs(self, subject: str) -> int:
        """The people below whom its instrument lets no change be shown."""
        found = self.outcomes.get(subject)
        return 0 if found is None else found[0].instrument.least_pairs

    def exclusive(self, subject: str) -> bool:
        """Whether each person is in one of its categories at most."""
        return subject in self.outcomes or self.questions[subject].kind is not QuestionKind.SEVERAL

    @property
    def asks_age(self) -> bool:
        """Whether people are asked how old they are: an instrument is only for those it was validated for."""
        return any(used.instrument.for_people for used in self.instruments)

    def scores(self, sent: Mapping[str, Sent]) -> Iterator[tuple[str, Score]]:
        """What one person's answers come to: each outcome's key in the survey, and its score."""
        for used in self.instruments:
            prefix = used.asked("")
            own = {key.removeprefix(prefix): answer for key, answer in sent.items() if key.startswith(prefix)}
            for score in used.instrument.scores(Answers.of(own), used.bands):
                yield used.asked(score.outcome), score

    def wording(self, key: str) -> Wording | None:
        """The English words that an instrument brings for one of its questions."""
        for used in self.instruments:
            found = used.instrument.wordings.get(key.removeprefix(used.asked("")))
            if found is not None and key.startswith(used.asked("")):
                return found
        return None

    def lacking(self, language: str, texts: StoredTexts) -> list[Fault]:
        """Every word that a language still lacks, by its place in `texts`. What we ship in English need not be sent."""
        at = f"/texts/{language}"
        found = [Fault(f"{at}/{name}", "has no words yet", "untranslated") for name in _HEADS if not texts.get(name)]
        for key, question in self.questions.items():
            ours = self.wording(key) if language == ENGLISH else None
            given = texts["questions"].get(key)
            if ours is None and (given is None or not given["wording"]):
                found.append(Fault(f"{at}/questions/{key}/wording", "has no words yet", "untranslated"))
            named = {*(ours.choices if ours else ()), *(given["choices"] if given else ())}
            found += [
                Fault(f"{at}/questions/{key}/choices/{choice}", "has no words yet", "untranslated")
                for choice in labelled(question)
                if choice not in named
            ]
        if language != ENGLISH:
            missing = (name for name in PAGE if not texts["page"].get(name))
            found += [Fault(f"{at}/page/{name}", "has no words yet", "untranslated") for name in missing]
        return found


_HEADS = ("title", "introduction", "thanks")


def labelled(question: Question) -> Sequence[str]:
    """What has words of its own beside a question: its choices, or the two ends of a scale."""
    return ("low", "high") if question.kind is QuestionKind.SCALE else question.choices


def _used(ask: StoredAsk) -> Used | None:
    if "instrument" not in ask:
        return None
    found = find(ask["instrument"], ask["version"])
    if found is None:
        raise LookupError("a survey asks an instrument that there no longer is")
    bands = {
        outcome: [Band(band["name"], Decimal(band["start"])) for band in named]
        for outcome, named in ask.get("bands", {}).items()
    }
    return Used(found, bands)


def _questions(ask: StoredAsk) -> Iterator[Question]:
    used = _used(ask)
    if used is not None:
        for item in used.instrument.questions:
            yield replace(item, key=used.asked(item.key))
        return
    yield Question(ask["key"], QuestionKind(ask["kind"]), tuple(ask["choices"]), ask["low"], ask["high"], ask["needed"])
