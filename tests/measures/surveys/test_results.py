"""Results, change and figures over the API: proxies apart, too few said plainly, and figures that measures take."""

from shared.ids import new_id
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.measures.caller import Caller
from tests.measures.surveys.surveying import ANSWERS, keyed, opened, waved

MEAN: Json = {"kind": "mean", "unit": "points", "period_type": "quarter"}
SHARE: Json = {"kind": "ratio", "unit": "percent", "period_type": "quarter"}
FOREST, CHELTENHAM = "E07000080", "E07000078"


async def answered(measures: Caller, survey: str, wave: str, **said: object) -> None:
    await measures.post("/v1/responses", keyed(survey, wave, **said))


def happy(points: int) -> Json:
    return {"walks": "yes", "ons4_happiness": points}


async def test_a_wave_is_added_up_and_proxies_stand_apart(measures: Caller) -> None:
    survey, wave = await opened(measures, proxies=True)
    for points in (4, 7, 10):
        await answered(measures, survey, wave, answers=happy(points))
    await answered(measures, survey, wave, answers=happy(0), answered_for="staff", mode="telephone")
    results = await measures.get(f"/v1/surveys/{survey}/waves/{wave}/results")
    assert (results["by_mode"], results["waiting"], results["sharing"]) == (
        {"paper": 3, "telephone": 1}, 0, "not_for_sharing",
    )  # fmt: skip
    people = {each["subject"]: each for each in results["people"]["subjects"]}
    assert (results["people"]["people"], results["proxies"]["people"]) == (3, 1)
    happiness = people["ons4_happiness"]
    assert (happiness["n"], happiness["missing"], happiness["mean"]) == (3, 0, 7.0)
    assert (round(happiness["interval"]["low"], 4), round(happiness["interval"]["high"], 4)) == (-0.4524, 14.4524)
    assert [(each["category"], each["count"]) for each in happiness["shares"]] == [
        ("low", 1), ("medium", 0), ("high", 1), ("very_high", 1),
    ]  # fmt: skip
    assert (people["ons4_anxiety"]["n"], people["ons4_anxiety"]["mean"], people["ons4_anxiety"]["shares"]) == (
        0,
        None,
        [],
    )
    assert people["walks"]["shares"][0] | {"interval": None} == {
        "category": "yes", "count": 3, "share": 1.0, "interval": None,
    }  # fmt: skip
    assert "sampling variation only" in results["interval_says"]


@ON_ONE_DATABASE
async def test_what_is_keyed_once_counts_nowhere_yet(measures: Caller) -> None:
    survey, wave = await opened(measures, double_entry=True)
    await answered(measures, survey, wave)
    results = await measures.get(f"/v1/surveys/{survey}/waves/{wave}/results")
    assert (results["waiting"], results["people"]["people"]) == (1, 0)


async def test_change_joins_two_waves_by_peoples_own_codes(measures: Caller) -> None:
    survey, before = await opened(measures, paired=True, proxies=True)
    after = await waved(measures, survey)
    for n in range(30):
        await answered(measures, survey, before, answers=happy(n % 4), code=f"code {n}")
        await answered(measures, survey, after, answers=happy(n % 4 + 2 + n % 2), code=f"CODE-{n}")
    await answered(measures, survey, before, answers=happy(9), code="code 99", answered_for="family")
    found = await measures.get(f"/v1/surveys/{survey}/change", earlier=before, later=after)
    assert (found["pairs"], found["ambiguous"], found["unpaired"], found["base"]) == (30, 0, 0, 30)
    assert found == await measures.get(f"/v1/surveys/{survey}/change")  # the first and the last
    happiness = next(each for each in found["tests"] if each["subject"] == "ons4_happiness")
    assert (happiness["difference"], happiness["verdict"]) == (2.5, "changed")
    assert found["verdict"] == "changed"
    status, problem = await measures.refused(
        f"/v1/surveys/{survey}/change", method="GET", earlier=before, later=new_id("wave")
    )
    assert (status, problem["code"]) == (404, "not_found")


@ON_ONE_DATABASE
async def test_below_the_base_it_says_too_few_and_offers_a_story(measures: Caller) -> None:
    survey, before = await opened(measures, paired=True)
    after = await waved(measures, survey)
    for n in range(29):
        for wave in (before, after):
            await answered(measures, survey, wave, code=f"code {n}")
    found = await measures.get(f"/v1/surveys/{survey}/change", earlier=before, later=after)
    assert (found["verdict"], found["stories"]) == ("too_few_to_show_change", "/v1/stories")
    assert found["says"].startswith("Too few to show change")
    assert {(each["difference"], each["p"]) for each in found["tests"]} == {(None, None)}


@ON_ONE_DATABASE
async def test_an_anonymous_survey_shows_no_change_of_people_and_no_wave_changes_into_itself(measures: Caller) -> None:
    survey, wave = await opened(measures)
    path, later = f"/v1/surveys/{survey}/change", await waved(measures, survey)
    status, problem = await measures.refused(path, method="GET", earlier=wave, later=later)
    assert (status, problem["code"]) == (409, "not_paired")
    status, problem = await measures.refused(path, method="GET", earlier=wave, later=wave)
    assert (status, faults(problem)) == (422, {"?later": "same_wave"})


