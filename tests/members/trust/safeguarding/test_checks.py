"""Checks: only what a role may lawfully ask is taken, and nobody takes on what asks for one without it."""

from datetime import timedelta

import pytest

from shared import clock
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.community.cases import SELF, opened
from tests.members.community.mapped import published
from tests.members.engagement.gatherings.steps import edit
from tests.members.engagement.gatherings.steps import published as gathering_published

TODAY = clock.now().date()
HOST = {
    "acts": ["host", "volunteer"],
    "asks": "basic",
    "at_most": "basic",
    "eligibility": "Meets newcomers alone.",
    "source": "Police Act 1997, section 112",
    "renew_days": 1095,
}


async def checked(lead: Caller, person: str, **other: object) -> Json:
    return await lead.post("/v1/checks", _check(person, **other))


def _check(person: str, **other: object) -> Json:
    seen = {"issued_on": TODAY.isoformat(), "seen_on": TODAY.isoformat(), "number": "001234567890"}
    return {"person": person, "role": "community_host", "jurisdiction": "england", "level": "basic", **seen, **other}


async def ask(lead: Caller, role: str = "community_host", jurisdiction: str = "england", **other: object) -> Json:
    """Have a role ask for a check from now on."""
    return await edit(lead, f"/v1/checks/roles/{role}/{jurisdiction}", HOST | other, method="PUT")


async def test_a_check_says_that_it_was_seen_and_is_due_again_by_its_role(members: Caller, lead: Caller) -> None:
    ada = await members.person("Ada")
    made = await checked(lead, ada)
    assert made["review_on"] == (TODAY + timedelta(days=1095)).isoformat()
    assert "in the open" in made["eligibility"]
    assert (await lead.get("/v1/checks", person=ada))["data"] == [made]
    assert (await lead.get("/v1/checks", due_by=TODAY.isoformat()))["data"] == []
    sooner = {"review_on": TODAY.isoformat()}
    changed = await edit(lead, f"/v1/checks/{made['id']}", sooner, method="PATCH", tag='"1"')
    assert (await lead.get("/v1/checks", due_by=TODAY.isoformat()))["data"] == [changed]
    ended = await lead.post(f"/v1/checks/{made['id']}/end", status=200)
    assert ended["ended_on"] == TODAY.isoformat()


@pytest.mark.parametrize(
    ("said", "pointer", "code"),
    [
        ({"level": "enhanced"}, "/level", "not_eligible"),
        ({"level": "pvg"}, "/level", "other_jurisdiction"),
        ({"jurisdiction": "scotland", "level": "basic"}, "/level", "other_jurisdiction"),
        ({"jurisdiction": "scotland", "level": "pvg"}, "/level", "not_eligible"),
        ({"role": "astronaut"}, "/role", "unknown_role"),
        ({"issued_on": "2999-01-01", "seen_on": "2999-01-02"}, "/issued_on", "in_the_future"),
        ({"seen_on": "2001-01-01"}, "/seen_on", "before_issued"),
    ],
)
@ON_ONE_DATABASE
async def test_a_check_that_the_role_may_not_ask_for_is_refused_and_nothing_kept(
    members: Caller, lead: Caller, said: Json, pointer: str, code: str
) -> None:
    status, problem = await lead.refused("/v1/checks", _check(await members.person(), **said))
    assert (status, faults(problem)[pointer]) == (422, code)
    assert (await lead.get("/v1/checks"))["data"] == []


@ON_ONE_DATABASE
async def test_a_role_asks_for_no_more_than_it_may(lead: Caller) -> None:
    path = "/v1/checks/roles/community_host/wales"
    for said, pointer, code in (
        ({"asks": "enhanced"}, "/asks", "not_eligible"),
        ({"at_most": None}, "/asks", "not_eligible"),
        ({"at_most": "level_2"}, "/at_most", "other_jurisdiction"),
    ):
        answered = await lead.client.put(path, json=HOST | said, headers={"If-Match": "*"})
        assert (answered.status_code, faults(answered.json())) == (422, {pointer: code})
    made = await ask(lead, jurisdiction="wales")
    assert made["version"] == 1
    listed = (await lead.get("/v1/checks/roles"))["data"]
    assert made in listed
    assert len({(each["role"], each["jurisdiction"]) for each in listed}) == len(listed) == 20


async def test_nobody_is_made_a_host_without_what_the_role_asks(members: Caller, lead: Caller) -> None:
    case, host = await opened(members), await members.person("Hester")
    introduction = await case.permit((await published(members))["id"])
    await ask(lead)
    refused = await case.refused(introduction, "introduce", {"host": host})
    assert (refused[0], refused[1]["code"]) == (409, "not_available")
    await checked(lead, host, review_on=TODAY.isoformat())
    assert (await case.refused(introduction, "introduce", {"host": host}))[1]["code"] == "not_available"
    await checked(lead, host)
    made = await members.post(f"{case.path}/introductions/{introduction}/introduce", {"host": host}, status=200)
    assert made["state"] == "introduced"


@ON_ONE_DATABASE
async def test_who_is_introduced_as_a_volunteer_has_what_the_role_asks(members: Caller, lead: Caller) -> None:
    case, host = await opened(members), await members.person("Hester")
    asset = (await published(members))["id"]
    permitted = {"asset": asset, "permission": SELF, "as_volunteer": True}
    made = await members.post(f"{case.path}/introductions", permitted)
    introduction = made["introductions"][0]["id"]
    await ask(lead, acts=["volunteer"])
    assert (await case.refused(introduction, "introduce", {"host": host}))[1]["code"] == "not_available"
    await checked(lead, case.client)
    made = await members.post(f"{case.path}/introductions/{introduction}/introduce", {"host": host}, status=200)
    assert made["state"] == "introduced"


@ON_ONE_DATABASE
async def test_nobody_leads_a_gathering_without_what_the_role_asks_in_any_jurisdiction(
    members: Caller, lead: Caller
) -> None:
    ada = await members.person("Ada")
    path = f"/v1/gatherings/{(await gathering_published(members))[0]}/safety"
    await ask(lead, "walk_leader", acts=["leader"])
    await ask(lead, "walk_leader", "scotland", acts=["leader"], asks="level_1", at_most="level_1")
    refused = await edit(members, path, {"leader": ada}, method="PATCH", status=409)
    assert refused["code"] == "not_available"
    await edit(members, path, {"deputy": ada}, method="PATCH")
    await checked(lead, ada, role="walk_leader", jurisdiction="scotland", level="level_1")
    led = await edit(members, path, {"leader": ada, "deputy": None}, method="PATCH")
    assert led["leader"] == ada
