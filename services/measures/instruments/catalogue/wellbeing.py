"""Wellbeing: the four questions of the Office for National Statistics, and the short Warwick-Edinburgh scale."""

from collections.abc import Mapping
from decimal import Decimal

from services.measures.instruments.definition import Instrument, Outcome, banded
from services.measures.instruments.questions import Answers, Question, QuestionKind, Wording

_TEN = Decimal(10)
_BETTER = banded(("low", 0), ("medium", 5), ("high", 7), ("very_high", 9))
_ANXIOUS = banded(("very_low", 0), ("low", 2), ("medium", 4), ("high", 6))
_ENDS = {"low": "Not at all", "high": "Completely"}


def _as_answered(answers: Answers) -> Mapping[str, Decimal | None]:
    return {**answers.numbers}


ONS4 = Instrument(
    key="ons4",
    version=1,
    title="ONS personal wellbeing (four questions)",
    source="Office for National Statistics, Personal well-being user guidance: thresholds 0-4, 5-6, 7-8, 9-10; for "
    "anxiety 0-1, 2-3, 4-5, 6-10. Wording: Open Government Licence 3.0",
    note="Means and bands of each question; the four are not added up.",
    questions=tuple(
        Question(key, QuestionKind.SCALE, low=0, high=10)
        for key in ("satisfaction", "worthwhile", "happiness", "anxiety")
    ),
    outcomes=(
        *(Outcome(key, (key,), Decimal(0), _TEN, _BETTER) for key in ("satisfaction", "worthwhile", "happiness")),
        Outcome("anxiety", ("anxiety",), Decimal(0), _TEN, _ANXIOUS),
    ),
    reckon=_as_answered,
    wordings={
        "satisfaction": Wording("Overall, how satisfied are you with your life nowadays?", _ENDS),
        "worthwhile": Wording(
            "Overall, to what extent do you feel that the things you do in your life are worthwhile?", _ENDS
        ),
        "happiness": Wording("Overall, how happy did you feel yesterday?", _ENDS),
        "anxiety": Wording("Overall, how anxious did you feel yesterday?", _ENDS),
    },
)

_ITEMS = tuple(f"item_{number}" for number in range(1, 8))
_METRIC = (
    "7.00 9.51 11.25 12.40 13.33 14.08 14.75 15.32 15.84 16.36 16.88 17.43 17.98 18.59 19.25 19.98 20.73 21.54 22.35 "
    "23.21 24.11 25.03 26.02 27.03 28.13 29.31 30.70 32.55 35.00"
)
METRIC_OF_RAW = dict(zip(range(7, 36), map(Decimal, _METRIC.split()), strict=True))
"""The metric score of each raw sum (Stewart-Brown and others 2009, the conversion table of the SWEMWBS)."""


def _swemwbs(answers: Answers) -> Mapping[str, Decimal | None]:
    if any(item not in answers.numbers for item in _ITEMS):
        return {"raw": None, "metric": None}
    raw = sum(int(answers.numbers[item]) for item in _ITEMS)
    return {"raw": Decimal(raw), "metric": METRIC_OF_RAW[raw]}


SWEMWBS = Instrument(
    key="swemwbs",
    version=1,
    title="Short Warwick-Edinburgh Mental Wellbeing Scale (seven items)",
    source="NHS Health Scotland, University of Warwick and University of Edinburgh 2008: raw sums are turned into "
    "metric scores by the table of Stewart-Brown and others, Health and Quality of Life Outcomes 7:15 (2009)",
    note="Only under a licence of the University of Warwick; the items' words come from the licence's holder.",
    licensed=True,
    least_pairs=30,  # its user guide: at least 30 people at two points
    questions=tuple(Question(item, QuestionKind.SCALE, low=1, high=5) for item in _ITEMS),
    outcomes=(
        Outcome("raw", _ITEMS, Decimal(7), Decimal(35)),
        Outcome("metric", _ITEMS, Decimal(7), Decimal(35), bands_given=True),
    ),
    reckon=_swemwbs,
)

INSTRUMENTS = (ONS4, SWEMWBS)
