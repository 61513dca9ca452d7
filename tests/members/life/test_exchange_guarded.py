"""Whom the exchange does not bring together, shows nobody or is not for; and what becomes of it when somebody goes."""

from fastapi import FastAPI

from shared.secrets import Secrets
from shared.testing.caller import Json
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.community.steps import edit
from tests.members.directory.test_succession import succeed
from tests.members.life.exchanging import HEDGE, listed, matched, state

MATCHES = "/v1/asks/matches"


async def refused_pair(members: Caller, ask: Json, offer: Json) -> None:
    """Neither is suggested to the other, and nobody brings them together; why is not said."""
    for noun, one, other in (("asks", ask, offer), ("offers", offer, ask)):
        answered = await members.client.get(f"/v1/{noun}/{one['id']}/suggestions", params={"most": 20})
        assert other["id"] not in answered.text
    status, problem = await members.refused(MATCHES, {"ask": ask["id"], "offer": offer["id"]})
    assert (status, problem["code"], "detail" in problem) == (409, "not_available", False)
    assert (await members.get(MATCHES, ask=ask["id"]))["data"] == []


@ON_ONE_DATABASE
async def test_who_is_kept_apart_does_not_meet_not_even_through_an_organisation(members: Caller, lead: Caller) -> None:
    ada, eve, hall = await members.person("Ada"), await members.person("Eve"), await members.organisation()
    await members.post("/v1/affiliations", {"person": eve, "organisation": hall})
    asks = [await listed(members, "asks", ada), await listed(members, "asks", hall)]
    offers = [await listed(members, "offers", eve), await listed(members, "offers", hall)]
    offered, match = await listed(members, "offers", ada), await matched(members, asks[0], offers[0])
    await lead.post("/v1/keep-apart", {"person": ada, "other": eve})
    fallen = await members.get(f"{MATCHES}/{match['id']}")
    assert (fallen["state"], fallen["note"], await state(members, asks[0])) == ("fallen_through", None, "open")
    for ask, offer in ((asks[0], offers[0]), (asks[0], offers[1]), (asks[1], offered)):
        await _never(members, ask, offer)


async def _never(members: Caller, ask: Json, offer: Json) -> None:
    pair = {"ask": ask["id"], "offer": offer["id"]}
    assert (await members.refused(MATCHES, pair))[1]["code"] == "not_available"
    found = (await members.get(f"/v1/asks/{ask['id']}/suggestions", most=20))["data"]
    assert offer["id"] not in [each["id"] for each in found]


@ON_ONE_DATABASE
async def test_nobody_who_must_not_be_found_is_brought_together_with_anybody(members: Caller, lead: Caller) -> None:
    ask, offer = await listed(members, "asks", kind="kit"), await listed(members, "offers", kind="kit")
    shy = [await listed(members, noun, await members.person("Shy"), kind="kit") for noun in ("asks", "offers")]
    for each in shy:
        await lead.post("/v1/protected-people", {"person": each["person"], "reason": "A threat."})
    for pair in ((shy[0], offer), (ask, shy[1])):
        body = {"ask": pair[0]["id"], "offer": pair[1]["id"]}
        assert (await members.refused(MATCHES, body))[1]["code"] == "not_available"
    for path in ("/v1/asks", "/v1/offers", f"/v1/asks/{ask['id']}/suggestions"):
        shown = (await members.client.get(path)).text
        assert not [each for each in shy if each["id"] in shown]


@ON_ONE_DATABASE
async def test_nobody_is_brought_together_who_does_not_permit_it(members: Caller) -> None:
    ask, offer = await listed(members, "asks"), await listed(members, "offers")
    no = {"purpose": "exchange", "channel": "in_person", "decision": "refused"}
    await members.post(f"/v1/people/{offer['person']}/permissions", no)
    await refused_pair(members, ask, offer)
    stopped = await listed(members, "asks")
    await members.post(f"/v1/people/{stopped['person']}/stops", {})
    await refused_pair(members, stopped, await listed(members, "offers"))


