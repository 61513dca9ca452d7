"""Attendance: kept apart from booking, unknown apart from absent, counted for the ladder, and corrected."""

from datetime import timedelta

import pytest

from shared import clock
from shared.ids import new_id
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.engagement.gatherings.steps import book, edit, published

AFTER = clock.now() + timedelta(days=2)
"""When a slot that began tomorrow is over."""


@pytest.fixture
async def walk(members: Caller) -> tuple[str, str]:
    """The ids of a walk and of its slot."""
    return await published(members)


async def came(members: Caller, walk: tuple[str, str], **said: object) -> Json:
    """Say once the walk is over that somebody came."""
    with clock.frozen(AFTER):
        path = f"/v1/gatherings/{walk[0]}/attendances"
        return await members.post(path, {"slot": walk[1], **said})


async def did(members: Caller, person: str) -> list[str]:
    """The kinds of what a person did and what was not voided."""
    rows = await members.every("/v1/activities", person=person)
    return [row["kind"] for row in rows if row["voided_at"] is None]


async def turnout(members: Caller, walk: tuple[str, str]) -> Json:
    return await members.get(f"/v1/gatherings/{walk[0]}/slots/{walk[1]}/turnout")


@ON_ONE_DATABASE
async def test_coming_is_an_activity_of_that_day_and_takes_people_up_the_ladder(
    members: Caller, walk: tuple[str, str]
) -> None:
    booking = await book(members, *walk, companions=[{"kind": "child", "people": 2}])
    said = await came(members, walk, person=booking["person"])
    assert (said["booking"], said["people"], said["status"]) == (booking["id"], 3, "attended")
    (activity,) = await members.every("/v1/activities", person=booking["person"])
    slot = await members.get(f"/v1/gatherings/{walk[0]}/slots/{walk[1]}")
    assert (activity["id"], activity["kind"], activity["on"]) == (said["activity"], "attended", slot["starts"][:10])
    with clock.frozen(AFTER):
        assert (await members.ladder(booking["person"]))["rung"] == "follower"
    ((kind, payload),) = await members.published(said["id"])
    assert (kind, payload["status"], payload["people"]) == ("attendance.recorded", "attended", 3)


@ON_ONE_DATABASE
@pytest.mark.parametrize(("role", "kind"), [("participant", "attended"), ("leader", "led"), ("host", "hosted")])
async def test_who_leads_or_hosts_did_that(members: Caller, walk: tuple[str, str], role: str, kind: str) -> None:
    person = await members.person()
    await came(members, walk, person=person, role=role)
    assert await did(members, person) == [kind]


async def test_what_nobody_has_said_is_unknown_and_not_absent(members: Caller, walk: tuple[str, str]) -> None:
    here, away, unsaid = [await book(members, *walk) for _ in range(3)]
    await came(members, walk, person=here["person"])
    await came(members, walk, person=away["person"], status="absent")
    register = await members.every(f"/v1/gatherings/{walk[0]}/slots/{walk[1]}/register", limit=1)
    found = {line["person"]: line["status"] for line in register}
    assert found == {here["person"]: "attended", away["person"]: "absent", unsaid["person"]: "unknown"}
    counted = await turnout(members, walk)
    assert (counted["attended"], counted["absent"], counted["unknown"]) == (1, 1, 1)
    assert await did(members, away["person"]) == []


async def test_walk_ins_are_known_new_or_nameless(members: Caller, walk: tuple[str, str]) -> None:
    person = await members.person()
    known = await came(members, walk, person=person)
    new = await came(members, walk, sign_up={"person": {"given_name": "Grace"}}, people=2)
    crowd = await came(members, walk, nameless=12)
    assert (known["booking"], new["booking"], crowd["person"]) == (None, None, None)
    assert (await members.get(f"/v1/people/{new['person']}"))["given_name"] == "Grace"
    assert await did(members, new["person"]) == ["attended"]
    counted = await turnout(members, walk)
    assert (counted["attended"], counted["attended_without_booking"], counted["attended_without_name"]) == (15, 15, 12)


@ON_ONE_DATABASE
async def test_nobody_came_to_what_has_not_begun_or_does_not_take_place(members: Caller, walk: tuple[str, str]) -> None:
    gathering, slot = walk
    body = {"slot": slot, "person": await members.person()}
    path = f"/v1/gatherings/{gathering}/attendances"
    status, problem = await members.refused(path, body)
    assert (status, problem["code"]) == (409, "not_begun")
    await edit(members, f"/v1/gatherings/{gathering}/slots/{slot}/cancel")
    with clock.frozen(AFTER):
        assert (await members.refused(path, body))[1]["code"] == "slot_cancelled"
        await edit(members, f"/v1/gatherings/{gathering}/cancel", {})
        assert (await members.refused(path, body))[1]["code"] == "gathering_cancelled"
    assert (await members.get(path))["data"] == []


