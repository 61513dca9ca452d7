"""Loneliness: the three items of UCLA, and the direct question of the Office for National Statistics."""

from collections.abc import Mapping
from decimal import Decimal

from services.measures.instruments.definition import Instrument, Outcome, banded
from services.measures.instruments.questions import Answers, Question, QuestionKind, Wording

_POINTS = {"hardly_ever": 1, "some_of_the_time": 2, "often": 3}
_ITEMS = ("companionship", "left_out", "isolated")
_OFTEN = {"hardly_ever": "Hardly ever or never", "some_of_the_time": "Some of the time", "often": "Often"}


def _sum(answers: Answers) -> Mapping[str, Decimal | None]:
    if any(item not in answers.chosen for item in _ITEMS):
        return {"loneliness": None}
    return {"loneliness": Decimal(sum(_POINTS[answers.chosen[item]] for item in _ITEMS))}


UCLA3 = Instrument(
    key="ucla3",
    version=1,
    title="UCLA loneliness scale (three items)",
    source="Hughes, Waite, Hawkley and Cacioppo, Research on Aging 26 (2004), 655-672; recommended by the Office for "
    "National Statistics, National Measurement of Loneliness (2018)",
    note="A sum from 3 to 9. There is no single cut-off: mean and distribution, or bands that you name and say.",
    questions=tuple(Question(item, QuestionKind.CHOICE, choices=tuple(_POINTS)) for item in _ITEMS),
    outcomes=(Outcome("loneliness", _ITEMS, Decimal(3), Decimal(9), bands_given=True),),
    reckon=_sum,
    wordings={
        "companionship": Wording("How often do you feel that you lack companionship?", _OFTEN),
        "left_out": Wording("How often do you feel left out?", _OFTEN),
        "isolated": Wording("How often do you feel isolated from others?", _OFTEN),
    },
)

_HOW_OFTEN = {
    "often_or_always": "Often or always",
    "some_of_the_time": "Some of the time",
    "occasionally": "Occasionally",
    "hardly_ever": "Hardly ever",
    "never": "Never",
}
_PLACE = {choice: Decimal(place) for place, choice in enumerate(_HOW_OFTEN, 1)}


def _place(answers: Answers) -> Mapping[str, Decimal | None]:
    return {key: _PLACE[choice] for key, choice in answers.chosen.items()}


DIRECT = Instrument(
    key="ons_loneliness",
    version=1,
    title="ONS direct measure of loneliness (one question)",
    source="Office for National Statistics, National Measurement of Loneliness (2018). Wording: Open Government "
    "Licence 3.0",
    note="The headline is the share who answer often or always.",
    questions=(Question("how_often", QuestionKind.CHOICE, choices=tuple(_HOW_OFTEN)),),
    outcomes=(
        Outcome(
            "how_often", ("how_often",), Decimal(1), Decimal(5),
            banded(*((choice, int(place)) for choice, place in _PLACE.items())), has_mean=False,
        ),
    ),
    reckon=_place,
    wordings={"how_often": Wording("How often do you feel lonely?", _HOW_OFTEN)},
)  # fmt: skip

INSTRUMENTS = (UCLA3, DIRECT)
