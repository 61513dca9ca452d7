"""Recording activities: one, or a list that is recorded whole or not at all."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from shared import clock
from shared.ids import new_id
from shared.testing.caller import faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller

TODAY = clock.now().date()


async def test_an_activity_is_recorded_announced_and_listed(members: Caller) -> None:
    ada, eve = await members.person("Ada"), await members.person("Eve")
    organisation = (await members.post("/v1/organisations", {"name": "Walkers"}))["id"]
    said = {"person": ada, "kind": "walk", "on": TODAY.isoformat(), "counterpart": eve, "organisation": organisation}
    made = await members.post("/v1/activities", said)
    assert {name: made[name] for name in said} == said
    assert (await members.get("/v1/activities"))["data"] == [made]
    recorded = dict(await members.published(ada))["activity.recorded"]
    assert recorded == {"person": ada, "activity": made["id"], "kind": "walk"}


async def test_a_list_is_recorded_in_its_order(members: Caller) -> None:
    people = [await members.person(f"P{number}") for number in range(3)]
    said = [{"person": people[number % 3], "kind": f"kind_{number}", "on": TODAY.isoformat()} for number in range(12)]
    made = (await members.post("/v1/activities", said))["data"]
    assert [one["kind"] for one in made] == [one["kind"] for one in said]
    assert sorted((await members.get("/v1/activities"))["data"], key=lambda one: str(one["id"])) == sorted(
        made, key=lambda one: str(one["id"])
    )
    assert len((await members.get("/v1/activities", person=people[0]))["data"]) == 4
    assert len((await members.get("/v1/activities", kind="kind_5"))["data"]) == 1


async def test_a_list_of_500_is_recorded_and_everybody_in_it_climbs(members: Caller) -> None:
    people = [await members.person(f"P{number}") for number in range(50)]
    said = [{"person": people[number % 50], "kind": "walk", "on": TODAY.isoformat()} for number in range(500)]
    assert len((await members.post("/v1/activities", said))["data"]) == 500
    assert (await members.funnel())["follower"] == 50


async def test_every_fault_of_a_list_is_named_and_nothing_is_recorded(members: Caller) -> None:
    ada = await members.person("Ada")
    right = {"person": ada, "kind": "walk", "on": TODAY.isoformat()}
    tomorrow = (TODAY + timedelta(days=2)).isoformat()
    said = [
        right,
        {**right, "person": new_id("person")},
        {**right, "on": tomorrow, "counterpart": ada},
        {**right, "counterpart": new_id("person")},
        {**right, "organisation": new_id("org")},
    ]
    status, problem = await members.refused("/v1/activities", said)
    assert status == 422
    assert faults(problem) == {
        "/1/person": "unknown_person",
        "/2/counterpart": "own_counterpart",
        "/2/on": "in_the_future",
        "/3/counterpart": "unknown_person",
        "/4/organisation": "unknown_organisation",
    }
    assert (await members.get("/v1/activities"))["data"] == []
    assert "activity.recorded" not in dict(await members.published())


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"person": "person_1"}, "person"),
        ({"kind": "A walk in the park"}, "kind"),
        ({"kind": ""}, "kind"),
        ({"on": "yesterday"}, "on"),
        ({"on": "2026-02-30"}, "on"),
        ({"on": None}, "on"),
        ({"organisation": "acme"}, "organisation"),
        ({"note": "she told me that…"}, "note"),
    ],
)
async def test_a_malformed_activity_is_named_by_its_true_pointer_alone_and_in_a_list(
    members: Caller, changed: dict[str, object], field: str
) -> None:
    right = {"person": await members.person(), "kind": "walk", "on": TODAY.isoformat()}
    status, problem = await members.refused("/v1/activities", {**right, **changed})
    assert (status, list(faults(problem))) == (422, [f"/{field}"])
    status, problem = await members.refused("/v1/activities", [right, {**right, **changed}])
    assert (status, list(faults(problem))) == (422, [f"/1/{field}"])


@ON_ONE_DATABASE
@pytest.mark.parametrize("body", [[], [{}] * 501, "walk", 7, None])
async def test_a_body_that_is_neither_an_activity_nor_a_list_of_1_to_500_is_refused(
    members: Caller, body: object
) -> None:
    assert (await members.refused("/v1/activities", body))[0] == 422


async def test_the_future_begins_at_midnight_in_the_movements_zone(members: Caller) -> None:
    """In British summer time the next day has begun in London while it is still the day before in UTC."""
    ada = await members.person()
    with clock.frozen(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)):
        await members.post("/v1/activities", {"person": ada, "kind": "walk", "on": "2026-07-01"})
        status, _ = await members.refused("/v1/activities", {"person": ada, "kind": "walk", "on": "2026-07-02"})
    assert status == 422


async def test_activities_of_one_person_at_once_are_all_counted(members: Caller) -> None:
    """Two transactions that each see only their own activity must not both conclude that it is not enough."""
    ada = await members.person()
    days = [TODAY - timedelta(days=number) for number in range(3)]
    await asyncio.gather(*(members.did(ada, day) for day in days))
    assert (await members.ladder(ada))["rung"] == "active_participant"


async def test_a_repeated_request_with_its_key_is_recorded_once(members: Caller) -> None:
    body = {"person": await members.person(), "kind": "walk", "on": TODAY.isoformat()}
    for _ in range(2):
        answered = await members.client.post("/v1/activities", json=body, headers={"Idempotency-Key": "k"})
        assert answered.status_code == 201
    assert len((await members.get("/v1/activities"))["data"]) == 1