async def test_figures_are_made_of_answers_by_place_and_corrected_for_a_reason(measures: Caller) -> None:
    await measures.places()
    _, mean = await measures.version("happiness", **MEAN, instrument="ons4", instrument_version=1)
    _, share = await measures.version("lonely", **SHARE)
    survey, wave = await opened(measures, proxies=True)
    for place, points in ((FOREST, 3), (FOREST, 8), (CHELTENHAM, 9), (None, 5)):
        await answered(measures, survey, wave, place=place, answers=ANSWERS | {"ons4_happiness": points})
    await answered(measures, survey, wave, place=FOREST, answered_for="carer", answers=happy(0))
    path = f"/v1/surveys/{survey}/waves/{wave}/figures"
    wanted: Json = {
        "period": "2026-Q4",
        "figures": [
            {"measure_version": mean, "of": "ons4_happiness"},
            {"measure_version": share, "of": "ons_loneliness_how_often", "counting": ["never", "hardly_ever"]},
        ],
    }
    made = await measures.post(path, wanted)
    assert made["without_place"] == 1
    assert [(each["measure_version"], each["new"]) for each in made["recorded"]] == [(mean, 2), (share, 2)]
    seen = {(each["measure_version"], each["place"]): each for each in await measures.every("/v1/observations")}
    forest = seen[mean, FOREST]
    assert (forest["n"], forest["sum_x"], forest["sum_x2"], forest["value"]) == (2, 11, 73, None)
    assert forest["provenance"] == f"Survey {survey}, wave 1"
    assert (seen[share, FOREST]["numerator"], seen[share, FOREST]["denominator"]) == (2, 2)
    assert [each["unchanged"] for each in (await measures.post(path, wanted))["recorded"]] == [2, 2]
    await answered(measures, survey, wave, place=CHELTENHAM, answers=happy(1))
    status, problem = await measures.refused(path, wanted)
    assert (status, set(faults(problem).values())) == (422, {"reason_needed"})
    again = await measures.post(path, wanted | {"reason": "late answers on paper"})
    assert [(each["revised"], each["unchanged"]) for each in again["recorded"]] == [(1, 1), (0, 2)]
    everywhere = await measures.post(path, wanted | {"place": "E07000080", "reason": "one place"})
    assert everywhere["without_place"] == 0


@ON_ONE_DATABASE
async def test_every_figure_that_cannot_be_made_is_named(measures: Caller) -> None:
    await measures.places()
    _, mean = await measures.version("mean", **MEAN)
    _, other = await measures.version("other", **MEAN, instrument="ucla3", instrument_version=1)
    _, share = await measures.version("share", **SHARE)
    _, spread = await measures.version("spread", **(SHARE | {"kind": "distribution", "unit": "people"}))
    _, stock = await measures.version("stock", **(SHARE | {"kind": "stock", "unit": "people"}))
    questions = {"groups": {"wording": "?", "choices": {"a": "A", "b": "B"}}}
    asks = [
        *({"instrument": key} for key in ("ons4", "ons_loneliness")),
        {"question": {"key": "groups", "kind": "several", "choices": ["a", "b"]}},
    ]
    texts = {"en": {"title": "T", "introduction": "I", "thanks": "T", "questions": questions}}
    survey, wave = await opened(measures, asks=asks, texts=texts)
    wrong = [
        (new_id("mver"), "ons4_happiness", [], "/measure_version", "unknown_version"),
        (mean, "mood", [], "/of", "unknown_outcome"),
        (other, "ons4_happiness", [], "/of", "other_instrument"),
        (mean, "ons_loneliness_how_often", [], "/of", "no_mean"),
        (share, "ons_loneliness_how_often", [], "/counting", "unknown_category"),
        (share, "ons_loneliness_how_often", ["daily"], "/counting", "unknown_category"),
        (share, "groups", ["a", "b"], "/counting", "counts_twice"),
        (mean, "ons4_happiness", ["high"], "/counting", "not_a_ratio"),
        (spread, "groups", [], "/of", "no_categories"),
        (stock, "ons4_happiness", [], "/measure_version", "other_kind"),
    ]
    figures = [{"measure_version": version, "of": of, "counting": counting} for version, of, counting, *_ in wrong]
    status, problem = await measures.refused(
        f"/v1/surveys/{survey}/waves/{wave}/figures", {"period": "2026-Q4", "figures": figures}
    )
    assert (status, faults(problem)) == (
        422, {f"/figures/{at}{pointer}": code for at, (*_, pointer, code) in enumerate(wrong)},
    )  # fmt: skip


@ON_ONE_DATABASE
async def test_a_distribution_counts_every_band_nought_too(measures: Caller) -> None:
    await measures.places()
    _, spread = await measures.version("spread", kind="distribution", unit="people", period_type="quarter")
    survey, wave = await opened(measures)
    await answered(measures, survey, wave, place=FOREST)
    wanted = {"period": "2026-Q4", "figures": [{"measure_version": spread, "of": "ons4_happiness"}]}
    await measures.post(f"/v1/surveys/{survey}/waves/{wave}/figures", wanted)
    seen = {each["cell"]: each["numerator"] for each in await measures.every("/v1/observations")}
    assert seen == {f"ons4_happiness={band}": int(band == "high") for band in ("low", "medium", "high", "very_high")}


@ON_ONE_DATABASE
async def test_results_and_change_are_of_the_movement_that_asked(measures: Caller, other: Caller) -> None:
    survey, wave = await opened(measures, paired=True)
    for path in (f"waves/{wave}/results", f"change?earlier={wave}&later={wave}"):
        assert (await other.refused(f"/v1/surveys/{survey}/{path}", method="GET"))[0] == 404
    body = {"period": "2026-Q4", "figures": [{"measure_version": new_id("mver"), "of": "ons4_happiness"}]}
    assert (await other.refused(f"/v1/surveys/{survey}/waves/{wave}/figures", body))[0] == 404
