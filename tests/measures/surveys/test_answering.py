"""Answering by a link: a page without script, what it takes, what it asks to be mended, and where it is over."""

import re
from datetime import timedelta
from html import unescape

import httpx
import pytest

from services.measures.surveys.asking.words import PAGE
from shared import clock
from shared.ids import new_id
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.measures.caller import Caller
from tests.measures.surveys.surveying import ENGLISH, SURVEY, at, day, drafted, linked, opened, waved

FILLED = {
    "once": "page-1", "lang": "en", "age_band": "adult", "q.walks": "yes", "q.ons4_happiness": "7",
    "q.ons4_anxiety": "", "q.words": " More  walks\r\nplease ",
}  # fmt: skip


async def asked(measures: Caller, **said: object) -> tuple[str, str]:
    """An open survey and the path of a link to it."""
    survey, wave = await opened(measures, **said)
    return survey, (await linked(measures, survey, wave))[1]


async def send(measures: Caller, path: str, **fields: str | list[str]) -> httpx.Response:
    """Fill in the page and send it."""
    return await measures.client.post(path, data=FILLED | fields)


async def test_what_is_answered_on_the_page_is_a_response(measures: Caller) -> None:
    await measures.places()
    survey, wave = await opened(measures)
    link, path = await linked(measures, survey, wave, place="E07000080")
    page = await measures.client.get(path)
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "Overall, how happy did you feel yesterday?" in unescape(page.text)
    thanked = await send(measures, path)
    assert (thanked.status_code, "Thank you." in thanked.text) == (200, True)
    (response,) = await measures.every("/v1/responses")
    assert {
        "survey": survey, "wave": wave, "mode": "link", "link": link, "language": "en", "place": "E07000080",
        "age_band": "adult", "answered_for": "self", "paired": False, "state": "accepted",
        "answers": {"ons4_happiness": 7, "walks": "yes", "words": "More  walks\nplease"},
    }.items() <= response.items()  # fmt: skip
    assert (await measures.get(f"/v1/surveys/{survey}/links/{link}"))["taken"] == 1


async def test_a_page_that_is_sent_twice_is_taken_once(measures: Caller) -> None:
    _, path = await asked(measures)
    for once in ("a", "a", "b"):
        assert (await send(measures, path, once=once)).status_code == 200
    assert len(await measures.every("/v1/responses")) == 2


@ON_ONE_DATABASE
async def test_the_page_sends_no_script_keeps_no_cookie_and_tells_nobody_where_it_is(measures: Caller) -> None:
    _, path = await asked(measures)
    page = await measures.client.get(path)
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        page.headers["content-security-policy"],
    )
    assert (page.headers["referrer-policy"], page.headers["cache-control"]) == ("no-referrer", "no-store")
    assert "set-cookie" not in page.headers
    assert "<script" not in page.text


@ON_ONE_DATABASE
async def test_what_is_to_be_mended_is_said_beside_it_and_what_was_filled_in_stays(measures: Caller) -> None:
    _, path = await asked(measures)
    page = await send(
        measures, path, **{"age_band": "", "q.walks": "", "q.ons4_happiness": "99", "q.words": "<b>stays"}
    )
    assert page.status_code == 422
    for name in ("age_band", "q.walks", "q.ons4_happiness"):
        assert f'<a href="#{name}">' in page.text
        assert f'id="{name}-fault"' in page.text
    assert "&lt;b&gt;stays" in page.text
    assert 'value="page-1"' in page.text
    assert await measures.every("/v1/responses") == []
    mended = await send(measures, path)
    assert mended.status_code == 200


@ON_ONE_DATABASE
async def test_whoever_is_too_young_is_told_so_and_nothing_is_kept(measures: Caller) -> None:
    _, path = await asked(measures)
    page = await send(measures, path, age_band="13_15")
    assert (page.status_code, PAGE["wrong_age"] in page.text) == (422, True)
    assert await measures.every("/v1/responses") == []


@ON_ONE_DATABASE
async def test_a_link_is_over_when_it_is_revoked_expired_used_up_or_its_wave_is(measures: Caller) -> None:
    survey, wave = await opened(measures)
    for said, over in (({"most": 1}, "used"), ({"expires_on": day(2)}, "expired"), ({}, "revoked")):
        link, path = await linked(measures, survey, wave, **said)
        assert (await send(measures, path)).status_code == 200
        if over == "revoked":
            revoked = await at(measures, f"/v1/surveys/{survey}/links/{link}/revoke", tag='"1"')
            assert revoked.json()["revoked_at"]
        with clock.frozen(clock.now() + timedelta(days=3 if over == "expired" else 0)):
            page = await measures.client.get(path)
            assert (page.status_code, PAGE["closed"] in page.text) == (410, True), over
            assert (await send(measures, path, once="again")).status_code == 410
    _, path = await linked(measures, survey, wave)
    with clock.frozen(clock.now() + timedelta(days=31)):
        assert (await measures.client.get(path)).status_code == 410
    _, later = await linked(measures, survey, await waved(measures, survey, 5, 9))
    page = await measures.client.get(later)
    assert (page.status_code, PAGE["not_yet"] in page.text) == (410, True)
    assert len(await measures.every("/v1/responses")) == 3


