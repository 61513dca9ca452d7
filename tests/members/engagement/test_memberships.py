"""Who belongs: people and organisations, each with a membership of its own, that pauses, ends and begins again."""

from datetime import UTC, datetime, timedelta

import pytest

from shared import clock
from shared.ids import new_id
from shared.testing.caller import Json, faults, json_of
from tests.members.caller import Caller

TODAY = clock.now().date()


async def membership_of(members: Caller, person: str) -> Json:
    (found,) = (await members.get("/v1/memberships", person=person))["data"]
    return dict(found)


async def turned(members: Caller, membership: Json, status: int = 200, **changes: object) -> Json:
    """Change a membership at the version that it has."""
    tag = {"if-match": f'"{membership["version"]}"'}
    path = f"/v1/memberships/{membership['id']}"
    return json_of(await members.client.patch(path, json=changes, headers=tag), status)


async def known(members: Caller, name: str = "Eve") -> str:
    """The id of somebody who is known and no member."""
    basis = {"source": "paper_list", "basis": "legitimate_interests"}
    made = await members.post("/v1/people", {"person": {"given_name": name}, "provenance": basis}, status=None)
    return str(made["id"])


async def test_somebody_pauses_and_comes_back_where_they_were(members: Caller) -> None:
    ada = await members.person()
    await members.did(ada, TODAY)
    paused = await turned(members, await membership_of(members, ada), state="paused")
    assert (paused["state"], paused["rung"]) == ("paused", "follower")
    again = await turned(members, paused, state="active")
    turns = (await members.get(f"/v1/memberships/{again['id']}/turns"))["data"]
    assert [(turn["from_state"], turn["to_state"]) for turn in turns] == [("active", "paused"), ("paused", "active")]
    states = [p["to_state"] for t, p in await members.published(ada) if t == "membership.state_changed"]
    assert states == ["paused", "active"]


async def test_whoever_left_has_no_rung_and_begins_again_when_they_come_back(members: Caller) -> None:
    ada = await members.person()
    await members.did(ada, TODAY)
    left = await turned(members, await membership_of(members, ada), state="left")
    assert (left["state"], left["rung"]) == ("left", None)
    assert set((await members.funnel()).values()) == {0}
    await members.did(ada, TODAY - timedelta(days=1), TODAY - timedelta(days=2))
    assert (await members.ladder(ada))["rung"] is None
    back = await turned(members, await membership_of(members, ada), state="active")
    assert back["rung"] == "active_participant", "what they did still counts"
    assert [p for t, p in await members.published(ada) if t == "membership.rung_removed"]


async def test_an_edit_needs_the_version_that_was_read(members: Caller, other: Caller) -> None:
    membership = await membership_of(members, await members.person())
    path = f"/v1/memberships/{membership['id']}"
    assert (await members.refused(path, {"state": "paused"}, method="PATCH"))[0] == 428
    assert (await turned(members, {**membership, "version": 9}, 412, state="paused"))["status"] == 412
    assert (await other.refused(path, method="GET"))[0] == 404
    read = await members.client.get(path)
    assert read.headers["etag"] == f'"{membership["version"]}"'


@pytest.mark.parametrize("state", ["quiet", "invited", "gone"])
async def test_nobody_is_called_quiet_or_invited_again_by_hand(members: Caller, state: str) -> None:
    membership = await membership_of(members, await members.person())
    refused = await turned(members, membership, 422, state=state)
    assert refused["errors"][0]["reason"] == "Input should be 'active', 'paused' or 'left'"


async def test_who_is_known_is_invited_and_joins_when_they_say_yes(members: Caller) -> None:
    eve, ada = await known(members), await members.person()
    invited = await members.post("/v1/memberships", {"person": eve, "state": "invited", "brought_by": ada})
    assert (invited["state"], invited["rung"], invited["joined_at"]) == ("invited", None, None)
    await members.did(eve, TODAY)
    assert (await members.ladder(eve))["rung"] is None, "who was invited does not belong yet"
    again = await members.refused("/v1/memberships", {"person": eve})
    assert (again[0], again[1]["code"], again[1]["membership"]) == (409, "already_a_member", invited["id"])
    joined = await turned(members, await membership_of(members, eve), state="active")
    assert joined["rung"] == "follower"
    events = dict(await members.published(eve))
    assert events["membership.joined"]["brought_by"] == ada


async def test_who_brought_somebody_is_corrected_and_the_credit_goes_with_it(members: Caller) -> None:
    ada, joan = await members.person("Ada"), await members.person("Joan")
    ben = (await members.sign_up("Ben", brought_by={"person": ada}))["person"]
    assert [(await members.ladder(one))["rung"] for one in (ada, joan)] == ["follower", "observer"]
    corrected = await turned(members, await membership_of(members, ben), brought_by=joan)
    assert corrected["brought_by"] == joan
    assert [(await members.ladder(one))["rung"] for one in (ada, joan)] == ["observer", "follower"]
    assert [one["person"] for one in (await members.get("/v1/memberships", brought_by=joan))["data"]] == [ben]
    themself = await turned(members, await membership_of(members, ben), 422, brought_by=ben)
    assert faults(themself) == {"/brought_by": "brought_themself"}


async def test_an_organisation_has_a_membership_of_its_own_and_no_rung(members: Caller) -> None:
    choir = (await members.post("/v1/organisations", {"name": "Choir"}))["id"]
    ada = await members.person()
    made = await members.post("/v1/memberships", {"organisation": choir, "state": "invited"})
    joined = await turned(members, made, state="active")
    assert (joined["organisation"], joined["person"], joined["rung"]) == (choir, None, None)
    await members.did(ada, TODAY, organisation=choir)
    assert await members.get(f"/v1/memberships/{made['id']}") == joined, "what its people do is theirs"
    assert sum((await members.funnel()).values()) == 1
    states = [p["to_state"] for t, p in await members.published(choir) if t.startswith("organisation_membership")]
    assert states == ["invited", "active"]


async def test_a_membership_of_nobody_or_of_strangers_is_refused(members: Caller, other: Caller) -> None:
    stranger, ada = await other.person(), await members.person()
    for body, found in (
        ({}, {"": "of_one"}),
        ({"person": stranger}, {"/person": "unknown_person"}),
        ({"organisation": new_id("org")}, {"/organisation": "unknown_organisation"}),
        ({"person": ada, "brought_by": stranger}, {"/brought_by": "unknown_person"}),
    ):
        status, problem = await members.refused("/v1/memberships", body)
        assert (status, faults(problem)) == (422, found)


async def test_memberships_that_changed_since_are_listed(members: Caller) -> None:
    with clock.frozen(datetime(2026, 5, 1, 12, tzinfo=UTC)):
        await members.person("Early")
    with clock.frozen(datetime(2026, 5, 2, 12, tzinfo=UTC)):
        late = await members.person("Late")
    found = (await members.get("/v1/memberships", updated_since="2026-05-02T00:00:00Z"))["data"]
    assert [one["person"] for one in found] == [late]
    assert (await members.get("/v1/memberships", state="left"))["data"] == []
