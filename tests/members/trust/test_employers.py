"""No employer sees by name whether its own staff came, what they did or what they answered, on whichever route."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI

from shared import clock
from shared.needs import scopes
from shared.secrets import Secrets
from shared.testing.caller import Json
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.engagement.gatherings.steps import book, published

GUARDED = {"activities", "attendances", "bookings", "ladder", "pictures", "segments"}
"""The resources whose routes tell of attendance and answers. A new route of theirs is swept like all others."""
AFTER = clock.now() + timedelta(days=2)


@pytest.fixture
async def trust(members: Caller) -> str:
    """A hospital trust."""
    return await members.organisation("Royal Free London")


@pytest.fixture
async def porter(members: Caller, trust: str) -> Json:
    """Somebody who works in a ward of the trust, and everything by which it shows that they came: ids by path part."""
    ward = (await members.post("/v1/organisations", {"name": "Ward 7", "parent": trust}))["id"]
    person = await members.person("Perrin")
    await members.post("/v1/affiliations", {"person": person, "organisation": ward, "role": "porter"})
    gathering, slot = await published(members)
    booking = (await book(members, gathering, slot, person))["id"]
    uses = {"person": person, "uses": ["website"], "allowed": True}
    await members.post(f"/v1/gatherings/{gathering}/picture-permissions", uses)
    with clock.frozen(AFTER):
        came = await members.post(f"/v1/gatherings/{gathering}/attendances", {"slot": slot, "person": person})
        asked = {"person": person, "what": "Lead a walk.", "due_on": (AFTER + timedelta(days=7)).date().isoformat()}
        ask = (await members.post("/v1/ladder/asks", asked))["id"]
    took_part = {"activities": {"kinds": ["attended"]}}
    segment = (await members.post("/v1/segments", {"name": "Walkers", "filter": took_part}))["id"]
    return {
        "person": person, "gathering": gathering, "slot": slot, "booking": booking, "attendance": came["id"],
        "activity": came["activity"], "ask": ask, "segment": segment,
    }  # fmt: skip


@pytest.fixture
async def employer(app: FastAPI, vouching: Secrets, members: Caller, trust: str) -> AsyncIterator[Caller]:
    """A key of the trust."""
    async with Caller(app, vouching, members.movement, organisation=trust) as caller:
        yield caller


@pytest.fixture
async def neighbour(app: FastAPI, vouching: Secrets, members: Caller) -> AsyncIterator[Caller]:
    """A key of an organisation that the person does not belong to."""
    async with Caller(app, vouching, members.movement, organisation=await members.organisation("Choir")) as caller:
        yield caller


async def swept(caller: Caller, porter: Json) -> dict[str, httpx.Response]:
    """What every route answers that tells of attendance and answers, by path."""
    answers = {}
    for route, scope in scopes(caller.app).items():
        method, path = route.split()
        wanted = set(re.findall(r"{(\w+)}", path))
        if method == "GET" and (scope or "").partition(":")[0] in GUARDED | {"people"} and wanted <= porter.keys():
            with clock.frozen(AFTER):
                answers[path] = await caller.client.get(path.format(**porter))
    return answers


async def test_no_route_names_an_employers_own_staff_to_it(employer: Caller, neighbour: Caller, porter: Json) -> None:
    shown = {path for path, answer in (await swept(neighbour, porter)).items() if porter["person"] in answer.text}
    tells = {path for path in shown if not path.startswith(("/v1/people", "/v1/directory"))}
    assert {"/v1/attendances", "/v1/bookings", "/v1/activities", "/v1/ladder/asks"} <= tells
    assert "/v1/segments/{segment}/people" in tells
    for path, answer in (await swept(employer, porter)).items():
        if path in tells:
            assert porter["person"] not in answer.text, path
            assert answer.status_code == 200 or answer.json()["code"] == "own_staff", path
    about = ("/v1/people/{person}/ladder", "/v1/attendances/{attendance}", "/v1/bookings/{booking}/calendar")
    for path in about:
        assert (await employer.client.get(path.format(**porter))).json()["code"] == "own_staff", path


@ON_ONE_DATABASE
async def test_an_employer_edits_nothing_by_which_it_would_see_its_own_staff(employer: Caller, porter: Json) -> None:
    for method, path, body in (
        ("PATCH", "/v1/attendances/{attendance}", {"people": 2}),
        ("POST", "/v1/bookings/{booking}/cancel", None),
        ("POST", "/v1/activities/{activity}/void", {"reason": "A mistake."}),
    ):
        asked = employer.client.request(method, path.format(**porter), json=body, headers={"If-Match": "*"})
        answer = await asked
        assert (answer.status_code, answer.json()["code"]) == (403, "own_staff"), path


@ON_ONE_DATABASE
async def test_the_timeline_of_ones_own_staff_says_nothing_of_what_they_came_to(
    employer: Caller, neighbour: Caller, porter: Json
) -> None:
    async def kinds(caller: Caller) -> set[str]:
        return {each["kind"] for each in await caller.every(f"/v1/people/{porter['person']}/timeline")}

    told = await kinds(neighbour)
    assert {"activity.done", "attendance.recorded"} & told
    assert not {kind for kind in await kinds(employer) if kind.startswith(("activity", "attendance", "booking"))}


async def test_numbers_stay_whole_and_whoever_has_left_is_staff_no_more(
    members: Caller, employer: Caller, porter: Json
) -> None:
    path = f"/v1/gatherings/{porter['gathering']}/slots/{porter['slot']}/turnout"
    assert (await employer.get(path))["attended"] == 1
    (place,) = await members.every("/v1/affiliations", person=porter["person"])
    yesterday = (clock.now() - timedelta(days=2)).date()
    edit = {"started_on": "2020-01-01", "ended_on": yesterday.isoformat()}
    answered = await members.client.patch(f"/v1/affiliations/{place['id']}", json=edit, headers={"If-Match": "*"})
    assert answered.status_code == 200
    assert len((await employer.get("/v1/attendances"))["data"]) == 1


@ON_ONE_DATABASE
async def test_a_caller_without_an_organisation_is_nobodys_employer(members: Caller, porter: Json) -> None:
    assert [row["person"] for row in (await members.get("/v1/attendances"))["data"]] == [porter["person"]]
