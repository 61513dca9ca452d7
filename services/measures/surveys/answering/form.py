"""What the answering page sends, read: answers by question, and what is asked beside them. Pure."""

import secrets as random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self, TypeVar
from urllib.parse import parse_qs

from services.measures.instruments.questions import NUMERIC, Question, QuestionKind, Sent
from services.measures.surveys.asking.models import Survey
from services.measures.surveys.responses.checking import Given
from services.measures.surveys.responses.models import AgeBand, Who
from shared.errors import BadRequest

QUESTION = "q."
"""What the name of a question's field begins with."""

_MOST_FIELDS = 1000
_LONGEST_ONCE = 64
W = TypeVar("W", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Form:
    """The fields as they were filled in, by name; those that are empty are not there."""

    fields: Mapping[str, Sequence[str]]
    language: str
    once: str

    @classmethod
    def empty(cls, language: str) -> Self:
        """A page that nobody filled in yet, with a name of its own, by which it is known when it is sent twice."""
        return cls({}, language, random.token_urlsafe(16))

    @classmethod
    def read(cls, body: bytes) -> Self:
        """The fields of a page that was sent. Raises BadRequest."""
        try:
            fields = parse_qs(body.decode(), max_num_fields=_MOST_FIELDS, errors="strict")
        except ValueError:
            raise BadRequest("this is not what the page sends") from None
        if any("\0" in text for texts in fields.values() for text in texts):
            raise BadRequest("this is not what the page sends")
        once = fields.get("once", [""])[0][:_LONGEST_ONCE] or random.token_urlsafe(16)
        return cls(fields, fields.get("lang", [""])[0], once)

    def one(self, name: str) -> str:
        """What a field says; nothing where it was left out."""
        return self.fields.get(name, [""])[0].strip()

    def several(self, name: str) -> Sequence[str]:
        """All that was ticked of a field."""
        return self.fields.get(name, [])

    def given(self, survey: Survey) -> Given:
        """What was answered; what cannot be read as its question asks stays as it is, and is refused for it."""
        questions = survey.questionnaire.questions
        answers = {key: sent for key, question in questions.items() if (sent := self._sent(question)) not in ("", [])}
        return Given(
            language=self.language if self.language in survey.texts else next(iter(survey.texts)),
            answers=answers,
            age_band=_word(AgeBand, self.one("age_band")),
            answered_for=_word(Who, self.one("answered_for")) or Who.SELF,
            code=self.one("code")[:100] or None,
        )

    def _sent(self, question: Question) -> Sent:
        name = QUESTION + question.key
        if question.kind is QuestionKind.SEVERAL:
            return list(self.several(name))
        said = self.one(name)
        if question.kind not in NUMERIC or not said:
            return said.replace("\r\n", "\n")
        try:
            return int(said) if said.lstrip("-").isdecimal() else float(said.replace(",", "."))
        except ValueError:
            return said


def _word(of: type[W], said: str) -> W | None:
    return next((word for word in of if word == said), None)
