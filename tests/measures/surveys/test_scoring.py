"""Exact scoring: every figure of the instruments, and nothing where an answer that is needed is missing."""

from decimal import Decimal

import pytest

from services.measures.instruments.catalogue import INSTRUMENTS, find
from services.measures.instruments.catalogue.wellbeing import METRIC_OF_RAW
from services.measures.instruments.definition import Band, Instrument, Score, banded, faults_in_bands
from services.measures.instruments.questions import Answers, Sent


def instrument(key: str, version: int = 1) -> Instrument:
    found = find(key, version)
    assert found is not None
    return found


def score(of: Instrument, bands: dict[str, tuple[Band, ...]] | None = None, /, **answers: Sent) -> dict[str, Score]:
    return {each.outcome: each for each in of.scores(Answers.of(answers), bands)}


@pytest.mark.parametrize("question", ["satisfaction", "worthwhile", "happiness"])
def test_wellbeing_is_banded_from_low_to_very_high(question: str) -> None:
    bands = [score(instrument("ons4"), **{question: answer})[question].band for answer in range(11)]
    assert bands == ["low"] * 5 + ["medium"] * 2 + ["high"] * 2 + ["very_high"] * 2


def test_anxiety_has_bands_of_its_own_for_less_is_better() -> None:
    bands = [score(instrument("ons4"), anxiety=answer)["anxiety"].band for answer in range(11)]
    assert bands == ["very_low"] * 2 + ["low"] * 2 + ["medium"] * 2 + ["high"] * 5


def test_the_four_questions_of_wellbeing_have_no_composite_and_stand_alone() -> None:
    scores = score(instrument("ons4"), happiness=7)
    assert list(scores) == ["satisfaction", "worthwhile", "happiness", "anxiety"]
    assert scores["happiness"] == Score("happiness", Decimal(7), "high")
    assert scores["anxiety"] == Score("anxiety", None, None, ("anxiety",))


def test_loneliness_is_the_sum_of_three_points_each() -> None:
    ucla = instrument("ucla3")
    assert score(ucla, companionship="hardly_ever", left_out="hardly_ever", isolated="hardly_ever")[
        "loneliness"
    ].value == Decimal(3)
    assert score(ucla, companionship="hardly_ever", left_out="some_of_the_time", isolated="often")[
        "loneliness"
    ].value == Decimal(6)
    assert score(ucla, companionship="often", left_out="often", isolated="often")["loneliness"].value == Decimal(9)
    assert score(ucla, companionship="often", left_out="often")["loneliness"] == Score(
        "loneliness", None, None, ("isolated",)
    )


@pytest.mark.parametrize(("cut_off", "band"), [(6, "lonely"), (8, "less_lonely")])
def test_loneliness_has_no_cut_off_but_the_one_that_a_caller_names(cut_off: int, band: str) -> None:
    answers = {"companionship": "often", "left_out": "some_of_the_time", "isolated": "some_of_the_time"}
    ucla = instrument("ucla3")
    assert score(ucla, **answers)["loneliness"].band is None
    named = {"loneliness": banded(("less_lonely", 3), ("lonely", cut_off))}
    assert faults_in_bands(ucla, named, pointer="/bands") == []
    assert score(ucla, named, **answers)["loneliness"] == Score("loneliness", Decimal(7), band)


def test_the_direct_question_of_loneliness_is_its_five_answers_and_has_no_mean() -> None:
    direct = instrument("ons_loneliness")
    choices = ("often_or_always", "some_of_the_time", "occasionally", "hardly_ever", "never")
    assert direct.questions[0].choices == choices
    assert [score(direct, how_often=choice)["how_often"].band for choice in choices] == list(choices)
    assert not direct.outcomes[0].has_mean


