"""The veil: what names a protected person is not there, whichever route it is; and nobody else is hidden by it."""

import httpx
import pytest
from fastapi import FastAPI

from shared import clock
from shared.ids import new_id
from shared.needs import scopes
from shared.secrets import Secrets
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.community.steps import active_circle, held, tie
from tests.members.engagement.gatherings.steps import book, published
from tests.members.trust.safeguarding.test_protected import protect

TODAY = clock.now().date()
POSTCODE = "GL14 2AB"


async def seen(caller: Caller, path: str, **asked: str) -> httpx.Response:
    return await caller.client.get(path, params=asked)


async def test_a_protected_persons_record_is_not_there_and_is_again_once_it_is_ended(
    members: Caller, lead: Caller
) -> None:
    ada = await members.person("Ada", postcode=POSTCODE)
    path = f"/v1/people/{ada}"
    protection = await protect(lead, ada)
    for asked in (path, f"{path}/timeline", f"{path}/ladder", f"{path}/permissions"):
        assert (await seen(members, asked)).status_code == 404
    edited = await members.client.patch(path, json={"postcode": "GL1 1AA"}, headers={"If-Match": "*"})
    assert edited.status_code == 404
    assert (await members.get("/v1/people", q="ada"))["data"] == []
    await lead.post(f"/v1/protected-people/{protection}/end", status=200)
    assert (await members.get(path))["postcode"] == POSTCODE


async def test_safeguarding_and_they_themselves_see_them(
    app: FastAPI, vouching: Secrets, members: Caller, lead: Caller
) -> None:
    ada = await members.person("Ada")
    await protect(lead, ada)
    reading = frozenset({"people:read"})
    sees_all = reading | {"safeguarding:read"}
    async with (
        Caller(app, vouching, members.movement, sees_all, user=new_id("user")) as deputy,
        Caller(app, vouching, members.movement, reading, user=new_id("user"), person=ada) as herself,
        Caller(app, vouching, members.movement, reading, user=new_id("user")) as another,
    ):
        answers = [(await seen(each, f"/v1/people/{ada}")).status_code for each in (deputy, herself, another)]
    assert answers == [200, 200, 404]


async def test_a_row_that_mentions_them_is_left_out_of_a_list_and_the_others_stay(
    members: Caller, lead: Caller
) -> None:
    ada, eve = await members.person("Ada"), await members.person("Eve")
    gathering, slot = await published(members)
    hers = (await book(members, gathering, slot, person=ada))["id"]
    others = (await book(members, gathering, slot, person=eve))["id"]
    await protect(lead, ada)
    path = f"/v1/gatherings/{gathering}"
    for listed in ("/v1/bookings", f"{path}/bookings", f"{path}/slots/{slot}/register"):
        found = (await members.get(listed))["data"]
        assert [each["person"] for each in found] == [eve], listed
    for asked in (f"/v1/bookings/{hers}", f"/v1/bookings/{hers}/calendar"):
        assert (await seen(members, asked)).status_code == 404
    assert (await seen(members, f"/v1/bookings/{others}")).status_code == 200


async def test_a_change_that_would_show_them_is_made_and_answers_nothing(members: Caller, lead: Caller) -> None:
    ada = await members.person("Ada")
    gathering, slot = await published(members)
    booking = (await book(members, gathering, slot, person=ada))["id"]
    await protect(lead, ada)
    answered = await members.client.post(f"/v1/bookings/{booking}/cancel", headers={"If-Match": "*"})
    assert (answered.status_code, answered.content, answered.headers.get("etag")) == (204, b"", None)


async def test_who_merged_with_a_protected_person_is_hidden_under_every_id(members: Caller, lead: Caller) -> None:
    ada, twin = await members.person("Ada"), await members.person("Ada")
    await protect(lead, ada)
    await lead.client.get("/v1/protected-people")
    merged = await members.client.post(f"/v1/people/{twin}/merge", json={"merged": ada})
    assert merged.status_code == 204
    for path in (f"/v1/people/{ada}", f"/v1/people/{twin}"):
        assert (await seen(members, path)).status_code == 404


@pytest.mark.parametrize("feed", ["/open/{0}/openactive/sessions", "/open/{0}/referral/services"])
@ON_ONE_DATABASE
async def test_open_feeds_are_answered_as_before(members: Caller, lead: Caller, feed: str) -> None:
    await protect(lead, await members.person())
    assert (await seen(members, feed.format(members.movement))).status_code in (200, 403)


@ON_ONE_DATABASE
async def test_no_route_that_reads_says_anything_of_a_protected_person(
    app: FastAPI, members: Caller, lead: Caller
) -> None:
    ada, eve = await members.person("Zebedee", postcode=POSTCODE), await members.person("Eve")
    await plant(members, ada, eve)
    await protect(lead, ada)
    asked = 0
    for route in scopes(app):
        method, path = route.split()
        if method != "GET" or "{" in path.replace("{person}", ""):
            continue
        answer = await members.client.get(
            path.replace("{person}", ada), params={"person": ada} if "{" not in path else {}
        )
        if answer.status_code == 422:
            answer = await members.client.get(path)
        for told in (ada, "Zebedee", POSTCODE):
            assert told not in answer.text, f"{path} shows {told}: {answer.text[:500]}"
        asked += 1
    assert asked > 50


async def plant(members: Caller, ada: str, eve: str) -> None:
    """Let somebody be wherever people are."""
    gathering, slot = await published(members)
    await book(members, gathering, slot, person=ada)
    await members.did(ada, TODAY)
    walkers = await members.organisation()
    await members.post("/v1/affiliations", {"person": ada, "organisation": walkers})
    await members.post("/v1/pledges", {"person": ada, "text": "Walk."})
    await members.post("/v1/nominations", {"giver": eve, "nominee": ada})
    await members.post("/v1/connections", {"person": await members.person("May"), "connector": ada})
    circle = await active_circle(members)
    await members.post(f"/v1/circles/{circle}/members", {"person": ada, "role": "chair", "from": TODAY.isoformat()})
    await tie(members, ada, eve)
    await held(members, eve, ada)
    await members.post("/v1/calendars", {"person": ada})
    await members.post("/v1/assets", {"kind": "personal_skill", "title": "Sewing", "person": ada})
