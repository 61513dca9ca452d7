"""Questions of every kind, of instruments and of surveys alike: what may be answered, what is wrong with it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from math import isfinite

from shared.errors import Fault

LONGEST_TEXT = 4000

Sent = str | int | float | Sequence[str]
"""An answer as it is sent and stored."""


class QuestionKind(StrEnum):
    """How a question is answered: one choice, several, a whole number on a scale, any number, or in own words."""

    CHOICE = "choice"
    SEVERAL = "several"
    SCALE = "scale"
    NUMBER = "number"
    TEXT = "text"


NUMERIC = frozenset({QuestionKind.SCALE, QuestionKind.NUMBER})


@dataclass(frozen=True, slots=True)
class Question:
    """One question; its words are apart from it, for each language has its own.

    ``choices`` are the keys that may be chosen; ``low`` and ``high`` the least and the most that a number may be.
    """

    key: str
    kind: QuestionKind
    choices: tuple[str, ...] = ()
    low: int = 0
    high: int = 0
    needed: bool = False

    def fault_of(self, answer: Sent) -> tuple[str, str] | None:
        """The code and the reason for which an answer is refused, repeating nothing of it; None where it is good."""
        if self.kind in NUMERIC:
            return self._fault_of_number(answer)
        if self.kind is QuestionKind.TEXT:
            if not isinstance(answer, str):
                return "not_text", "is answered in words"
            control = any(mark < " " and mark not in "\n\r\t" for mark in answer)
            if control or len(answer) > LONGEST_TEXT:
                return "text", f"is at most {LONGEST_TEXT} characters, without control characters"
            return None
        chosen = [answer] if isinstance(answer, str) else answer
        if isinstance(chosen, int | float) or (self.kind is QuestionKind.CHOICE and not isinstance(answer, str)):
            return "not_a_choice", "is answered by one of its choices"
        if not set(chosen) <= set(self.choices) or len(set(chosen)) < len(chosen):
            return "not_a_choice", f"is none of {', '.join(self.choices)}"
        return None

    def _fault_of_number(self, answer: Sent) -> tuple[str, str] | None:
        if isinstance(answer, bool) or not isinstance(answer, int | float) or not isfinite(answer):
            return "not_a_number", "is answered by a number"
        if self.kind is QuestionKind.SCALE and answer != int(answer):
            return "not_whole", "is answered by a whole number"
        if not self.low <= answer <= self.high:
            return "out_of_range", f"is not between {self.low} and {self.high}"
        return None


@dataclass(frozen=True, slots=True)
class Wording:
    """A question in one language, and its choices by key; a scale's are called ``low`` and ``high``."""

    question: str
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers that are well formed, by the key of their question: numbers apart from choices."""

    numbers: Mapping[str, Decimal]
    chosen: Mapping[str, str]

    @classmethod
    def of(cls, sent: Mapping[str, Sent]) -> "Answers":
        """The same answers, read. A number is taken for what was written: 29.99 is that, and not near it."""
        return cls(
            {key: Decimal(str(answer)) for key, answer in sent.items() if isinstance(answer, int | float)},
            {key: answer for key, answer in sent.items() if isinstance(answer, str)},
        )


def faults_in(questions: Iterable[Question], sent: Mapping[str, Sent], *, pointer: str) -> list[Fault]:
    """Everything that is wrong with answers, those that are needed and missing among it."""
    known = {question.key: question for question in questions}
    found: list[Fault] = []
    for key, answer in sent.items():
        question = known.get(key)
        fault = ("unknown_question", "is not asked here") if question is None else question.fault_of(answer)
        if fault is not None:
            found.append(Fault(f"{pointer}/{key}", fault[1], fault[0]))
    missing = (key for key, question in known.items() if question.needed and key not in sent)
    return found + [Fault(f"{pointer}/{key}", "has to be answered", "missing") for key in missing]
