"""Responses: keyed from paper and telephone, twice where asked, told apart, and taken out again."""

from datetime import timedelta
from functools import partial

import pytest
from fastapi import FastAPI

from services.measures.surveys.responses.keeping import delete_old
from shared import clock
from shared.ids import new_id
from shared.secrets import Secrets
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.measures.caller import Caller
from tests.measures.surveys.surveying import ANSWERS, at, day, drafted, keyed, opened, waved


async def test_a_response_is_keyed_read_and_deleted(measures: Caller) -> None:
    survey, wave = await opened(measures)
    made = await measures.post("/v1/responses", keyed(survey, wave), status=201)
    assert (made["state"], made["mode"], made["answered_for"], made["paired"]) == ("accepted", "paper", "self", False)
    assert made["answers"] == ANSWERS
    assert await measures.get(f"/v1/responses/{made['id']}") == made
    assert await measures.every("/v1/responses", wave=wave, state="accepted", limit=1) == [made]
    assert await measures.published(made["id"]) == [
        ("response.received", {"response": made["id"], "survey": survey, "wave": wave, "mode": "paper"})
    ]
    assert (await measures.client.delete(f"/v1/responses/{made['id']}")).status_code == 204
    assert (await measures.refused(f"/v1/responses/{made['id']}", method="GET"))[0] == 404


@ON_ONE_DATABASE
async def test_every_fault_of_a_response_is_named_and_nothing_is_kept(measures: Caller) -> None:
    survey, wave = await opened(measures)
    answers: Json = {"ons4_happiness": 12, "mood": 3, "words": "a\u0000b"}
    wrong = keyed(
        survey, wave, answers=answers, age_band="13_15", answered_for="carer", code="ab", language="cy",
        place="E07000099", researcher=new_id("researcher"),
    )  # fmt: skip
    status, problem = await measures.refused("/v1/responses", wrong)
    assert (status, faults(problem)) == (
        422,
        {
            "/answers/ons4_happiness": "out_of_range", "/answers/mood": "unknown_question", "/answers/words": "text",
            "/answers/walks": "missing", "/age_band": "wrong_age", "/answered_for": "no_proxies",
            "/code": "anonymous", "/language": "unknown_language", "/place": "unknown_place",
            "/researcher": "unknown_researcher",
        },
    )  # fmt: skip
    assert faults((await measures.refused("/v1/responses", keyed(survey, wave, age_band=None)))[1]) == {
        "/age_band": "age_needed"
    }
    for body, pointer in (
        (keyed(new_id("survey"), wave), "/survey"),
        (keyed(survey, new_id("wave")), "/wave"),
        (keyed(survey, wave, mode="link"), "/mode"),
    ):
        status, problem = await measures.refused("/v1/responses", body)
        assert (status, problem["errors"][0]["pointer"].startswith(pointer)) == (422, True)
    of_no_kind = keyed(survey, wave, answers={"walks": True, "words": {"a": 1}, "mood": [1]})
    assert faults((await measures.refused("/v1/responses", of_no_kind))[1]) == {
        "/answers/walks": "answer", "/answers/words": "answer", "/answers/mood": "answer",
    }  # fmt: skip
    assert await measures.every("/v1/responses") == []


@ON_ONE_DATABASE
async def test_nothing_is_taken_outside_an_open_wave(measures: Caller) -> None:
    survey = await drafted(measures)
    coming, over = await waved(measures, survey, 5, 9), await waved(measures, survey, -9, -5)
    now = await waved(measures, survey)
    for wave, state in ((now, "draft"), (now, None), (coming, "not_yet"), (over, "over")):
        if state is None:
            assert (await at(measures, f"/v1/surveys/{survey}/open")).status_code == 200
            continue
        status, problem = await measures.refused("/v1/responses", keyed(survey, wave))
        assert (status, problem["code"], problem["state"]) == (409, "not_asking", state)
    await at(measures, f"/v1/surveys/{survey}/close")
    assert (await measures.refused("/v1/responses", keyed(survey, now)))[1]["state"] == "closed"


@pytest.fixture
def somebody_else(app: FastAPI, vouching: Secrets, measures: Caller) -> Caller:
    """Another caller of the same movement."""
    return Caller(app, vouching, measures.movement)


async def test_what_is_keyed_twice_counts_where_two_agree(measures: Caller, somebody_else: Caller) -> None:
    survey, wave = await opened(measures, double_entry=True)
    made = await measures.post("/v1/responses", keyed(survey, wave))
    path, again = f"/v1/responses/{made['id']}/second-keying", {"answers": ANSWERS, "age_band": "adult"}
    assert made["state"] == "keyed_once"
    assert (await measures.refused(path, again))[1]["code"] == "same_keyer"
    async with somebody_else:
        agreed = await somebody_else.post(path, again)
        assert (agreed["state"], agreed["differs"], agreed["version"]) == ("accepted", [], 2)
        assert (await somebody_else.refused(path, again))[1]["code"] == "illegal_transition"
    by_telephone = await measures.post("/v1/responses", keyed(survey, wave, mode="telephone"))
    assert by_telephone["state"] == "accepted"


