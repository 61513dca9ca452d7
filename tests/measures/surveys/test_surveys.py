"""Surveys: drafted, complete in every language or refused, opened, closed; their waves and who has which part."""

from typing import Any

import pytest

from shared.ids import new_id
from shared.testing.caller import Json, faults, json_of
from shared.testing.service import ON_ONE_DATABASE
from tests.measures.caller import Caller
from tests.measures.surveys.surveying import ENGLISH, SURVEY, at, day, drafted, opened, waved


async def test_a_survey_asks_instruments_and_questions_of_its_own(measures: Caller) -> None:
    made = await measures.post("/v1/surveys", SURVEY)
    assert (made["state"], made["version"], made["languages"]) == ("draft", 1, ["en"])
    assert made["questions"] == [
        *("ons4_satisfaction", "ons4_worthwhile", "ons4_happiness", "ons4_anxiety"),
        *("ons_loneliness_how_often", "walks", "words"),
    ]
    assert made["outcomes"][-1] == "ons_loneliness_how_often"
    assert made["asks"][0]["version"] == 1
    assert await measures.get(f"/v1/surveys/{made['id']}") == made
    assert await measures.every("/v1/surveys", state="draft", limit=1) == [made]
    assert await measures.every("/v1/surveys", state="open") == []


WRONG: list[tuple[Json, dict[str, str]]] = [
    ({"asks": [{"instrument": "phq9"}]}, {"/asks/0/instrument": "unknown_instrument"}),
    ({"asks": [{"instrument": "ons4", "version": 2}]}, {"/asks/0/instrument": "unknown_instrument"}),
    ({"asks": [{"instrument": "imd", "version": 2019}]}, {"/asks/0/instrument": "not_for_people"}),
    ({"asks": [{"instrument": "ucla3", "bands": {"loneliness": []}}]}, {"/asks/0/bands/loneliness": "invalid_bands"}),
    ({"asks": [{"instrument": "ons4"}, {"instrument": "ons4"}]}, {"/asks": "asked_twice"}),
    ({"asks": [{}]}, {"/asks/0": "one_of_two"}),
    ({"asks": [{"question": {"key": "a", "kind": "choice", "choices": ["b"]}}]}, {"/asks/0/question": "choices"}),
    ({"asks": [{"question": {"key": "a", "kind": "text", "choices": ["b"]}}]}, {"/asks/0/question": "choices"}),
    ({"asks": [{"question": {"key": "a", "kind": "scale", "high": 90}}]}, {"/asks/0/question": "range"}),
    ({"asks": [{"question": {"key": "a", "kind": "number", "low": 3, "high": 3}}]}, {"/asks/0/question": "range"}),
    (
        {"texts": {"en": ENGLISH | {"questions": {"mood": {"wording": "Mood?"}}, "page": {"hello": "Hello"}}}},
        {"/texts/en/questions/mood": "unknown_question", "/texts/en/page/hello": "unknown_word"},
    ),
]


@ON_ONE_DATABASE
async def test_what_cannot_be_asked_or_said_is_named(measures: Caller) -> None:
    for wrong, named in WRONG:
        texts: Json = {"texts": {"en": {}}} if "asks" in wrong else {}
        status, problem = await measures.refused("/v1/surveys", SURVEY | texts | wrong)
        assert (status, {key: faults(problem).get(key) for key in named}) == (422, named), wrong


async def test_a_draft_is_changed_at_the_version_that_was_read_and_not_once_it_is_open(measures: Caller) -> None:
    survey = await drafted(measures)
    path = f"/v1/surveys/{survey}"
    changed = await at(measures, path, {"name": "Walks and talks", "paired": True}, tag='"1"', method="PATCH")
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    assert {"name": "Walks and talks", "paired": True, "version": 2}.items() <= changed.json().items()
    for tag, body, status in (('"1"', {"name": "x"}, 412), ("*", {"asks": [{"instrument": "ucla3"}]}, 422)):
        assert (await at(measures, path, body, tag=tag, method="PATCH")).status_code == status
    await waved(measures, survey)
    await at(measures, f"{path}/open")
    late = await at(measures, path, {"name": "x"}, method="PATCH")
    assert (late.status_code, late.json()["code"]) == (409, "not_draft")
    assert (await measures.client.post(f"{path}/close")).status_code == 428


async def test_a_survey_opens_when_it_has_a_wave_and_closes_once(measures: Caller) -> None:
    survey = await drafted(measures)
    early = await at(measures, f"/v1/surveys/{survey}/open")
    assert (early.status_code, faults(early.json())) == (409, {"/waves": "no_wave"})
    await waved(measures, survey)
    shown = json_of(await at(measures, f"/v1/surveys/{survey}/open", tag='"1"'), 200)
    assert (shown["state"], shown["opened_at"] is not None) == ("open", True)
    assert json_of(await at(measures, f"/v1/surveys/{survey}/close"), 200)["state"] == "closed"
    for step in ("open", "close"):
        assert (await at(measures, f"/v1/surveys/{survey}/{step}")).json()["code"] == "illegal_transition"
    assert await measures.published(survey) == [
        ("survey.opened", {"survey": survey}), ("survey.closed", {"survey": survey}),
    ]  # fmt: skip


