"""The ladder's rules as data: drafted, activated, and refused where nobody could climb by them."""

import asyncio
from datetime import timedelta

import pytest

from services.members.engagement.ladder import runs, versions
from shared import clock
from shared.db import Context, Session
from shared.ids import new_id
from shared.testing.caller import Json, faults
from shared.testing.eventually import eventually
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller

TODAY = clock.now().date()


def rules(**changed: list[Json]) -> Json:
    """A policy that is climbed by walking."""
    asked = {
        "follower": [{"kinds": ["walk"], "activities": 1}],
        "active_participant": [{"kinds": ["walk"], "distinct_days": 2}],
        "champion": [{"kinds": ["walk"], "distinct_days": 3}],
        "co_owner": [{"kinds": ["walk"], "distinct_days": 4}],
    }
    return {"rules": {**asked, **changed}}


async def activated(members: Caller, policy: Json) -> Json:
    drafted = await members.post("/v1/ladder/policies", policy)
    return await members.post(f"/v1/ladder/policies/{drafted['id']}/activate", status=200)


async def test_a_movement_starts_with_the_five_rung_policy_at_its_first_sign_up(members: Caller) -> None:
    await members.person()
    (first,) = (await members.get("/v1/ladder/policies"))["data"]
    assert (first["version"], first["state"]) == (1, "active")
    assert list(first["rules"]) == ["follower", "active_participant", "champion", "co_owner"]
    assert first["rules"]["follower"][0]["in_words"] == "took part once"
    assert await members.published(first["id"]) == [("ladder_policy.activated", {"policy": first["id"], "version": 1})]


async def test_many_first_sign_ups_at_once_start_one_policy(members: Caller) -> None:
    await asyncio.gather(*(members.person(f"P{number}") for number in range(8)))
    assert len((await members.get("/v1/ladder/policies"))["data"]) == 1
    assert [type_ for type_, _ in await members.published()].count("ladder_policy.activated") == 1


async def test_a_draft_changes_nothing_until_it_is_activated(members: Caller) -> None:
    drafted = await members.post("/v1/ladder/policies", rules())
    assert (drafted["version"], drafted["state"], drafted["activated_at"]) == (2, "draft", None)
    assert drafted["rules"]["follower"][0]["kinds"] == ["walk"]
    person = await members.person()
    await members.did(person, TODAY, kind="choir")
    ladder = await members.ladder(person)
    assert (ladder["rung"], ladder["policy"]["version"]) == ("follower", 1)


async def test_one_policy_is_active_and_a_retired_one_stays_readable(members: Caller) -> None:
    await activated(members, rules())
    again = await activated(members, rules(follower=[{"activities": 1}]))
    versions = (await members.get("/v1/ladder/policies"))["data"]
    assert [version["state"] for version in versions] == ["retired", "retired", "active"]
    assert dict(await members.published(again["id"])) == {
        "ladder_policy.activated": {"policy": again["id"], "version": 3}
    }


async def test_only_a_draft_is_activated(members: Caller) -> None:
    active = await activated(members, rules())
    first = (await members.get("/v1/ladder/policies"))["data"][0]
    for policy, state in ((active, "active"), (first, "retired")):
        status, problem = await members.refused(f"/v1/ladder/policies/{policy['id']}/activate")
        assert (status, problem["code"], problem["state"]) == (409, "policy_not_a_draft", state)
    assert [v["state"] for v in (await members.get("/v1/ladder/policies"))["data"]] == ["retired", "active"]


async def test_an_unknown_policy_is_404(members: Caller) -> None:
    assert (await members.refused(f"/v1/ladder/policies/{new_id('policy')}/activate"))[0] == 404


async def test_drafts_written_at_once_take_numbers_of_their_own(members: Caller) -> None:
    drafts = await asyncio.gather(*(members.post("/v1/ladder/policies", rules()) for _ in range(6)))
    assert sorted(draft["version"] for draft in drafts) == [2, 3, 4, 5, 6, 7]


async def test_drafts_activated_at_once_leave_one_active(members: Caller) -> None:
    drafts = [await members.post("/v1/ladder/policies", rules()) for _ in range(4)]
    paths = [f"/v1/ladder/policies/{draft['id']}/activate" for draft in drafts]
    answers = await asyncio.gather(*(members.client.post(path) for path in paths))
    assert {answered.status_code for answered in answers} == {200}
    states = [version["state"] for version in (await members.get("/v1/ladder/policies"))["data"]]
    assert states.count("active") == 1