@ON_ONE_DATABASE
async def test_a_guessed_address_leads_nowhere_and_in_another_movement_none_does(
    measures: Caller, other: Caller
) -> None:
    survey, path = await asked(measures)
    for caller, wrong in ((measures, path[:-1]), (measures, f"{path}x"), (other, path)):
        for page in (await caller.client.get(wrong), await send(caller, wrong)):
            assert (page.status_code, "leads to no questionnaire" in page.text) == (404, True)
    shown = await measures.every(f"/v1/surveys/{survey}/links")
    assert not any(path.rpartition("/")[2] in str(each) for each in shown)


@ON_ONE_DATABASE
async def test_a_link_is_of_a_wave_and_a_place_that_are_there(measures: Caller) -> None:
    survey, _ = await opened(measures)
    body: Json = {"wave": new_id("wave"), "name": "Poster", "place": "E07000099", "most": 1}
    status, problem = await measures.refused(f"/v1/surveys/{survey}/links", body)
    assert (status, faults(problem)) == (422, {"/wave": "unknown_wave", "/place": "unknown_place"})


@ON_ONE_DATABASE
async def test_the_page_is_in_each_language_of_the_survey(measures: Caller) -> None:
    words = {key: {"wording": f"{key}؟", "choices": {"low": "أقل", "high": "أكثر"}} for key in ("ons4_happiness",)}
    arabic: Json = ENGLISH | {"title": "كيف حالك؟", "page": {name: f"ع {text}" for name, text in PAGE.items()}}
    draft = await drafted(measures)
    for question in (await measures.get(f"/v1/surveys/{draft}"))["questions"]:
        labels = ("low", "high", "yes", "no", *ONS_CHOICES)
        words[question] = {"wording": f"{question}؟", "choices": {label: f"ع {label}" for label in labels}}
    _, path = await asked(measures, texts={"en": ENGLISH, "ar": arabic | {"questions": words}})
    page = await measures.client.get(path, params={"lang": "ar"})
    assert '<html lang="ar" dir="rtl">' in page.text
    assert "ons4_happiness؟" in page.text
    assert '<a href="?lang=en"' in page.text
    assert '<html lang="en" dir="ltr">' in (await measures.client.get(path, params={"lang": "xx"})).text
    assert (await send(measures, path, lang="ar")).status_code == 200
    assert (await measures.every("/v1/responses"))[0]["language"] == "ar"


ONS_CHOICES = ("often_or_always", "some_of_the_time", "occasionally", "hardly_ever", "never")


@ON_ONE_DATABASE
async def test_every_kind_of_question_and_what_is_asked_beside_them_is_taken(measures: Caller) -> None:
    asks = [
        {"question": {"key": "groups", "kind": "several", "choices": ["choir", "garden", "walks"]}},
        {"question": {"key": "miles", "kind": "number", "high": 100}},
    ]
    questions = {
        "groups": {"wording": "Which?", "choices": {"choir": "Choir", "garden": "Garden", "walks": "Walks"}},
        "miles": {"wording": "How far?"},
    }
    survey, path = await asked(
        measures, asks=asks, texts={"en": ENGLISH | {"questions": questions}}, paired=True, proxies=True
    )
    page = await measures.client.get(path)
    assert "age_band" not in page.text  # no instrument asks
    assert all(f'name="{name}"' in page.text for name in ("answered_for", "code", "q.groups", "q.miles"))
    filled: dict[str, str | list[str]] = {
        "answered_for": "carer",
        "code": "Mi07e",
        "q.groups": ["choir", "walks"],
        "q.miles": "2,5",
    }
    assert (await send(measures, path, **filled)).status_code == 200
    (response,) = await measures.every("/v1/responses", survey=survey)
    assert response["answers"] == {"groups": ["choir", "walks"], "miles": 2.5}
    assert (response["answered_for"], response["paired"]) == ("carer", True)
    for field, wrong in (("q.miles", "far"), ("q.miles", "nan"), ("q.groups", "opera"), ("code", "é")):
        assert (await send(measures, path, **{"once": "2", field: wrong})).status_code == 422, wrong


@pytest.mark.parametrize("body", [b"\xff=1", b"q.words=a%00b", b"&".join([b"a=b"] * 1001)])
@ON_ONE_DATABASE
async def test_what_no_page_sends_is_refused(measures: Caller, body: bytes) -> None:
    _, path = await asked(measures, asks=SURVEY["asks"])
    assert (await measures.client.post(path, content=body)).status_code == 400


async def test_the_invitation_of_one_person_is_not_joined_to_what_they_answer(measures: Caller) -> None:
    survey, wave = await opened(measures)
    link, path = await linked(measures, survey, wave, most=1)
    for _ in range(2):  # sent twice, as by a second press of the button
        thanked = await send(measures, path)
        assert (thanked.status_code, "Thank you." in thanked.text) == (200, True)
    assert (await send(measures, path, once="another")).status_code == 410
    (response,) = await measures.every("/v1/responses")
    assert (response["link"], response["mode"]) == (None, "link")
    shown = await measures.get(f"/v1/surveys/{survey}/links/{link}")
    assert (shown["taken"], shown["updated_at"]) == (1, shown["created_at"])
