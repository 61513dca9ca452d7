"""Adding up what people answered: n, Σx and Σx² of every score, and how many chose what. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from services.measures.instruments.questions import NUMERIC, Answers, Question, Sent
from services.measures.surveys.asking.questionnaire import Questionnaire
from shared.statistics.means import Sums


@dataclass(slots=True)
class Adding:
    """What one score or one question of the survey's own comes to: exact sums, and a count of each band or choice.

    ``n`` are those who answered, ``missing`` those whose answers yield nothing.
    """

    n: int = 0
    missing: int = 0
    sum_x: Decimal = Decimal(0)
    sum_x2: Decimal = Decimal(0)
    counts: Counter[str] = field(default_factory=Counter)

    def take(self, value: Decimal | None, chosen: Iterable[str]) -> None:
        """Add one person's."""
        self.n += 1
        self.counts.update(chosen)
        if value is not None:
            self.sum_x += value
            self.sum_x2 += value * value

    @property
    def sums(self) -> Sums:
        """The sums, for a mean and its interval."""
        return Sums.of(self.n, self.sum_x, self.sum_x2)


Read = Mapping[str, tuple[Decimal | None, tuple[str, ...]] | None]
"""What one person's answers come to, by outcome or question: a number, and a band or what they chose; None: nothing."""


def read(asked: Questionnaire, sent: Mapping[str, Sent]) -> Read:
    """What one person's answers come to: the outcomes of instruments, and the questions of the survey's own."""
    scores = {
        key: None if score.value is None else (score.value, () if score.band is None else (score.band,))
        for key, score in asked.scores(sent)
    }
    return scores | {question.key: _answered(question, sent) for question in asked.counted}


def _answered(question: Question, sent: Mapping[str, Sent]) -> tuple[Decimal | None, tuple[str, ...]] | None:
    if question.key not in sent:
        return None
    answer = sent[question.key]
    if question.kind in NUMERIC:
        return Answers.of({question.key: answer}).numbers[question.key], ()
    return None, (answer,) if isinstance(answer, str) else tuple(str(each) for each in _several(answer))


def _several(answer: Sent) -> Iterable[str]:
    return [] if isinstance(answer, int | float) else answer


class Tally:
    """What a group of people answered, added up by outcome and question."""

    def __init__(self, asked: Questionnaire) -> None:
        self.people = 0
        self.of = {key: Adding() for key in asked.subjects}

    def take(self, read: Read) -> None:
        """Add one person."""
        self.people += 1
        for key, adding in self.of.items():
            found = read[key]
            if found is None:
                adding.missing += 1
            else:
                adding.take(*found)
