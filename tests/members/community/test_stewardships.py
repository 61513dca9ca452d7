"""Who keeps which relationship: offered and accepted, one holder at a time, passed on or kindly ended."""

import asyncio
from datetime import timedelta

from shared.ids import new_id
from shared.secrets import Secrets
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.community.steps import TODAY, accepted, active_circle, edit, held, offered, signed_in_as

TOLD = {"told_us_on": TODAY.isoformat()}


@ON_ONE_DATABASE
async def test_a_relationship_is_somebodys_once_they_accept_it_themselves(members: Caller, vouching: Secrets) -> None:
    ada, joan = await members.person("Ada"), await members.person("Joan")
    stewardship = await offered(members, joan, ada)
    async with signed_in_as(ada, members, vouching) as self:
        mine = await self.post(f"/v1/stewardships/{stewardship}/accept", {}, status=200)
    assert (mine["state"], mine["since"], mine["told_us_on"]) == ("held", TODAY.isoformat(), None)
    assert mine["answered_by"] != mine["offered_by"]
    told = [payload["state"] for _, payload in await members.published(stewardship)]
    assert told == ["offered", "held"]


@ON_ONE_DATABASE
async def test_nobody_answers_for_another_without_saying_when_they_were_told(
    members: Caller, vouching: Secrets
) -> None:
    ada, joan = await members.person("Ada"), await members.person("Joan")
    stewardship = await offered(members, joan, ada)
    async with signed_in_as(joan, members, vouching) as somebody_else:
        for answer in ("accept", "decline"):
            status, problem = await somebody_else.refused(f"/v1/stewardships/{stewardship}/{answer}", {})
            assert (status, problem["code"]) == (403, "not_yours_to_answer")
    assert (await accepted(members, stewardship))["told_us_on"] == TODAY.isoformat()


async def test_there_is_one_holder_and_others_are_seconds(members: Caller) -> None:
    ada, eve, joan = [await members.person(name) for name in ("Ada", "Eve", "Joan")]
    first = await held(members, joan, ada)
    status, problem = await members.refused("/v1/stewardships", {"about": joan, "holder": eve, "why": "Friends."})
    assert (status, problem["code"], problem["stewardship"]) == (409, "has_holder", first)
    second = await held(members, joan, eve, role="second")
    assert (await members.refused("/v1/stewardships", {"about": joan, "holder": eve, "why": "Again."}))[1][
        "code"
    ] == "already_holds"
    kept = await members.every("/v1/stewardships", about=joan, state="held")
    assert [(one["id"], one["role"]) for one in kept] == [(first, "holder"), (second, "second")]


async def test_of_two_who_were_asked_the_first_to_accept_holds_it(members: Caller) -> None:
    ada, eve, joan = [await members.person(name) for name in ("Ada", "Eve", "Joan")]
    both = [await offered(members, joan, ada), await offered(members, joan, eve)]
    answers = await asyncio.gather(*(members.client.post(f"/v1/stewardships/{one}/accept", json=TOLD) for one in both))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert len(await members.every("/v1/stewardships", about=joan, state="held")) == 1


@ON_ONE_DATABASE
async def test_a_holder_who_stays_passes_on_at_the_moment_of_acceptance(members: Caller) -> None:
    ada, eve, circle = await members.person("Ada"), await members.person("Eve"), await active_circle(members)
    before = await held(members, circle, ada)
    after = await offered(members, circle, eve, in_place_of=before)
    assert (await members.get(f"/v1/stewardships/{before}"))["state"] == "held"
    await accepted(members, after)
    passed = await members.get(f"/v1/stewardships/{before}")
    assert (passed["state"], passed["ended_on"]) == ("passed_on", TODAY.isoformat())
    history = await members.every("/v1/stewardships", about=circle)
    assert [one["id"] for one in history] == [before, after]
    status, problem = await members.refused(
        "/v1/stewardships", {"about": circle, "holder": ada, "why": "Back.", "in_place_of": before}
    )
    assert (status, faults(problem)) == (422, {"/in_place_of": "not_held"})


@ON_ONE_DATABASE
async def test_who_declines_or_is_not_asked_any_more_holds_nothing(members: Caller) -> None:
    ada, joan = await members.person("Ada"), await members.person("Joan")
    declined, withdrawn = await offered(members, joan, ada), await offered(members, joan, ada)
    await members.post(f"/v1/stewardships/{declined}/decline", TOLD, status=200)
    await members.post(f"/v1/stewardships/{withdrawn}/withdraw", status=200)
    for one in (declined, withdrawn):
        status, problem = await members.refused(f"/v1/stewardships/{one}/accept", TOLD)
        assert (status, problem["code"]) == (409, "illegal_transition")
    assert await members.every("/v1/stewardships", about=joan, state="held") == []


