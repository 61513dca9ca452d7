"""Somebody leaves: their access ends in that request, and members is told until it has what they held."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from fastapi import FastAPI

from services.gateway.access.users.store import ids_of
from shared import clock
from shared.events.members.merging import PersonMerged, PersonUnmerged
from shared.ids import new_id
from shared.testing.eventually import eventually
from shared.testing.outbox import told
from tests.gateway.log import Log
from tests.gateway.running import Caller, Gateway, Json

ON_ONE_DATABASE = pytest.mark.parametrize("gateway_url", ["sqlite"], indirect=True)
TODAY = clock.now().date()
ANNA = {"email": "anna@example.org", "name": "Anna", "role": "coordinator", "password": "a long enough one"}


async def anna(gateway: Gateway, **more: object) -> tuple[str, Caller]:
    """A user and their session."""
    user = (await gateway.platform.made("/v1/users", ANNA | more))["id"]
    credentials = {"email": ANNA["email"], "password": ANNA["password"]}
    session = await gateway.stranger.made("/v1/sessions", credentials)
    return user, gateway.holding(session["token"])


async def pending(gateway: Gateway, handover: Json) -> Json | None:
    answer: Json | None = (await gateway.platform.get(f"/v1/handovers/{handover['id']}")).json()["pending"]
    return answer


def brought(gateway: Gateway) -> list[tuple[str, str]]:
    """What members was told of handovers: method and path."""
    asked = gateway.standins["members"].asked
    return [(one.method, one.path) for one in asked if one.path.startswith("/internal/")]


async def test_access_ends_in_that_request_and_members_is_told_with_the_gateways_own_token(gateway: Gateway) -> None:
    user, session = await anna(gateway, role="admin")
    key = await gateway.key("people:read", "keys:write", by=session)
    keys_key = await gateway.key("people:read", by=key)
    for caller in (session, key, keys_key):
        assert (await caller.get("/v1/people")).status_code == 200
    answer = await gateway.platform.post("/v1/handovers", {"user": user, "reason": "new_role"})
    assert answer.status_code == 201, answer.text
    for caller in (session, key, keys_key):
        refused = await caller.get("/v1/people")
        assert (refused.status_code, refused.json()["code"]) == (401, "credential_revoked")
    handover = answer.json()
    assert (handover["users"], handover["sessions_ended"], len(handover["keys_ended"])) == ([user], 1, 2)
    assert (handover["state"], handover["pending"]) == ("handed_over", None)
    told_members = gateway.standins["members"].asked[-1]
    assert (told_members.method, told_members.path) == ("PUT", f"/internal/handovers/{handover['id']}")
    assert json.loads(told_members.body) == {
        "person": None, "caretaker": None, "reason": "new_role", "leaving_on": TODAY.isoformat(),
    }  # fmt: skip


async def test_access_ends_although_members_is_down_and_it_is_told_once_it_is_back(gateway: Gateway) -> None:
    user, session = await anna(gateway)
    gateway.standins["members"].status = 503
    answer = await gateway.platform.post("/v1/handovers", {"user": user})
    assert answer.status_code == 202, answer.text
    waiting = answer.json()["pending"]
    assert (waiting["service"], waiting["attempts"], waiting["trouble"]) == ("members", 1, "members_answered_503")
    assert (await session.get("/v1/people")).status_code == 401
    gateway.standins["members"].status = 201
    await eventually(lambda: _handed_over(gateway, answer.json()))
    assert await pending(gateway, answer.json()) is None
    assert set(brought(gateway)) == {("PUT", f"/internal/handovers/{answer.json()['id']}")}


@ON_ONE_DATABASE
async def test_whoever_has_left_leaves_once_and_the_same_request_is_answered_alike(gateway: Gateway) -> None:
    user, _ = await anna(gateway)
    key = {"headers": {"Idempotency-Key": "leaving"}}
    first = await gateway.platform.post("/v1/handovers", {"user": user}, **key)
    replayed = await gateway.platform.post("/v1/handovers", {"user": user}, **key)
    again = await gateway.platform.post("/v1/handovers", {"user": user})
    assert first.json() == replayed.json() == again.json()
    assert replayed.headers["idempotent-replayed"] == "true"
    assert len(brought(gateway)) == 1


@ON_ONE_DATABASE
async def test_a_person_leaves_with_every_account_of_theirs(gateway: Gateway) -> None:
    person = new_id("person")
    user, session = await anna(gateway, person=person)
    answer = await gateway.platform.post("/v1/handovers", {"person": person, "caretaker": new_id("person")})
    assert (answer.json()["users"], answer.json()["person"]) == ([user], person)
    assert (await session.get("/v1/me")).status_code == 401
    assert json.loads(gateway.standins["members"].asked[-1].body)["person"] == person
    nobody = await gateway.platform.post("/v1/handovers", {"person": new_id("person")})
    assert (nobody.status_code, nobody.json()["users"], nobody.json()["sessions_ended"]) == (201, [], 0)


async def test_a_person_who_was_two_leaves_with_the_accounts_of_both(gateway: Gateway) -> None:
    kept, merged, other = new_id("person"), new_id("person"), new_id("person")
    user, session = await anna(gateway, person=merged)
    movement = (await session.get("/v1/me")).json()["movement"]["id"]
    log = Log(gateway.parts.bus)
    await log.publish(movement, PersonMerged(person=merged, into=kept, merge="merge_1"))
    await log.publish(movement, PersonMerged(person=other, into=kept, merge="merge_2"))
    await log.publish(movement, PersonUnmerged(person=other, out_of=kept, merge="merge_2"))

    async def known() -> set[str]:
        ids: set[str] = await gateway.parts.db.read(ids_of, movement, kept)
        return ids

    await eventually(lambda: _is({kept, merged}, known))
    answer = await gateway.platform.post("/v1/handovers", {"person": kept})
    assert (answer.json()["users"], answer.json()["person"]) == ([user], kept)
    assert (await session.get("/v1/me")).status_code == 401


async def test_the_last_admin_cannot_leave_until_there_is_another(gateway: Gateway) -> None:
    admin = await gateway.admin()
    me = (await admin.get("/v1/me")).json()["user"]["id"]
    refused = await gateway.platform.post("/v1/handovers", {"user": me})
    assert (refused.status_code, refused.json()["code"]) == (409, "last_admin")
    assert (await admin.get("/v1/me")).status_code == 200
    await gateway.platform.made("/v1/users", ANNA | {"role": "admin"})
    assert (await gateway.platform.post("/v1/handovers", {"user": me})).status_code == 201
    assert (await admin.get("/v1/me")).status_code == 401


@ON_ONE_DATABASE
async def test_nobody_ends_the_access_of_somebody_who_may_do_more(gateway: Gateway) -> None:
    ender = await gateway.key("handovers:write", "*:read")
    user, session = await anna(gateway)
    refused = await ender.post("/v1/handovers", {"user": user})
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_not_held")
    assert (await session.get("/v1/me")).status_code == 200


@ON_ONE_DATABASE
async def test_a_users_person_is_one_of_the_movement_and_travels_in_the_token(gateway: Gateway) -> None:
    person = new_id("person")
    user, session = await anna(gateway)
    set_person = f"/v1/users/{user}/person"
    assert (await gateway.platform.ask("PUT", set_person, json={"person": person})).json()["person"] == person
    await session.get("/v1/stewardships")
    token = gateway.standins["members"].asked[-1].headers["authorization"].split()[1]
    assert person in _claims(token)
    gateway.standins["members"].status = 404
    refused = await gateway.platform.ask("PUT", set_person, json={"person": new_id("person")})
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "unknown_person")
    gateway.standins["members"].status = 200
    cleared = await gateway.platform.ask("PUT", set_person, json={"person": None})
    assert cleared.json()["person"] is None


BAD: list[tuple[Json, str]] = [
    ({}, ""),
    ({"user": "anna"}, "/user"),
    ({"user": new_id("user")}, "/user"),
    ({"person": "person_1"}, "/person"),
    ({"person": new_id("person"), "leaving_on": (TODAY + timedelta(days=3)).isoformat()}, "/leaving_on"),
    ({"person": new_id("person"), "reason": "ill"}, "/reason"),
    ({"person": new_id("person"), "caretaker": "carla"}, "/caretaker"),
    ({"person": new_id("person"), "movement": "movement_1"}, "/movement"),
]
"""What is refused, and by which pointers."""


@ON_ONE_DATABASE
async def test_a_bad_handover_is_refused_by_pointer_and_nothing_ends(gateway: Gateway) -> None:
    for body, pointer in BAD:
        refused = await gateway.platform.post("/v1/handovers", body)
        assert (refused.status_code, [fault["pointer"] for fault in refused.json()["errors"]]) == (422, [pointer])
        assert (await gateway.platform.get("/v1/handovers")).json()["data"] == []


@ON_ONE_DATABASE
async def test_a_user_and_a_person_who_is_not_that_user_are_refused(gateway: Gateway) -> None:
    user, session = await anna(gateway, person=new_id("person"))
    refused = await gateway.platform.post("/v1/handovers", {"user": user, "person": new_id("person")})
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "another_person")
    assert (await session.get("/v1/me")).status_code == 200


@ON_ONE_DATABASE
async def test_another_movements_leavers_are_unknown(gateway: Gateway, gateway_app: FastAPI) -> None:
    user, session = await anna(gateway)
    there = await gateway.other_movement()
    ours = gateway.platform.carrying(backbone_movement=(await session.get("/v1/me")).json()["movement"]["id"])
    refused = await there.post("/v1/handovers", {"user": user})
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "unknown_user")
    handover = (await ours.post("/v1/handovers", {"user": user})).json()
    assert (await there.get(f"/v1/handovers/{handover['id']}")).status_code == 404
    assert (await there.get("/v1/handovers")).json()["data"] == []
    events = await told(gateway_app, (await ours.get("/v1/me")).json()["movement"]["id"])
    assert [(one.type, one.key) for one in events if one.type == "access.ended"] == [("access.ended", user)]


async def _is(wanted: set[str], ask: Callable[[], Awaitable[set[str]]]) -> bool:
    return await ask() == wanted


async def _handed_over(gateway: Gateway, handover: Json) -> bool:
    return await pending(gateway, handover) is None


def _claims(token: str) -> str:
    return urlsafe_b64decode(token.split(".")[1] + "==").decode()
