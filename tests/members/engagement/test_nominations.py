"""Nominations of champions: by other people, for a time, and none moves a rung by itself."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI

from services.members.engagement import due
from services.members.engagement.nominations.models import LIFECYCLE, Nomination, NominationState
from shared import clock
from shared.ids import new_id
from shared.lifecycle import IllegalTransition
from shared.testing.caller import Json, faults
from tests.members.caller import Caller

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


async def nominated(members: Caller, giver: str, nominee: str, **other: object) -> Json:
    return await members.post("/v1/nominations", {"giver": giver, "nominee": nominee, **other})


async def acted(members: Caller, nomination: Json, act: str) -> Json:
    return await members.post(f"/v1/nominations/{nomination['id']}/{act}", status=200)


async def affirmed(members: Caller, person: str) -> Json:
    return await members.get(f"/v1/people/{person}/nominations")


async def test_somebody_is_affirmed_by_others_answers_and_stands_where_they_stood(members: Caller) -> None:
    ada, eve, joan = [await members.person(name) for name in ("Ada", "Eve", "Joan")]
    stood = await members.ladder(joan)
    first = await nominated(members, ada, joan, words="She walks with everybody.")
    await nominated(members, eve, joan)
    accepted = await acted(members, first, "accept")
    assert (accepted["state"], accepted["words"]) == ("accepted", "She walks with everybody.")
    shown = await affirmed(members, joan)
    assert (shown["affirmed_by"], [one["giver"] for one in shown["nominations"]]) == (2, [ada, eve])
    assert (await members.ladder(joan))["rung"] == stood["rung"]
    assert (await members.get("/v1/activities", person=ada))["data"] == []
    assert await members.published(first["id"]) == [
        ("nomination.given", {"nomination": first["id"], "nominee": joan}),
        ("nomination.accepted", {"nomination": first["id"], "nominee": joan}),
    ]


async def test_what_is_declined_or_withdrawn_no_longer_counts_and_can_be_given_anew(members: Caller) -> None:
    ada, joan = await members.person("Ada"), await members.person("Joan")
    for act in ("withdraw", "decline"):
        ended = await acted(members, await nominated(members, ada, joan), act)
        assert ended["ended_at"] is not None
        assert (await affirmed(members, joan))["affirmed_by"] == 0
        status, problem = await members.refused(f"/v1/nominations/{ended['id']}/accept")
        assert (status, problem["code"]) == (409, "illegal_transition")


async def test_nobody_affirms_themself_and_nobody_twice_at_once(members: Caller) -> None:
    ada, joan = await members.person("Ada"), await members.person("Joan")
    status, problem = await members.refused("/v1/nominations", {"giver": ada, "nominee": ada})
    assert (status, faults(problem)) == (422, {"/giver": "own_nomination"})
    body = {"giver": ada, "nominee": joan}
    answers = await asyncio.gather(*(members.client.post("/v1/nominations", json=body) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"already_given"}
    unknown = {"giver": new_id("person"), "nominee": new_id("person")}
    status, problem = await members.refused("/v1/nominations", unknown)
    assert (status, faults(problem)) == (422, {"/giver": "unknown_person", "/nominee": "unknown_person"})


async def test_children_are_not_nominated_and_neither_is_who_objects(members: Caller) -> None:
    ada, child = await members.person("Ada"), await members.person("Kim", age_band="13_to_15")
    status, problem = await members.refused("/v1/nominations", {"giver": ada, "nominee": child})
    assert (status, problem["code"]) == (409, "not_nominated")
    joan = await members.person("Joan")
    standing = await nominated(members, ada, joan)
    answered = await members.client.put(f"/v1/people/{joan}/ladder/objection")
    assert answered.is_success, answered.text
    assert (await members.get(f"/v1/nominations/{standing['id']}"))["state"] == "withdrawn"
    status, problem = await members.refused("/v1/nominations", {"giver": ada, "nominee": joan})
    assert (status, problem["code"]) == (409, "not_nominated")


async def test_a_nomination_expires_after_its_last_day_and_can_be_given_again(members: Caller, app: FastAPI) -> None:
    ada, joan = await members.person("Ada"), await members.person("Joan")
    with clock.frozen(NOON):
        given = await nominated(members, ada, joan)
    assert given["expires_on"] == "2027-05-01"
    with clock.frozen(datetime(2027, 5, 1, 12, tzinfo=UTC)):
        await due.look(app.state.parts)
        assert (await affirmed(members, joan))["affirmed_by"] == 1
    with clock.frozen(NOON + timedelta(days=366)):
        assert (await affirmed(members, joan))["affirmed_by"] == 0
        await due.look(app.state.parts)
        assert (await members.get(f"/v1/nominations/{given['id']}"))["state"] == "expired"
        await nominated(members, ada, joan)
    assert [kind for kind, _ in await members.published(given["id"])] == ["nomination.given", "nomination.expired"]


async def test_a_nomination_outlives_its_giver_and_not_that_it_was_they(members: Caller) -> None:
    ada, eve, joan = [await members.person(name) for name in ("Ada", "Eve", "Joan")]
    given = await nominated(members, ada, joan, words="As her neighbour I know.")
    await nominated(members, eve, joan)
    membership = f"/v1/memberships/{(await members.get(f'/v1/people/{ada}'))['membership']['id']}"
    left = await members.client.patch(membership, json={"state": "left"}, headers={"If-Match": "*"})
    assert left.status_code == 200, left.text
    shown = await members.get(f"/v1/nominations/{given['id']}")
    assert (shown["giver"], shown["words"], shown["state"]) == (None, None, "given")
    assert (await affirmed(members, joan))["affirmed_by"] == 2
    assert (await acted(members, given, "accept"))["state"] == "accepted"


async def test_people_who_turn_out_to_be_one_are_counted_once_and_answer_by_either_id(members: Caller) -> None:
    ada, adah, joan = [await members.person(name) for name in ("Ada", "Adah", "Joan")]
    for giver in (ada, adah):
        await nominated(members, giver, joan)
    await nominated(members, joan, ada)
    await members.post(f"/v1/people/{ada}/merge", {"merged": adah}, status=200)
    assert (await affirmed(members, joan))["affirmed_by"] == 1
    assert (await affirmed(members, adah))["affirmed_by"] == 1
    assert len((await members.get("/v1/nominations", giver=adah))["data"]) == 2
    status, problem = await members.refused("/v1/nominations", {"giver": adah, "nominee": ada})
    assert (status, faults(problem)) == (422, {"/giver": "own_nomination"})
    status, problem = await members.refused("/v1/nominations", {"giver": adah, "nominee": joan})
    assert (status, problem["code"]) == (409, "already_given")
    pledge = await members.post("/v1/pledges", {"person": adah, "text": "I will walk."})
    assert (pledge["person"], (await members.get("/v1/pledges", person=adah))["data"]) == (ada, [pledge])


@pytest.mark.parametrize("state", list(NominationState))
def test_only_what_stands_is_answered_withdrawn_or_expires(state: NominationState) -> None:
    for step, target in (
        (Nomination.accept, NominationState.ACCEPTED),
        (Nomination.decline, NominationState.DECLINED),
        (Nomination.withdraw, NominationState.WITHDRAWN),
        (Nomination.expire, NominationState.EXPIRED),
    ):
        nomination = Nomination(state=state, version=1)
        if state in LIFECYCLE.before(target):
            step(nomination, NOON)
            assert (nomination.state, nomination.version) == (target, 2)
        else:
            with pytest.raises(IllegalTransition):
                step(nomination, NOON)