async def test_an_active_policy_decides_by_its_own_kinds_days_people_and_windows(members: Caller) -> None:
    await activated(
        members,
        rules(
            active_participant=[{"kinds": ["walk"], "activities": 4, "distinct_days": 2, "within_days": 30}],
            champion=[{"distinct_counterparts": 2}],
        ),
    )
    ada, eve, joan = [await members.person(name) for name in ("Ada", "Eve", "Joan")]
    await members.did(ada, TODAY, kind="choir")
    assert (await members.ladder(ada))["rung"] == "observer"
    await members.did(ada, TODAY, TODAY, TODAY)
    assert (await members.ladder(ada))["rung"] == "follower"
    await members.did(ada, TODAY - timedelta(days=30))
    assert (await members.ladder(ada))["rung"] == "follower"
    await members.did(ada, TODAY - timedelta(days=29), counterpart=eve)
    ladder = await members.ladder(ada)
    assert (ladder["rung"], ladder["policy"]["version"], ladder["eligible_for"]) == ("active_participant", 2, None)
    await members.did(ada, TODAY, kind="choir", counterpart=joan)
    assert (await members.ladder(ada))["eligible_for"] == "champion"


async def test_a_new_policy_takes_everybody_up_in_the_background_and_nobody_down(members: Caller) -> None:
    easier = rules(follower=[{"kinds": ["choir"], "activities": 1}], active_participant=[{"activities": 2}])
    sang = [await members.person(f"Singer {number}") for number in range(3)]
    idle = await members.person("Idle")
    for person in sang:
        await members.did(person, TODAY, TODAY, kind="choir")
    policy = await activated(members, easier)

    async def reviewed() -> bool:
        return (await members.funnel())["active_participant"] == 3

    await eventually(reviewed)
    change = (await members.ladder(sang[0]))["history"][-1]
    assert (change["cause"], change["policy"]["id"]) == ("policy", policy["id"])
    assert (await members.ladder(idle))["rung"] == "observer"

    await activated(members, rules(follower=[{"kinds": ["swim"], "activities": 1}]))
    await members.did(sang[0], TODAY, kind="swim")
    assert (await members.ladder(sang[0]))["rung"] == "active_participant"


async def test_the_review_goes_slice_by_slice_and_misses_nobody(members: Caller) -> None:
    for number in range(4):
        await members.did(await members.person(f"P{number}"), TODAY, TODAY, kind="choir")
    easier = rules(follower=[{"activities": 1}], active_participant=[{"activities": 2}])
    drafted = await members.post("/v1/ladder/policies", easier)

    def activate_and_go_on(session: Session) -> list[bool]:
        """In one transaction, so that the service's own work cannot come between."""
        versions.activate(session, members.movement, drafted["id"])
        return [runs.go_on(session, members.movement, slice_of=2) for _ in range(4)]

    db = members.app.state.parts.db.on_behalf(Context(movement=members.movement, actor="test"))
    assert await db.write(activate_and_go_on) == [True, True, True, False]
    assert (await members.funnel())["active_participant"] == 4


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"follower": [{"kinds": ["walk"]}]}, {"/rules/follower/0": "asks_for_nothing"}),
        (
            {"champion": [{"distinct_days": 8, "within_days": 7}]},
            {"/rules/champion/0/distinct_days": "more_days_than_the_window"},
        ),
        (
            {"co_owner": [{"kinds": ["walk"], "distinct_days": 2}, {"activities": 50}]},
            {"/rules/co_owner/0": "weaker_than_below"},
        ),
        (
            {"champion": [{"kinds": ["walk"], "distinct_days": 2}]},
            {"/rules/champion": "adds_nothing"},
        ),
        (
            {"champion": [{"activities": 2}]},
            {"/rules/champion/0": "weaker_than_below", "/rules/champion": "adds_nothing"},
        ),
        (
            {"follower": [{"activities": 1}, {"within_days": 3}], "co_owner": [{"distinct_days": 3, "within_days": 2}]},
            {"/rules/follower/1": "asks_for_nothing", "/rules/co_owner/0/distinct_days": "more_days_than_the_window"},
        ),
    ],
)
async def test_rules_that_nobody_could_climb_by_are_refused_with_every_fault(
    members: Caller, changed: dict[str, list[Json]], found: dict[str, str]
) -> None:
    status, problem = await members.refused("/v1/ladder/policies", rules(**changed))
    assert (status, faults(problem)) == (422, found)
    assert (await members.get("/v1/ladder/policies"))["data"] == []


@ON_ONE_DATABASE
async def test_malformed_rules_are_named_by_their_pointers(members: Caller) -> None:
    policy = {
        "rules": {
            "follower": [],
            "active_participant": [{"activities": 0, "within_days": 4000}],
            "champion": [{"kinds": ["A walk", "walk", "walk"], "points": 5}],
        }
    }
    status, problem = await members.refused("/v1/ladder/policies", policy)
    assert status == 422
    assert set(faults(problem)) == {
        "/rules/follower",
        "/rules/active_participant/0/activities",
        "/rules/active_participant/0/within_days",
        "/rules/champion/0/kinds/0",
        "/rules/champion/0/points",
        "/rules/co_owner",
    }
