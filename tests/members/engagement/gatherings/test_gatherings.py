"""Gatherings: drafted, published, held or cancelled, edited by ETag, and telling their link only to who may know it."""

import pytest
from fastapi import FastAPI

from shared.ids import new_id
from shared.secrets import Secrets
from shared.testing.caller import faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.engagement.gatherings.steps import WALK, edit, local, published


async def test_a_gathering_is_drafted_published_and_held_and_each_step_is_told(members: Caller) -> None:
    drafted = await members.client.post("/v1/gatherings", json=WALK)
    assert (drafted.status_code, drafted.headers["etag"]) == (201, '"1"')
    shown = drafted.json()
    assert shown.items() >= (WALK | {"state": "draft", "version": 1, "organisation": None}).items()
    path = f"/v1/gatherings/{shown['id']}"
    await members.post(f"{path}/slots", {"starts": local(hours=-2), "minutes": 60})
    await edit(members, f"{path}/publish", tag='"1"')
    held = await edit(members, f"{path}/hold", tag='"2"')
    assert (held["state"], held["version"]) == ("held", 3)
    told = [payload["state"] for kind, payload in await members.published(shown["id"])]
    assert told == ["draft", "published", "held"]


@ON_ONE_DATABASE
async def test_what_nobody_could_come_to_is_not_published(members: Caller) -> None:
    nowhere = {"kind": "campfire", "title": "Somewhere"}
    path = f"/v1/gatherings/{(await members.post('/v1/gatherings', nowhere))['id']}"
    assert (await edit(members, f"{path}/publish", status=409))["code"] == "not_ready"
    await members.post(f"{path}/slots", {"starts": local(days=1), "minutes": 60})
    assert (await edit(members, f"{path}/publish", status=409))["code"] == "not_ready"
    await edit(members, path, {"address": "The green"}, method="PATCH")
    assert (await edit(members, f"{path}/publish"))["state"] == "published"


@ON_ONE_DATABASE
async def test_it_is_not_held_while_a_slot_is_to_come_and_not_moved_once_it_is_over(members: Caller) -> None:
    gathering, slot = await published(members)
    path = f"/v1/gatherings/{gathering}"
    assert (await edit(members, f"{path}/hold", status=409))["code"] == "slots_to_come"
    await edit(members, f"{path}/slots/{slot}/cancel")
    await edit(members, f"{path}/hold")
    for step, body in (("publish", None), ("cancel", {}), ("hold", None)):
        assert (await edit(members, f"{path}/{step}", body, status=409))["state"] == "held"
    later = {"starts": local(days=2), "minutes": 60}
    assert (await members.refused(f"{path}/slots", later))[1]["code"] == "gathering_over"


async def test_an_edit_changes_what_it_names_at_the_version_that_was_read(members: Caller) -> None:
    gathering = (await members.post("/v1/gatherings", WALK))["id"]
    path, organisation = f"/v1/gatherings/{gathering}", await members.organisation()
    changes = {"title": "Lunch walk", "organisation": organisation, "postcode": None, "access": ["Hearing  Loop"]}
    changed = await edit(members, path, changes, method="PATCH", tag='"1"')
    assert (changed["title"], changed["organisation"], changed["postcode"]) == ("Lunch walk", organisation, None)
    assert (changed["access"], changed["place_name"], changed["version"]) == (["hearing loop"], WALK["place_name"], 2)
    await edit(members, path, {"title": "Late"}, method="PATCH", tag='"1"', status=412)
    assert (await members.refused(path, {"title": "Late"}, method="PATCH"))[0] == 428
    unknown = await edit(members, path, {"organisation": new_id("org")}, method="PATCH", status=422)
    assert faults(unknown) == {"/organisation": "unknown_organisation"}


@ON_ONE_DATABASE
async def test_the_online_address_is_for_who_edits_gatherings_and_who_booked(
    members: Caller, app: FastAPI, vouching: Secrets
) -> None:
    gathering, _ = await published(members)
    path = f"/v1/gatherings/{gathering}"
    assert (await members.get(path))["online_url"] == WALK["online_url"]
    async with Caller(app, vouching, members.movement, frozenset({"gatherings:read"})) as reader:
        assert (await reader.get(path))["online_url"] is None
        assert [row["online_url"] for row in await reader.every("/v1/gatherings")] == [None]


async def test_lists_are_by_kind_state_and_what_changed(members: Caller) -> None:
    walk = (await members.post("/v1/gatherings", WALK))["id"]
    training = await members.post("/v1/gatherings", {"kind": "training", "title": "First aid"})

    async def found(**by: str) -> list[str]:
        return [row["id"] for row in await members.every("/v1/gatherings", limit=1, **by)]

    assert await found() == [walk, training["id"]]
    assert await found(kind="training") == [training["id"]]
    assert await found(state="published") == []
    assert await found(updated_since=training["updated_at"]) == [training["id"]]


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, {"/kind", "/title"}),
        (WALK | {"kind": "party", "title": " ", "colour": "red"}, {"/kind", "/title", "/colour"}),
        (WALK | {"online_url": "javascript:alert(1)"}, {"/online_url"}),
        (WALK | {"languages": ["not a language"], "access": ["x" * 61]}, {"/languages/0", "/access/0"}),
        (WALK | {"description": "x" * 3001, "postcode": "?"}, {"/description", "/postcode"}),
    ],
)
async def test_faults_are_named_by_pointer(members: Caller, body: dict[str, object], pointers: set[str]) -> None:
    status, problem = await members.refused("/v1/gatherings", body)
    assert (status, set(faults(problem))) == (422, pointers)
    assert (await members.get("/v1/gatherings"))["data"] == []
