"""Responses as they are keyed and shown."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import Field

from services.measures.fields import LinkId, ResearcherId, ResponseId, SurveyId, WaveId
from services.measures.instruments.questions import Sent
from services.measures.instruments.schemas import SentAnswers
from services.measures.surveys.asking.schemas import Language
from services.measures.surveys.responses import models
from services.measures.surveys.responses.checking import Given
from services.measures.surveys.responses.models import AgeBand, Mode, ResponseState, Who, differing
from shared.fields import Body, GssCode, View, line

Code = Annotated[
    str,
    line(100),
    Field(description="The code that the person made, for a paired survey; it is kept as a keyed hash alone."),
]


class Keyed(Body):
    """What somebody answered, as it is keyed from paper or from a call."""

    answers: SentAnswers = Field(description="By the keys of the survey's `questions`.")
    age_band: AgeBand | None = Field(None, description="Needed where the survey asks an instrument.")
    answered_for: Who = Who.SELF
    code: Code | None = None

    def given(self, language: str) -> Given:
        """The same, as it is checked."""
        return Given(language, self.answers, self.age_band, self.answered_for, self.code)


class NewResponse(Body):
    """One person's answers, to be keyed."""

    survey: SurveyId
    wave: WaveId
    mode: Literal[Mode.PAPER, Mode.TELEPHONE]
    language: Language
    place: GssCode | None = None
    researcher: ResearcherId | None = Field(None, description="Who asked: a part `asks` in the survey.")
    answers: SentAnswers
    age_band: AgeBand | None = None
    answered_for: Who = Who.SELF
    code: Code | None = None

    def given(self) -> Given:
        """The same, as it is checked."""
        return Given(self.language, self.answers, self.age_band, self.answered_for, self.code)


class Withdrawal(Body):
    """The code of somebody who wants their answers deleted."""

    code: Code


class Withdrawn(View):
    """How many responses were deleted."""

    deleted: int


class Response(View):
    """What one person answered. `differs` names where two keyings do, while it is disputed."""

    id: ResponseId
    version: int
    survey: SurveyId
    wave: WaveId
    state: ResponseState
    mode: Mode
    link: LinkId | None
    researcher: ResearcherId | None
    language: str
    place: GssCode | None
    age_band: AgeBand | None
    answered_for: Who
    paired: bool = Field(description="Whether the person gave a code of their own.")
    answers: dict[str, Sent]
    differs: list[str]
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, it: models.Response) -> Self:
        return cls(
            id=it.id, version=it.version, survey=it.survey, wave=it.wave, state=ResponseState(it.state),
            mode=Mode(it.mode), link=it.link, researcher=it.researcher, language=it.language, place=it.place,
            age_band=None if it.age_band is None else AgeBand(it.age_band), answered_for=Who(it.answered_for),
            paired=it.pair is not None, answers=it.answers,
            differs=[] if it.second is None else differing(it.entry, it.second), created_at=it.created_at,
            updated_at=it.updated_at,
        )  # fmt: skip
