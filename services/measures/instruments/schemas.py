"""Instruments, licences and scores as they are sent and answered."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, ClassVar, Self

from pydantic import (
    Field,
    StrictFloat,
    StrictInt,
    StrictStr,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from services.measures.fields import Day, Key
from services.measures.instruments import definition, models
from services.measures.instruments.definition import Band
from services.measures.instruments.domain import Ages, Scored
from services.measures.instruments.questions import NUMERIC, Question, QuestionKind, Sent
from shared.editing import Changes
from shared.fields import Body, Name, View


def _one_fault(sent: object, read: ValidatorFunctionWrapHandler) -> Sent:
    """The answer; where it is of no kind, that is one fault of it, and not one for each kind that it could be of."""
    try:
        answer: Sent = read(sent)
    except ValidationError:
        raise PydanticCustomError("answer", "is a choice, a list of choices, a number, or words") from None
    return answer


Answer = Annotated[
    StrictStr | StrictInt | StrictFloat | Annotated[list[StrictStr], Field(max_length=100)], WrapValidator(_one_fault)
]
"""An answer: the key of a choice, several of them, a number, or words."""

SentAnswers = Annotated[dict[Key, Answer], Field(max_length=200)]


class QuestionShown(View):
    """One question. `wording` and `labels` are English, and null where they are not ours to give."""

    key: str
    kind: QuestionKind
    choices: list[str]
    low: int | None = Field(description="The least number, of a scale or a number.")
    high: int | None
    wording: str | None
    labels: Mapping[str, str] | None


class BandShown(View):
    """A part of a score's range, from `start`, which is in it."""

    name: Key
    start: float


class OutcomeShown(View):
    """A figure that the instrument yields for one person."""

    name: str
    low: float
    high: float | None
    has_mean: bool = Field(description="Whether a mean of it says something.")
    bands: list[BandShown]
    bands_given: bool = Field(description="It has no bands of its own: whoever uses some names them.")


class Instrument(View):
    """A questionnaire that others validated, or an index of areas; a version of it never changes."""

    key: str
    version: int
    title: str
    source: str
    note: str
    licensed: bool = Field(description="It is used only under a licence; its words are not here.")
    youngest: int | None = Field(description="The youngest whom it was validated for, in years; null for areas.")
    oldest: int | None
    questions: list[QuestionShown]
    outcomes: list[OutcomeShown]

    @classmethod
    def of(cls, it: definition.Instrument, ages: Ages) -> Self:
        youngest, oldest = ages[it.key] if it.for_people else (None, None)
        return cls(
            key=it.key, version=it.version, title=it.title, source=it.source, note=it.note, licensed=it.licensed,
            youngest=youngest, oldest=oldest, questions=[_question(it, question) for question in it.questions],
            outcomes=[_outcome(outcome) for outcome in it.outcomes],
        )  # fmt: skip


def _question(it: definition.Instrument, question: Question) -> QuestionShown:
    worded = it.wordings.get(question.key)
    ranged = question.kind in NUMERIC
    return QuestionShown(
        key=question.key, kind=question.kind, choices=list(question.choices),
        low=question.low if ranged else None, high=question.high if ranged else None,
        wording=worded.question if worded else None, labels=worded.choices if worded else None,
    )  # fmt: skip


def _outcome(outcome: definition.Outcome) -> OutcomeShown:
    return OutcomeShown(
        name=outcome.name, low=float(outcome.low), high=None if outcome.high is None else float(outcome.high),
        has_mean=outcome.has_mean, bands_given=outcome.bands_given,
        bands=[BandShown(name=band.name, start=float(band.start)) for band in outcome.bands],
    )  # fmt: skip


class BandNamed(Body):
    """A part of a score's range, from `start`, which is in it, to where the next begins."""

    name: Key
    start: Annotated[Decimal, Field(ge=0, le=10_000, max_digits=8)]


NamedBands = Annotated[dict[Key, Annotated[list[BandNamed], Field(max_length=20)]], Field(max_length=10)]
"""Bands by outcome, for outcomes that have none of their own."""


def bands_of(named: Mapping[str, list[BandNamed]]) -> definition.Bands:
    """The same, as the definitions take them."""
    return {outcome: [Band(band.name, band.start) for band in bands] for outcome, bands in named.items()}


class ToScore(Body):
    """One person's answers, to be scored and not kept."""

    answers: SentAnswers
    age: Annotated[int, Field(ge=0, le=130)] | None = Field(None, description="In years; areas have none.")
    bands: NamedBands = Field(
        {},
        description="A cut-off, or bands: `{\"loneliness\": [{\"name\": \"less\", \"start\": 3}, "
        "{\"name\": \"lonely\", \"start\": 6}]}`.",
    )  # fmt: skip


class ScoreShown(View):
    """One outcome: null where a question that it needs was not answered, and `missing` says which."""

    outcome: str
    value: float | None
    band: str | None
    missing: list[str]


class ScoresShown(View):
    """What answers come to."""

    instrument: str
    version: int
    scores: list[ScoreShown]

    @classmethod
    def of(cls, scored: Scored) -> Self:
        scores = [
            ScoreShown(
                outcome=score.outcome, value=None if score.value is None else float(score.value), band=score.band,
                missing=list(score.missing),
            )
            for score in scored.scores
        ]  # fmt: skip
        return cls(instrument=scored.instrument.key, version=scored.instrument.version, scores=scores)


class NewLicence(Body):
    """A licence that the movement holds; both days are in it."""

    reference: Name = Field(description="What the licensor calls it.")
    valid_from: Day
    valid_until: Day | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.valid_until is not None and self.valid_until < self.valid_from:
            raise PydanticCustomError("out_of_order", "ends before it begins")
        return self


class LicenceChanges(Changes):
    """What is to be changed of a licence."""

    may_be_empty: ClassVar[frozenset[str]] = frozenset({"valid_until"})

    reference: Name | None = None
    valid_from: Day | None = None
    valid_until: Day | None = None


class Licence(View):
    """That the movement may use an instrument."""

    instrument: str
    version: int
    reference: str
    valid_from: date
    valid_until: date | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, licence: models.Licence) -> Self:
        return cls.model_validate(licence, from_attributes=True)
