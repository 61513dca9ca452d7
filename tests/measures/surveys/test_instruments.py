"""Instruments over the API: shown, scored, refused for the wrong age or without a licence."""

from datetime import UTC, datetime

from shared import clock
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.measures.caller import Caller

LONELY: Json = {"companionship": "often", "left_out": "some_of_the_time", "isolated": "some_of_the_time"}
ITEMS: Json = {f"item_{number}": 4 for number in range(1, 8)}
SWEMWBS = "/v1/instruments/swemwbs"


@ON_ONE_DATABASE
async def test_instruments_say_their_questions_sources_and_validated_ages(measures: Caller) -> None:
    listed = {(each["key"], each["version"]): each for each in await measures.every("/v1/instruments")}
    assert {key for key, _ in listed} == {
        "ons4", "ucla3", "ons_loneliness", "swemwbs", "short_active_lives",
        "short_active_lives_questions", "imd",
    }  # fmt: skip
    ons4 = await measures.get("/v1/instruments/ons4")
    assert listed["ons4", 1] == ons4
    assert (ons4["youngest"], ons4["oldest"], ons4["licensed"]) == (16, 130, False)
    assert "Office for National Statistics" in ons4["source"]
    swemwbs = listed["swemwbs", 1]
    assert swemwbs["licensed"]
    assert all(question["wording"] is None for question in swemwbs["questions"])


@ON_ONE_DATABASE
async def test_answers_are_scored_and_not_kept(measures: Caller) -> None:
    scored = await measures.post("/v1/instruments/ucla3/score", {"answers": LONELY, "age": 40}, status=200)
    assert scored == {
        "instrument": "ucla3",
        "version": 1,
        "scores": [{"outcome": "loneliness", "value": 7.0, "band": None, "missing": []}],
    }
    bands = {"loneliness": [{"name": "less_lonely", "start": 3}, {"name": "lonely", "start": 6}]}
    banded = await measures.post("/v1/instruments/ucla3/score", {"answers": LONELY, "age": 40, "bands": bands})
    assert banded["scores"][0]["band"] == "lonely"


@ON_ONE_DATABASE
async def test_whoever_it_was_not_validated_for_is_refused(measures: Caller) -> None:
    path, body = "/v1/instruments/ons4/score", {"answers": {"happiness": 7}}
    for age, code in ((15, "wrong_age"), (None, "age_needed")):
        status, problem = await measures.refused(path, body | {"age": age})
        assert (status, faults(problem)) == (422, {"/age": code})
    assert await measures.post(path, body | {"age": 16})
    assert (await measures.refused(path, body | {"age": 131}))[0] == 422


@ON_ONE_DATABASE
async def test_every_fault_of_answers_and_of_bands_is_named_at_once(measures: Caller) -> None:
    sent: Json = {
        "answers": {"satisfaction": 11, "worthwhile": -1, "happiness": 6.5, "anxiety": "very", "mood": 3},
        "age": 12,
        "bands": {"satisfaction": [{"name": "low", "start": 0}], "mood": []},
    }
    status, problem = await measures.refused("/v1/instruments/ons4/score", sent)
    assert (status, faults(problem)) == (
        422,
        {
            "/age": "wrong_age", "/answers/satisfaction": "out_of_range", "/answers/worthwhile": "out_of_range",
            "/answers/happiness": "not_whole", "/answers/anxiety": "not_a_number",
            "/answers/mood": "unknown_question", "/bands/satisfaction": "bands_fixed",
            "/bands/mood": "unknown_outcome",
        },
    )  # fmt: skip
    for bands in ([], [[3, "a"], [3, "b"]], [[4, "a"]], [[3, "a"], [5, "a"]], [[3, "a"], [10, "b"]]):
        named = [{"name": name, "start": start} for start, name in bands]
        body = {"answers": LONELY | {"isolated": "daily"}, "age": 40, "bands": {"loneliness": named}}
        _, problem = await measures.refused("/v1/instruments/ucla3/score", body)
        assert faults(problem) == {"/answers/isolated": "not_a_choice", "/bands/loneliness": "invalid_bands"}


@ON_ONE_DATABASE
async def test_an_index_of_areas_is_read_in_an_edition_that_is_named(measures: Caller) -> None:
    body: Json = {"answers": {"rank": 3284}}
    status, problem = await measures.refused("/v1/instruments/imd/score", body)
    assert (status, faults(problem)) == (422, {"?version": "version_needed"})
    scored = await measures.post("/v1/instruments/imd/score?version=2019", body)
    assert scored["scores"][0]["value"] == 1
    assert (await measures.refused("/v1/instruments/imd/score?version=2015", body))[0] == 404
    assert (await measures.refused("/v1/instruments/phq9/score", body))[0] == 404


async def test_a_licensed_instrument_is_used_while_the_movement_holds_its_licence(
    measures: Caller, other: Caller
) -> None:
    body: Json = {"answers": ITEMS, "age": 13}
    status, problem = await measures.refused(f"{SWEMWBS}/score", body)
    assert (status, problem["code"], problem["instrument"]) == (403, "licence_needed", "swemwbs")
    licence = {"reference": "Warwick 4711", "valid_from": "2026-01-01", "valid_until": "2026-12-31"}
    noted = await measures.post(f"{SWEMWBS}/licence", licence)
    assert licence.items() <= noted.items()
    with clock.frozen(datetime(2026, 12, 31, 12, tzinfo=UTC)):
        scored = await measures.post(f"{SWEMWBS}/score", body)
        assert [(each["outcome"], each["value"]) for each in scored["scores"]] == [("raw", 28.0), ("metric", 25.03)]
    with clock.frozen(datetime(2027, 1, 1, tzinfo=UTC)):
        assert (await measures.refused(f"{SWEMWBS}/score", body))[1]["code"] == "licence_needed"
    assert (await other.refused(f"{SWEMWBS}/score", body))[1]["code"] == "licence_needed"
    assert (await other.refused(f"{SWEMWBS}/licence", method="GET"))[0] == 404


async def test_a_licence_is_noted_once_and_changed_at_the_version_that_was_read(measures: Caller) -> None:
    path = f"{SWEMWBS}/licence"
    await measures.post(path, {"reference": "Warwick 4711", "valid_from": "2026-01-01"})
    assert (await measures.refused(path, {"reference": "x", "valid_from": "2026-01-01"}))[1]["code"] == "licence_known"
    status, problem = await measures.refused(
        "/v1/instruments/ons4/licence", {"reference": "x", "valid_from": "2026-01-01"}
    )
    assert (status, problem["code"]) == (409, "no_licence_needed")
    changed = await measures.client.patch(path, json={"valid_until": "2027-12-31"}, headers={"if-match": '"1"'})
    assert (changed.status_code, changed.headers["etag"], changed.json()["valid_until"]) == (200, '"2"', "2027-12-31")
    for if_match, status in (('"1"', 412), ("*", 422)):
        late = await measures.client.patch(path, json={"valid_until": "2025-12-31"}, headers={"if-match": if_match})
        assert late.status_code == status
    assert (await measures.get(path))["version"] == 2
    for wrong in ("2026-02-30", "tomorrow"):
        assert (await measures.refused(path, {"reference": "x", "valid_from": wrong}))[0] == 422
