"""Composed reads: what each section is, what comes of one that is missing, and who is given what."""

import json
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, get_args

import msgspec
import pytest

from services.gateway.composed import functions, profiles
from services.gateway.composed.asking import Ask
from services.gateway.composed.lastly import LastAnswers
from services.gateway.composed.power import POWER
from services.gateway.composed.schemas import Kind
from services.gateway.composed.searching import SEARCHED, search_for
from services.gateway.openapi import FILE
from services.members.community.programmes.models import Function
from shared import clock
from shared.auth import service_principal
from shared.ids import new_id
from tests.gateway.running import Caller, Gateway

ON_ONE = pytest.mark.parametrize("gateway_url", ["sqlite"], indirect=True)
PLACE = "/v1/places/E07000080/profile"


async def sections(caller: Caller, path: str, **options: Any) -> dict[str, Any]:
    """The sections of a composed read."""
    answer = await caller.get(path, **options)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["sections"]
    return found


@pytest.mark.parametrize(
    ("path", "noun", "subject", "asks"),
    [
        ("/v1/people/{}/profile", "person", "person_01j5x3m0e8f7v9q2k4t6w8y0ab", profiles.PERSON),
        ("/v1/organisations/{}/profile", "organisation", "org_01j5x3m0e8f7v9q2k4t6w8y0ab", profiles.ORGANISATION),
        ("/v1/places/{}/profile", "place", "E07000080", profiles.PLACE),
        ("/v1/awards/{}/impact", "award", "award_01j5x3m0e8f7v9q2k4t6w8y0ab", profiles.IMPACT),
    ],
)
@ON_ONE
async def test_a_profile_is_what_each_of_its_routes_answers_to_the_caller(
    gateway: Gateway, path: str, noun: str, subject: str, asks: Mapping[str, Ask]
) -> None:
    for service, standin in gateway.standins.items():
        standin.body = f'{{"from":"{service}"}}'.encode()
    answer = await gateway.platform.get(path.format(subject))
    assert (answer.status_code, answer.json()[noun]) == (200, subject)
    found = answer.json()["sections"]
    assert list(found) == list(asks)
    for name, asked in asks.items():
        section = found[name]
        assert (section["status"], section["source"], section["stale"]) == ("ok", asked.service, False)
        assert section["content"] == {"from": asked.service}
    put = {(each.path, each.query) for standin in gateway.standins.values() for each in standin.asked}
    assert put == {
        (asked.path.replace("{id}", subject), asked.query.replace("{id}", subject)) for asked in asks.values()
    }


def test_every_section_asks_a_route_that_there_is_by_parameters_that_it_knows() -> None:
    paths = json.loads(FILE.read_text())["paths"]
    searched = search_for("x", frozenset(SEARCHED), 10)
    composed = (
        profiles.PERSON,
        profiles.ORGANISATION,
        profiles.PLACE,
        profiles.IMPACT,
        functions.ASKS,
        POWER,
        searched,
    )
    for asked in (each for asks in composed for each in asks.values()):
        route = next(template for template in paths if _fits(template, asked.path))
        known = {each.get("name") for each in paths[route]["get"].get("parameters", ())}
        assert {pair.partition("=")[0] for pair in asked.query.split("&") if pair} <= known, asked


def _fits(template: str, path: str) -> bool:
    ours, theirs = path.split("/"), template.split("/")
    return len(ours) == len(theirs) and all(
        one == other or (one == "{id}" and other.startswith("{")) for one, other in zip(ours, theirs, strict=True)
    )


@pytest.mark.parametrize(("status", "answered"), [(404, 404), (422, 404), (403, 403)])
@ON_ONE
async def test_without_what_it_is_about_there_is_no_profile(gateway: Gateway, status: int, answered: int) -> None:
    gateway.standins["measures"].status = status
    assert (await gateway.platform.get(PLACE)).status_code == answered


@ON_ONE
async def test_while_a_service_is_away_what_it_answered_last_stands_in_and_says_so(gateway: Gateway) -> None:
    gateway.standins["measures"].body = b'{"known":1}'
    before = (await sections(gateway.platform, PLACE))["scorecard"]
    gateway.standins["measures"].status = 500
    after = await sections(gateway.platform, PLACE)
    assert after["scorecard"] == {
        "status": "unavailable",
        "source": "measures",
        "as_of": before["as_of"],
        "stale": True,
        "reason": "measures answered 500",
        "content": {"known": 1},
    }
    stories = after["stories"]  # they are people's
    assert (stories["content"], stories["stale"], stories["as_of"]) == (None, False, None)
    refused = await gateway.platform.get(PLACE, params={"require": "scorecard"})
    assert (refused.status_code, refused.json()["code"]) == (503, "section_missing")


