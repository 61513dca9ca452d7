"""What is asked for of results, and how results and change are shown."""

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field

from services.measures.fields import Key, Provenance, SurveyId, VersionId, WaveId
from services.measures.surveys.asking.questionnaire import Questionnaire
from services.measures.surveys.results import change, domain
from services.measures.surveys.results.change import Verdict
from services.measures.surveys.results.tally import Adding, Tally
from shared.fields import Body, GssCode, View
from shared.statistics import interval
from shared.statistics.proportions import wilson

NOTE = "sampling variation only: whoever answers a survey of this kind is not a random sample"
"""What an interval of such answers says, and what not (UK Government Analysis Function, on non-probability samples)."""

STORIES = "/v1/stories"
"""Where what numbers are too few for is told in words."""


class IntervalShown(View):
    """A confidence interval, both ends included."""

    low: float
    high: float
    level: float

    @classmethod
    def of(cls, it: interval.Interval) -> Self:
        return cls(low=it.low, high=it.high, level=it.level)


class ShareShown(View):
    """How many are in a band, or made a choice: of those who answered, with Wilson's interval."""

    category: str
    count: int
    share: float
    interval: IntervalShown


class SubjectShown(View):
    """An outcome of an instrument, or a question: `n` people yield it, `missing` left out an answer that it needs."""

    subject: str
    n: int
    missing: int
    mean: float | None
    interval: IntervalShown | None = Field(description="Student's t interval of the mean.")
    shares: list[ShareShown]


class GroupShown(View):
    """What a group of people answered."""

    people: int
    subjects: list[SubjectShown]

    @classmethod
    def of(cls, asked: Questionnaire, tally: Tally) -> Self:
        return cls(people=tally.people, subjects=[_subject(asked, key, adding) for key, adding in tally.of.items()])


def _subject(asked: Questionnaire, key: str, adding: Adding) -> SubjectShown:
    sums = adding.sums if asked.has_mean(key) else None
    spread = sums.interval() if sums else None
    return SubjectShown(
        subject=key, n=adding.n, missing=adding.missing, mean=sums.mean if sums else None,
        interval=IntervalShown.of(spread) if spread else None, shares=list(_shares(asked.categories(key), adding)),
    )  # fmt: skip


def _shares(categories: tuple[str, ...], adding: Adding) -> Iterator[ShareShown]:
    for category in categories if adding.n else ():
        count = adding.counts[category]
        spread = IntervalShown.of(wilson(count, adding.n))
        yield ShareShown(category=category, count=count, share=count / adding.n, interval=spread)


class Results(View):
    """What a wave's answers come to; true counts, for whoever asked. `proxies` were answered for somebody else, and are
    in no other count; `waiting` are keyed once or disputed, and in none."""

    survey: SurveyId
    wave: WaveId
    sharing: Literal["not_for_sharing"] = "not_for_sharing"
    interval_says: str = NOTE
    by_mode: dict[str, int]
    waiting: int
    people: GroupShown
    proxies: GroupShown

    @classmethod
    def of(cls, it: domain.Results) -> Self:
        asked = it.survey.questionnaire
        return cls(
            survey=it.survey.id, wave=it.wave.id, by_mode=dict(it.modes), waiting=it.waiting,
            people=GroupShown.of(asked, it.people), proxies=GroupShown.of(asked, it.proxies),
        )  # fmt: skip


class TestShown(View):
    """One test of a change: later less earlier, of a mean, or of the share in `category`. `holm_p` is adjusted for the
    number of tests, and the verdict goes by it. Where there are too few, nothing else is said."""

    subject: str
    category: str | None
    pairs: int
    verdict: Verdict
    method: str | None
    difference: float | None
    interval: IntervalShown | None
    p: float | None
    holm_p: float | None


class Change(View):
    """How those who answered in both waves changed. `ambiguous` codes were given more than once in a wave, and are left
    out, as the `unpaired` are, who answered in one wave alone or without a code."""

    survey: SurveyId
    earlier: WaveId
    later: WaveId
    sharing: Literal["not_for_sharing"] = "not_for_sharing"
    interval_says: str = NOTE
    verdict: Verdict
    says: str
    stories: str | None = Field(description="Where to tell it in words instead, where there are too few to count.")
    base: int = Field(description="Pairs below which no change is shown.")
    pairs: int
    ambiguous: int
    unpaired: int
    tests: list[TestShown]

    @classmethod
    def of(cls, compared: domain.Compared) -> Self:
        it, base = compared.change, compared.base
        verdicts = {test.verdict for test in it.tests}
        verdict = next((each for each in (Verdict.CHANGED, Verdict.NOT_SHOWN) if each in verdicts), Verdict.TOO_FEW)
        few = Verdict.TOO_FEW in verdicts or verdict is Verdict.TOO_FEW
        return cls(
            survey=compared.survey.id, earlier=compared.earlier.id, later=compared.later.id, verdict=verdict,
            says=_SAYS[verdict].format(base=base), stories=STORIES if few else None, base=base, pairs=it.pairs,
            ambiguous=it.ambiguous, unpaired=it.unpaired, tests=[_test(test) for test in it.tests],
        )  # fmt: skip


_SAYS = {
    Verdict.TOO_FEW: "Too few to show change: fewer than {base} people answered both times. A story can say what "
    "numbers this small cannot.",
    Verdict.CHANGED: "Something changed by more than chance would explain; each test says what.",
    Verdict.NOT_SHOWN: "No change is shown by more than chance would explain; that is not the same as no change.",
}


def _test(test: change.Test) -> TestShown:
    return TestShown(
        subject=test.subject, category=test.category, pairs=test.pairs, verdict=test.verdict, method=test.method,
        difference=test.difference, interval=IntervalShown.of(test.interval) if test.interval else None, p=test.p,
        holm_p=test.holm_p,
    )  # fmt: skip


class FigureWanted(Body):
    """A figure that a measure takes from the survey."""

    measure_version: VersionId = Field(description="Published; a mean, a ratio or a distribution.")
    of: Key = Field(description="An outcome or a question of the survey.", examples=["ons4_happiness"])
    counting: Annotated[list[Key], Field(max_length=20)] = Field(
        [], description="Of a ratio: the bands or choices that are its numerator.", examples=[["often_or_always"]]
    )


class FiguresWanted(Body):
    """The figures that measures take from a wave, for each place that answers are of."""

    period: Annotated[str, Field(min_length=4, max_length=10)] = Field(examples=["2026-Q4"])
    place: GssCode | None = Field(None, description="The place of answers that are of none.")
    figures: Annotated[list[FigureWanted], Field(min_length=1, max_length=50)]
    reason: Provenance | None = Field(None, description="Why, where they correct what is known.")


class FiguresOf(View):
    """What came of one version's figures."""

    measure_version: VersionId
    new: int
    revised: int
    unchanged: int


class FiguresMade(View):
    """What came of the figures; `without_place` answers are in none."""

    survey: SurveyId
    wave: WaveId
    recorded: list[FiguresOf]
    without_place: int
