"""What is asked and answered, and how questions are shown. Answers are shown to nobody but whom they are about."""

from datetime import date
from typing import Annotated, Self

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from services.members.fields import Language, Paragraph, PersonId, Reference, Slug
from services.members.trust.equality.models import NOT_SAID
from services.members.trust.equality.wording import Question
from shared.fields import Body, Name, View


class Option(Body):
    """What can be answered: the key that is counted by, and the words."""

    key: Slug
    words: Name


def _offered(options: list[Option]) -> list[Option]:
    if len({option.key for option in options}) < len(options):
        raise PydanticCustomError("repeated", "names the same one twice")
    if NOT_SAID not in {option.key for option in options}:
        raise PydanticCustomError("must_be_voluntary", f"has no option {NOT_SAID}")
    return options


class NewQuestion(Body):
    """Another wording of a question, or another question. One option is `prefer_not_to_say`."""

    key: Slug = Field(examples=["ethnic_group"])
    wording: Paragraph
    options: Annotated[list[Option], AfterValidator(_offered), Field(min_length=2, max_length=60)]
    source: Paragraph = Field(description="whose wording it is", examples=["Scotland's Census 2022"])
    language: Language = "en"


class ShownQuestion(View):
    """A question in the wording that is asked now. ``version`` 0 is what every movement begins with."""

    key: str
    version: int
    wording: str
    options: list[Option]
    source: str
    language: str
    voluntary: bool = True

    @classmethod
    def of(cls, question: Question) -> Self:
        """A question as the API shows it."""
        options = [Option.model_construct(key=option.key, words=option.words) for option in question.options]
        return cls(
            key=question.key,
            version=question.version,
            wording=question.wording,
            options=options,
            source=question.source,
            language=question.language,
        )


class Answered(Body):
    """What somebody answered to a question, in the wording of a version (none named: the one that is asked now)."""

    question: Slug
    version: Annotated[int, Field(ge=0)] | None = None
    option: Slug


def _each_once(answers: list[Answered]) -> list[Answered]:
    if len({answer.question for answer in answers}) < len(answers):
        raise PydanticCustomError("repeated", "answers the same question twice")
    return answers


class NewAnswers(Body):
    """What somebody answered, each question at most once; earlier answers to others stay."""

    person: PersonId
    answered_on: date | None = None
    answers: Annotated[list[Answered], AfterValidator(_each_once), Field(min_length=1, max_length=50)]


class Notice(Body):
    """Somebody's written notice that no equality answers of theirs are to be kept."""

    received_on: date | None = None
    reference: Reference | None = Field(None, description="where the notice is kept")


class OwnAnswer(View):
    """An answer as whom it is about sees it: the words that they were asked, and those that they chose."""

    question: str
    version: int
    wording: str
    option: str
    words: str
    answered_on: date


class OwnAnswers(View):
    """All that is kept of somebody, for them."""

    answers: list[OwnAnswer]
    stopped_on: date | None