@ON_ONE_DATABASE
async def test_who_helps_has_what_the_role_asks_and_who_lends_a_tool_needs_none(members: Caller, lead: Caller) -> None:
    rule = {"acts": ["volunteer"], "asks": "basic", "at_most": "basic", "eligibility": "Meets people.",
            "source": "Police Act 1997, section 112", "renew_days": 365}  # fmt: skip
    path = "/v1/checks/roles/group_volunteer/england"
    assert (await lead.client.put(path, json=rule, headers={"If-Match": "*"})).is_success
    await refused_pair(members, await listed(members, "asks"), await listed(members, "offers"))
    kit = [await listed(members, noun, kind="kit") for noun in ("asks", "offers")]
    assert (await matched(members, *kit))["state"] == "made"


@ON_ONE_DATABASE
async def test_asks_and_offers_are_not_for_children(members: Caller) -> None:
    for band, status in (("13_to_15", 409), ("16_to_17", 201)):
        said = {**HEDGE, "person": await members.person("Kim", age_band=band)}
        for noun in ("asks", "offers"):
            answered = await members.client.post(f"/v1/{noun}", json=said)
            assert answered.status_code == status
            assert status == 201 or answered.json()["code"] == "not_for_children"


@ON_ONE_DATABASE
async def test_no_employer_sees_what_its_own_staff_asks_for(app: FastAPI, vouching: Secrets, members: Caller) -> None:
    trust, nurse = await members.organisation("Royal Free"), await members.person("Nora")
    await members.post("/v1/affiliations", {"person": nurse, "organisation": trust})
    ask, others = await listed(members, "asks", nurse), await listed(members, "asks")
    offer = await listed(members, "offers", trust)
    async with Caller(app, vouching, members.movement, organisation=trust) as employer:
        assert [row["id"] for row in (await employer.get("/v1/asks"))["data"]] == [others["id"]]
        for path in (f"asks/{ask['id']}", f"asks/{ask['id']}/suggestions"):
            assert (await employer.client.get(f"/v1/{path}")).status_code == 404
        found = (await employer.get(f"/v1/offers/{offer['id']}/suggestions"))["data"]
        assert [each["id"] for each in found] == [others["id"]]
        assert ask["id"] not in str(await employer.get(f"/v1/people/{nurse}/timeline"))


@ON_ONE_DATABASE
async def test_of_two_records_of_one_person_neither_owes_the_other_time(members: Caller) -> None:
    ask, offer = await listed(members, "asks"), await listed(members, "offers")
    match = await matched(members, ask, offer)
    await members.post(f"/v1/asks/matches/{match['id']}/done", {}, status=200)
    await members.post(f"/v1/people/{ask['person']}/merge", {"merged": offer["person"]}, status=200)
    status, problem = await members.refused(f"/v1/asks/matches/{match['id']}/settle", {"minutes": 5, "what": "x"})
    assert (status, problem["errors"][0]["code"]) == (422, "same_side")
    assert [row["id"] for row in (await members.get("/v1/offers", person=offer["person"]))["data"]] == [offer["id"]]


@ON_ONE_DATABASE
async def test_what_an_organisation_asks_and_offers_passes_on_or_is_withdrawn_and_comes_back(members: Caller) -> None:
    old, new = await members.organisation("Old"), await members.organisation("New")
    open_one, ask = await listed(members, "offers", old), await listed(members, "asks", old)
    match = await matched(members, ask, await listed(members, "offers", new))
    done = await succeed(members, old, {"organisation": new, "takes": ["asks_and_offers"]})
    assert done["passed_on"] == {"asks_and_offers": 2}
    assert (await members.get(f"{MATCHES}/{match['id']}"))["state"] == "fallen_through"
    assert [row["organisation"] for row in (await members.get("/v1/asks"))["data"]] == [new]
    await edit(members, f"/v1/organisations/{old}/succession", method="DELETE")
    assert (await members.get(f"/v1/offers/{open_one['id']}"))["organisation"] == old
    assert (await succeed(members, old))["ended"] == {"asks_and_offers": 2}
    assert [await state(members, each) for each in (open_one, ask)] == ["withdrawn", "withdrawn"]
    await edit(members, f"/v1/organisations/{old}/succession", method="DELETE")
    assert [await state(members, each) for each in (open_one, ask)] == ["open", "open"]