async def test_where_two_keyings_differ_somebody_looks_at_the_paper(measures: Caller, somebody_else: Caller) -> None:
    survey, wave = await opened(measures, double_entry=True, paired=True)
    made = await measures.post("/v1/responses", keyed(survey, wave, code="ab12c"))
    path = f"/v1/responses/{made['id']}"
    second: Json = {"answers": ANSWERS | {"walks": "no", "words": "more"}, "age_band": "16_17", "code": "AB-12 d"}
    async with somebody_else:
        disputed = await somebody_else.post(f"{path}/second-keying", second)
    assert (disputed["state"], disputed["differs"]) == ("disputed", ["walks", "words", "age_band", "code"])
    assert (await at(measures, f"{path}/settle", second, tag='"1"')).status_code == 412
    settled = (await at(measures, f"{path}/settle", second, tag='"2"')).json()
    assert (settled["state"], settled["answers"], settled["age_band"]) == ("accepted", second["answers"], "16_17")
    assert settled["differs"] == []


async def test_a_code_is_kept_as_a_keyed_hash_and_deletes_what_its_maker_answered(
    measures: Caller, app: FastAPI
) -> None:
    survey, wave = await opened(measures, paired=True)
    for code in ("Mi 07 é", "other9"):
        assert (await measures.post("/v1/responses", keyed(survey, wave, code=code)))["paired"]
    withdrawn = await measures.post(f"/v1/surveys/{survey}/withdrawals", {"code": "mi07E"})
    assert withdrawn == {"deleted": 1}
    assert len(await measures.every("/v1/responses")) == 1
    found = await measures.get(f"/v1/surveys/{survey}")
    assert found["paired"]
    assert (await measures.refused(f"/v1/surveys/{new_id('survey')}/withdrawals", {"code": "mi07e"}))[0] == 404


async def test_whoever_asked_had_that_part_on_the_day(measures: Caller) -> None:
    survey, wave = await opened(measures)
    path = f"/v1/surveys/{survey}/researchers"
    asks, keys = [
        (await measures.post(path, {"person": new_id("person"), "part": part, "starts_on": day(0)}))["id"]
        for part in ("asks", "keys")
    ]
    assert (await measures.post("/v1/responses", keyed(survey, wave, researcher=asks)))["researcher"] == asks
    status, problem = await measures.refused("/v1/responses", keyed(survey, wave, researcher=keys))
    assert (status, faults(problem)) == (422, {"/researcher": "not_their_part"})


@ON_ONE_DATABASE
async def test_no_organisation_reads_answers_or_true_counts_of_them(
    measures: Caller, app: FastAPI, vouching: Secrets
) -> None:
    survey, wave = await opened(measures)
    made = await measures.post("/v1/responses", keyed(survey, wave))
    async with Caller(app, vouching, measures.movement, organisation=new_id("org")) as partner:
        of_wave = (
            f"/v1/surveys/{survey}/waves/{wave}/results",
            f"/v1/surveys/{survey}/change?earlier={wave}&later={wave}",
        )
        for path in ("/v1/responses", f"/v1/responses/{made['id']}", *of_wave):
            status, problem = await partner.refused(path, method="GET")
            assert (status, problem["code"]) == (403, "not_for_organisations")
        wanted = {"period": "2026-Q4", "figures": [{"measure_version": new_id("mver"), "of": "ons4_happiness"}]}
        status, problem = await partner.refused(f"/v1/surveys/{survey}/waves/{wave}/figures", wanted)
        assert (status, problem["code"]) == (403, "not_for_organisations")


async def test_answers_are_deleted_so_long_after_their_wave_closed(measures: Caller, app: FastAPI) -> None:
    survey, wave = await opened(measures)
    await measures.post("/v1/responses", keyed(survey, wave))
    later = partial(timedelta, days=app.state.parts.settings.survey_answers_kept_days + 30)
    with clock.frozen(clock.now() + later()):
        assert await delete_old(app.state.parts) == 0
    with clock.frozen(clock.now() + later() + timedelta(days=1)):
        assert await delete_old(app.state.parts) == 1
    assert await measures.every("/v1/responses") == []


@ON_ONE_DATABASE
async def test_another_movement_finds_no_response(measures: Caller, other: Caller) -> None:
    survey, wave = await opened(measures)
    made = await measures.post("/v1/responses", keyed(survey, wave))
    for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/second-keying")):
        body = {"answers": ANSWERS} if method == "POST" else None
        assert (await other.refused(f"/v1/responses/{made['id']}{path}", body, method=method))[0] == 404
    assert await other.every("/v1/responses") == []
    assert faults((await other.refused("/v1/responses", keyed(survey, wave)))[1]) == {"/survey": "unknown_survey"}