@ON_ONE
async def test_nobody_else_is_given_what_was_answered_last(gateway: Gateway) -> None:
    there, here = await gateway.other_movement(), gateway.platform.carrying(backbone_movement="we-can-move")
    await sections(here, PLACE)
    gateway.standins["measures"].status = 500
    assert (await sections(here, PLACE))["scorecard"]["stale"]
    key = await gateway.key("places:read", by=here)
    for caller in (there, key):
        found = (await sections(caller, PLACE))["scorecard"]
        assert (found["stale"], found["content"]) == (False, None)


def test_what_was_answered_too_long_ago_stands_in_for_nothing() -> None:
    key = (service_principal("gateway", "movement_1"), "measures", "/v1/measures", "")
    for longest, there in ((timedelta(minutes=5), True), (timedelta(minutes=-1), False)):
        lastly = LastAnswers(longest)
        lastly.note(key, msgspec.Raw(b"{}"), clock.now())
        assert (lastly.found(key) is not None) is there
    lastly = LastAnswers(timedelta(minutes=5))
    lastly.note(key, msgspec.Raw(b"{}"), clock.now())
    lastly.note(key, msgspec.Raw(b" " * 70_000), clock.now())
    assert lastly.found(key) is None


@ON_ONE
async def test_a_service_that_hangs_is_left_out_in_time(gateway: Gateway) -> None:
    gateway.standins["measures"].hangs = True
    began = time.monotonic()
    found = await sections(gateway.platform, f"/v1/organisations/{new_id('org')}/profile")
    assert time.monotonic() - began < 6
    assert (found["organisation"]["status"], found["adoptions"]["status"]) == ("ok", "timed_out")


@pytest.mark.parametrize("path", [PLACE, "/v1/overview"])
@ON_ONE
async def test_whoever_has_the_same_already_is_told_so(gateway: Gateway, path: str) -> None:
    first = await gateway.platform.get(path)
    tag = first.headers["etag"]
    again = await gateway.platform.get(path, headers={"if-none-match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    gateway.standins["measures"].body = b'{"news":true}'
    news = await gateway.platform.get(path, headers={"if-none-match": tag})
    assert (news.status_code, news.headers["etag"] != tag) == (200, True)


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        (f"{PLACE}?require=moon", 422, "invalid"),
        ("/v1/people/jo/profile", 422, "invalid"),
        ("/v1/places/Stroud/profile", 422, "invalid"),
        ("/v1/measures/x/profile", 404, "not_found"),
    ],
)
@ON_ONE
async def test_what_cannot_be_composed_is_refused(gateway: Gateway, path: str, status: int, code: str) -> None:
    answer = await gateway.platform.get(path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@ON_ONE
async def test_it_takes_the_scope_of_what_it_is_about(gateway: Gateway) -> None:
    assert (await (await gateway.key("people:read")).get(PLACE)).status_code == 403
    assert (await (await gateway.key("places:read")).get(PLACE)).status_code == 200


@ON_ONE
async def test_a_search_asks_for_the_words_in_all_kinds_of_things_or_in_those_wanted(gateway: Gateway) -> None:
    assert get_args(Kind) == tuple(SEARCHED)
    found = await sections(gateway.platform, "/v1/search", params={"q": "Größe & more/less", "limit": 3})
    assert tuple(found) == tuple(SEARCHED)
    assert {each.query.partition("&kind")[0] for each in gateway.standins["members"].asked} == {
        "q=Gr%C3%B6%C3%9Fe%20%26%20more%2Fless&limit=3"
    }
    assert tuple(await sections(gateway.platform, "/v1/search", params={"q": "x", "kind": "awards"})) == ("awards",)
    for refused in ({}, {"q": ""}, {"q": "!"}, {"q": "x", "kind": "moon"}, {"q": "x", "limit": "51"}):
        assert (await gateway.platform.get("/v1/search", params=refused)).status_code == 422


@ON_ONE
async def test_a_section_of_a_search_that_the_caller_may_not_read_says_so(gateway: Gateway) -> None:
    gateway.standins["grants"].status = 403
    key = await gateway.key("people:read")
    found = await sections(key, "/v1/search", params={"q": "walk"})
    assert (found["people"]["status"], found["awards"]["status"]) == ("ok", "unavailable")
    assert found["awards"]["reason"] == "this credential may not read it"


@ON_ONE
async def test_every_function_has_its_programmes_and_what_else_is_alive_under_it(gateway: Gateway) -> None:
    found = await sections(gateway.platform, "/v1/backbone/functions")
    assert {name.partition(".")[0] for name in found} == {each.value for each in Function}
    assert {f"{each.value}.programmes" for each in Function} <= set(found)
    gateway.standins["grants"].status = 500
    away = await sections(gateway.platform, "/v1/backbone/functions")
    assert (away["mobilise_funding.rounds"]["stale"], away["build_public_will.ladder"]["stale"]) == (True, False)