@ON_ONE_DATABASE
async def test_a_relationship_is_ended_with_a_reason_and_another_may_begin(members: Caller) -> None:
    ada, joan = await members.person("Ada"), await members.person("Joan")
    first = await held(members, joan, ada)
    ended = await members.post(f"/v1/stewardships/{first}/end", {"reason": "Joan asked for it."}, status=200)
    assert (ended["state"], ended["ended_reason"]) == ("ended", "Joan asked for it.")
    await held(members, joan, ada)


@ON_ONE_DATABASE
async def test_a_holder_steps_back_so_that_another_can_step_in(members: Caller) -> None:
    ada, eve, joan = [await members.person(name) for name in ("Ada", "Eve", "Joan")]
    first = await held(members, joan, ada)
    path = f"/v1/stewardships/{first}"
    await edit(members, path, {"role": "second"}, method="PATCH", tag='"2"')
    await held(members, joan, eve)
    refused = await edit(members, path, {"role": "holder"}, method="PATCH", status=409)
    assert refused["code"] == "has_holder"
    await edit(members, path, {"why": "x"}, method="PATCH", tag='"2"', status=412)


@ON_ONE_DATABASE
async def test_naming_a_caretaker_ends_the_one_before_for_the_movement_or_for_that_circle(members: Caller) -> None:
    ada, eve, circle = await members.person("Ada"), await members.person("Eve"), await active_circle(members)
    for person, where in ((ada, None), (ada, circle), (eve, None)):
        said = {"person": person, "circle": where, "agreed_on": TODAY.isoformat()}
        await members.post("/v1/stewardships/caretakers", said)
    now = await members.every("/v1/stewardships/caretakers")
    assert [(one["circle"], one["person"]) for one in now] == [(circle, ada), (None, eve)]
    assert len(await members.every("/v1/stewardships/caretakers", past="true")) == 3


@ON_ONE_DATABASE
async def test_accepting_is_something_that_the_person_did(members: Caller) -> None:
    ada, joan = await members.person("Ada"), await members.person("Joan")
    await held(members, joan, ada)
    (activity,) = (await members.get("/v1/activities", person=ada))["data"]
    assert (activity["kind"], activity["counterpart"]) == ("took_on_relationship", joan)


BAD: list[tuple[Json, dict[str, str]]] = [
    ({"about": "Joan"}, {"/about": "invalid_id"}),
    ({"about": "user_01j5x3m0e8f7v9q2k4t6w8y0ab"}, {"/about": "invalid_id"}),
    ({"about": new_id("circle")}, {"/about": "unknown_about"}),
    ({"about": new_id("org")}, {"/about": "unknown_about"}),
    ({"about": new_id("asset")}, {"/about": "unknown_about"}),
    ({"holder": new_id("person")}, {"/holder": "unknown_person"}),
    ({"why": " "}, {"/why": "string_too_short"}),
    ({"role": "boss"}, {"/role": "enum"}),
    ({"in_place_of": new_id("stewardship")}, {"/in_place_of": "not_held"}),
]
"""What is refused, and by which pointers."""


@ON_ONE_DATABASE
async def test_a_bad_offer_is_refused_by_pointer(members: Caller) -> None:
    for change, wrong in BAD:
        ada, joan = await members.person("Ada"), await members.person("Joan")
        status, problem = await members.refused("/v1/stewardships", {"about": joan, "holder": ada, "why": "x"} | change)
        assert (status, faults(problem)) == (422, wrong)
        assert await members.every("/v1/stewardships") == []


@ON_ONE_DATABASE
async def test_nobody_keeps_the_relationship_with_themself_or_in_the_future(members: Caller) -> None:
    ada, joan = await members.person("Ada"), await members.person("Joan")
    status, problem = await members.refused("/v1/stewardships", {"about": ada, "holder": ada, "why": "x"})
    assert (status, faults(problem)) == (422, {"/holder": "own_holder"})
    stewardship = await offered(members, joan, ada)
    later = (TODAY + timedelta(days=2)).isoformat()
    for said, pointer in (({"told_us_on": later}, "/told_us_on"), (TOLD | {"since": later}, "/since")):
        status, problem = await members.refused(f"/v1/stewardships/{stewardship}/accept", said)
        assert (status, faults(problem)) == (422, {pointer: "in_the_future"})


@ON_ONE_DATABASE
async def test_another_movements_stewardships_are_unknown(members: Caller, other: Caller) -> None:
    ada, joan = await other.person("Ada"), await other.person("Joan")
    stewardship = await held(other, joan, ada)
    assert await members.every("/v1/stewardships") == []
    assert (await members.client.get(f"/v1/stewardships/{stewardship}")).status_code == 404
    for step, body in (("accept", TOLD), ("decline", TOLD), ("withdraw", None), ("end", {"reason": "x"})):
        assert (await members.refused(f"/v1/stewardships/{stewardship}/{step}", body))[0] == 404
    ours = await members.person()
    for body, pointer in (({"about": joan, "holder": ours}, "/about"), ({"about": ours, "holder": ada}, "/holder")):
        status, problem = await members.refused("/v1/stewardships", body | {"why": "x"})
        assert (status, list(faults(problem))) == (422, [pointer])