@ON_ONE_DATABASE
async def test_a_language_is_complete_or_every_missing_word_is_named(measures: Caller) -> None:
    welsh: Json = {"title": "Sut ydych chi?", "questions": {"walks": {"wording": "?", "choices": {"yes": "Do"}}}}
    survey = await drafted(measures, texts={"en": ENGLISH, "cy": welsh})
    await waved(measures, survey)
    refused = await at(measures, f"/v1/surveys/{survey}/open")
    problem = refused.json()
    missing = {fault["pointer"] for fault in problem["errors"]}
    assert (refused.status_code, problem["code"]) == (409, "not_complete")
    assert {
        "/texts/cy/introduction", "/texts/cy/thanks", "/texts/cy/questions/words/wording",
        "/texts/cy/questions/walks/choices/no", "/texts/cy/questions/ons4_anxiety/wording",
        "/texts/cy/questions/ons4_anxiety/choices/low", "/texts/cy/page/send",
    } <= missing  # fmt: skip
    assert not missing & {"/texts/cy/title", "/texts/cy/questions/walks/choices/yes"}
    assert not any(pointer.startswith("/texts/en") for pointer in missing)


@ON_ONE_DATABASE
async def test_a_licensed_instrument_brings_no_words_and_opens_under_its_licence(measures: Caller) -> None:
    items: dict[str, Any] = {
        f"swemwbs_item_{n}": {"wording": f"Item {n}", "choices": {"low": "None", "high": "All"}} for n in range(1, 8)
    }
    asks = [{"instrument": "swemwbs"}]
    survey = await drafted(measures, asks=asks, texts={"en": ENGLISH | {"questions": items}})
    await waved(measures, survey)
    refused = await at(measures, f"/v1/surveys/{survey}/open")
    assert (refused.status_code, refused.json()["code"]) == (403, "licence_needed")
    await measures.post("/v1/instruments/swemwbs/licence", {"reference": "4711", "valid_from": day(0)})
    bare = await drafted(measures, asks=asks, texts={"en": ENGLISH | {"questions": {}}})
    await waved(measures, bare)
    assert len((await at(measures, f"/v1/surveys/{bare}/open")).json()["errors"]) == 21
    assert (await at(measures, f"/v1/surveys/{survey}/open")).status_code == 200


async def test_waves_are_numbered_and_changed(measures: Caller) -> None:
    survey = await drafted(measures)
    path = f"/v1/surveys/{survey}/waves"
    made = [await waved(measures, survey, opens, opens + 7) for opens in (0, 100)]
    assert [(wave["id"], wave["number"]) for wave in await measures.every(path, limit=1)] == [
        (made[0], 1),
        (made[1], 2),
    ]
    longer = await at(measures, f"{path}/{made[0]}", {"closes_on": day(9)}, tag='"1"', method="PATCH")
    assert (longer.json()["closes_on"], longer.headers["etag"]) == (day(9), '"2"')
    wrong = await at(measures, f"{path}/{made[0]}", {"closes_on": day(-9)}, method="PATCH")
    assert faults(wrong.json()) == {"/closes_on": "out_of_order"}
    assert (await measures.get(f"{path}/{made[0]}"))["closes_on"] == day(9)
    other = await drafted(measures)
    assert (await measures.refused(f"/v1/surveys/{other}/waves/{made[0]}", method="GET"))[0] == 404


async def test_peer_researchers_have_parts_from_one_day_to_another(measures: Caller) -> None:
    survey, _ = await opened(measures)
    path, person = f"/v1/surveys/{survey}/researchers", new_id("person")
    made = await measures.post(path, {"person": person, "part": "asks", "starts_on": day(0)})
    assert await measures.every(path) == [made]
    ended = await at(measures, f"{path}/{made['id']}", {"ends_on": day(3)}, tag='"1"', method="PATCH")
    assert (ended.json()["ends_on"], ended.json()["version"]) == (day(3), 2)
    assert await measures.get(f"{path}/{made['id']}") == ended.json()
    wrong = await at(measures, f"{path}/{made['id']}", {"ends_on": day(-3)}, method="PATCH")
    assert faults(wrong.json()) == {"/ends_on": "out_of_order"}


@pytest.mark.parametrize("path", ["", "/waves", "/links", "/researchers"])
@ON_ONE_DATABASE
async def test_another_movement_finds_no_survey_and_nothing_of_it(measures: Caller, other: Caller, path: str) -> None:
    survey, _ = await opened(measures)
    assert (await other.refused(f"/v1/surveys/{survey}{path}", method="GET"))[0] == 404
    assert await other.every("/v1/surveys") == []