@ON_ONE_DATABASE
async def test_the_same_again_is_the_same_and_something_else_is_a_correction(
    members: Caller, walk: tuple[str, str]
) -> None:
    person = await members.person()
    first = await came(members, walk, person=person)
    assert await came(members, walk, person=person) == first
    assert await did(members, person) == ["attended"]
    with clock.frozen(AFTER):
        path = f"/v1/gatherings/{walk[0]}/attendances"
        status, problem = await members.refused(path, {"slot": walk[1], "person": person, "status": "absent"})
    assert (status, problem["code"], problem["attendance"]) == (409, "attendance_recorded", first["id"])


async def test_a_correction_voids_what_counted_and_counts_what_is_true(members: Caller, walk: tuple[str, str]) -> None:
    person = await members.person()
    said = await came(members, walk, person=person)
    path = f"/v1/attendances/{said['id']}"
    with clock.frozen(AFTER):
        absent = await edit(members, path, {"status": "absent"}, method="PATCH", tag='"1"')
        assert (absent["activity"], await did(members, person)) == (None, [])
        assert (await members.ladder(person))["rung"] == "observer"
        await edit(members, path, {"status": "attended", "role": "leader"}, method="PATCH", tag='"2"')
        assert await did(members, person) == ["led"]
        counted = await edit(members, path, {"people": 4}, method="PATCH")
        assert (counted["people"], counted["version"]) == (4, 4)
        await edit(members, path, {"status": "absent"}, method="PATCH", tag='"1"', status=412)
    assert await did(members, person) == ["led"]
    kinds = [kind for kind, _ in await members.published(said["id"])]
    assert kinds == ["attendance.recorded"] + ["attendance.corrected"] * 3


async def test_a_register_is_taken_whole_or_not_at_all(members: Caller, walk: tuple[str, str]) -> None:
    ada, eve = await members.person("Ada"), await members.person("Eve")
    path = f"/v1/gatherings/{walk[0]}/attendances"
    wrong = [
        {"slot": walk[1], "person": ada},
        {"slot": walk[1], "person": new_id("person")},
        {"slot": walk[1], "sign_up": {"person": {"given_name": "Grace"}}},
    ]
    with clock.frozen(AFTER):
        status, problem = await members.refused(path, wrong)
        assert (status, faults(problem)) == (422, {"/1/person": "unknown_person"})
        stray = {"person": {"given_name": "Grace"}, "brought_by": {"person": new_id("person")}}
        unknown = await members.refused(path, [{"slot": walk[1], "person": ada}, {"slot": walk[1], "sign_up": stray}])
        assert faults(unknown[1]) == {"/1/sign_up/brought_by/person": "unknown_person"}
        twice = [{"slot": walk[1], "person": ada}, {"slot": walk[1], "person": ada}]
        assert faults((await members.refused(path, twice))[1]) == {"/1/person": "repeated"}
        assert (await members.get(path))["data"] == []
        assert len((await members.get("/v1/people"))["data"]) == 2
        both = [{"slot": walk[1], "person": ada}, {"slot": walk[1], "person": eve, "status": "unknown"}]
        assert [row["status"] for row in (await members.post(path, both))["data"]] == ["attended", "unknown"]
        said = await members.post(path, {"slot": walk[1], "person": eve})
    assert (said["status"], said["version"]) == ("attended", 2)
    listed = await members.every("/v1/attendances", person=ada)
    assert [row["person"] for row in listed] == [ada]


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    "said",
    [
        {},
        {"nameless": 3, "person": new_id("person")},
        {"nameless": 3, "status": "absent"},
        {"nameless": 3, "role": "leader"},
        {"nameless": 0},
        {"sign_up": {"person": {"given_name": "Grace"}}, "status": "unknown"},
    ],
)
async def test_what_is_said_of_nobody_or_of_two_is_refused(members: Caller, said: Json) -> None:
    body = {"slot": new_id("slot"), **said}
    status, _ = await members.refused(f"/v1/gatherings/{new_id('gathering')}/attendances", body)
    assert status == 422


@ON_ONE_DATABASE
async def test_heads_are_counted_beside_the_names(members: Caller, walk: tuple[str, str]) -> None:
    await came(members, walk, person=await members.person())
    with clock.frozen(AFTER):
        slot = f"/v1/gatherings/{walk[0]}/slots/{walk[1]}"
        await edit(members, slot, {"head_count": {"people": 30, "bound": "≥"}}, method="PATCH")
    counted = await turnout(members, walk)
    assert (counted["attended"], counted["head_count"]) == (1, {"people": 30, "bound": "≥"})