def test_each_raw_sum_of_the_short_warwick_scale_has_its_metric_score() -> None:
    published = (
        "7.00 9.51 11.25 12.40 13.33 14.08 14.75 15.32 15.84 16.36 16.88 17.43 17.98 18.59 19.25 19.98 20.73 21.54 "
        "22.35 23.21 24.11 25.03 26.02 27.03 28.13 29.31 30.70 32.55 35.00"
    )
    assert [f"{METRIC_OF_RAW[raw]}" for raw in range(7, 36)] == published.split()
    for raw in range(7, 36):
        base, more = divmod(raw, 7)
        answers = {f"item_{n}": base + (n <= more) for n in range(1, 8)}
        scores = score(instrument("swemwbs"), **answers)
        assert (scores["raw"].value, scores["metric"].value) == (Decimal(raw), METRIC_OF_RAW[raw])


def test_the_short_warwick_scale_has_no_score_with_an_item_missing_and_no_words() -> None:
    swemwbs = instrument("swemwbs")
    scores = score(swemwbs, **{f"item_{n}": 3 for n in range(1, 7)})
    assert scores["metric"] == Score("metric", None, None, ("item_7",))
    assert swemwbs.licensed
    assert swemwbs.wordings == {}


@pytest.mark.parametrize(
    ("minutes", "level"),
    [(0, "inactive"), (29.99, "inactive"), (30, "fairly_active"), (149.99, "fairly_active"), (150, "active")],
)
def test_minutes_a_week_decide_how_active_somebody_is(minutes: float, level: str) -> None:
    scores = score(instrument("short_active_lives"), moderate_minutes=minutes, vigorous_minutes=0)
    assert scores["minutes"] == Score("minutes", Decimal(str(minutes)), level)


def test_a_vigorous_minute_counts_as_two_moderate_ones() -> None:
    minutes = instrument("short_active_lives")
    assert score(minutes, moderate_minutes=50, vigorous_minutes=50)["minutes"].value == Decimal(150)
    assert score(minutes, moderate_minutes=50)["minutes"].missing == ("vigorous_minutes",)


def test_question_by_question_days_are_multiplied_by_minutes_and_weighted_by_effort() -> None:
    questions = instrument("short_active_lives_questions")
    week: dict[str, Sent] = {
        "walk_days": 5, "walk_minutes": 20, "walk_effort": "moderate",
        "cycle_days": 7, "cycle_minutes": 9, "cycle_effort": "vigorous",
        "sport_days": 1, "sport_minutes": 30, "sport_effort": "vigorous",
    }  # fmt: skip
    assert score(questions, **week)["minutes"] == Score("minutes", Decimal(160), "active")
    assert score(questions, **week | {"walk_effort": "light"})["minutes"].value == Decimal(60)
    assert score(questions, walk_days=0, cycle_days=0, sport_days=0)["minutes"] == Score(
        "minutes", Decimal(0), "inactive"
    )
    assert score(questions, walk_days=5, cycle_days=0, sport_days=0)["minutes"].value is None


@pytest.mark.parametrize(("edition", "areas"), [(2019, 32_844), (2025, 33_755)])
def test_a_rank_of_deprivation_has_its_decile_within_its_edition(edition: int, areas: int) -> None:
    imd = instrument("imd", edition)
    deciles = [int(score(imd, rank=rank)["decile"].value or 0) for rank in range(1, areas + 1)]
    assert (deciles[0], deciles[-1]) == (1, 10)
    assert deciles == sorted(deciles)
    sizes = [deciles.count(decile) for decile in range(1, 11)]
    assert max(sizes) - min(sizes) <= 1
    assert imd.questions[0].fault_of(areas + 1) is not None


def test_every_instrument_is_whole() -> None:
    assert len({(each.key, each.version) for each in INSTRUMENTS}) == len(INSTRUMENTS)
    for each in INSTRUMENTS:
        asked = {question.key for question in each.questions}
        assert each.source
        assert {key for outcome in each.outcomes for key in outcome.needs} <= asked
        if each.for_people and not each.licensed:
            for question in each.questions:
                assert set(question.choices) <= set(each.wordings[question.key].choices), (each.key, question.key)
