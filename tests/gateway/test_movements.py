"""Movements: the platform opens them, and each sees nothing of another."""

import pytest

from shared.testing.outbox import told
from tests.gateway.running import Gateway, Json


async def test_a_movement_is_opened_with_a_slug_of_its_name_and_the_default_zone(gateway: Gateway) -> None:
    made = await gateway.platform.made("/v1/movements", {"name": "Børn & Unge: Årsted"})
    assert made["slug"] == "brn-unge-arsted"
    assert made["time_zone"] == "Europe/London"
    assert (await gateway.platform.get(f"/v1/movements/{made['id']}")).json() == made


async def test_only_platform_keys_see_that_there_are_movements(gateway: Gateway) -> None:
    made = await gateway.platform.made("/v1/movements", {"name": "Second"})
    named = gateway.platform.carrying(backbone_movement="we-can-move")
    key = await gateway.key("*", by=named)
    for caller in (key, await gateway.admin()):
        for answer in (
            await caller.get("/v1/movements"),
            await caller.get(f"/v1/movements/{made['id']}"),
            await caller.post("/v1/movements", {"name": "Third"}),
        ):
            assert (answer.status_code, answer.json()["code"]) == (403, "platform_key_needed")


async def test_the_list_of_movements_goes_on_from_its_cursor(gateway: Gateway) -> None:
    for name in ("B", "C"):
        await gateway.platform.made("/v1/movements", {"name": name})
    first = (await gateway.platform.get("/v1/movements?limit=2")).json()
    rest = (await gateway.platform.get(f"/v1/movements?limit=2&cursor={first['next_cursor']}")).json()
    assert [movement["name"] for movement in first["data"] + rest["data"]] == ["We can move", "B", "C"]
    assert rest["next_cursor"] is None


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/name"),
        ({"name": " "}, "/name"),
        ({"name": "A", "slug": "Not A Slug"}, "/slug"),
        ({"name": "A", "slug": "movement_01"}, "/slug"),
        ({"name": "A", "time_zone": "Mars/Olympus"}, "/time_zone"),
        ({"name": "A", "time_zone": "../../etc/passwd"}, "/time_zone"),
        ({"name": "A", "colour": "red"}, "/colour"),
    ],
)
async def test_a_bad_movement_is_refused_by_pointer(gateway: Gateway, body: Json, pointer: str) -> None:
    answer = await gateway.platform.post("/v1/movements", body)
    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]
    assert len((await gateway.platform.get("/v1/movements")).json()["data"]) == 1


async def test_a_slug_is_taken_once(gateway: Gateway) -> None:
    answer = await gateway.platform.post("/v1/movements", {"name": "We can move"})
    assert (answer.status_code, answer.json()["code"]) == (409, "slug_taken")


async def test_a_repeated_creation_with_the_same_key_is_answered_the_same(gateway: Gateway) -> None:
    sent = {"json": {"name": "Once"}, "headers": {"Idempotency-Key": "once"}}
    first = await gateway.platform.ask("POST", "/v1/movements", **sent)
    again = await gateway.platform.ask("POST", "/v1/movements", **sent)
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())


async def test_another_movements_users_and_keys_are_not_there(gateway: Gateway) -> None:
    here = gateway.platform.carrying(backbone_movement="we-can-move")
    there = await gateway.other_movement()
    user = await there.made("/v1/users", {"email": "a@example.org", "name": "A", "role": "admin"})
    key = await there.made("/v1/api-keys", {"name": "A", "scopes": ["*"]})
    mine = await gateway.key("*", by=here)
    for path in (f"/v1/users/{user['id']}", f"/v1/api-keys/{key['id']}"):
        for answer in (await mine.get(path), await mine.delete(path)):
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path
    assert (await gateway.holding(key["token"]).get("/v1/me")).status_code == 200
    for path in ("/v1/users", "/v1/api-keys"):
        listed = (await mine.get(path)).json()["data"]
        assert {user["id"], key["id"]}.isdisjoint(row["id"] for row in listed)


async def test_a_cursor_of_another_movement_is_refused(gateway: Gateway) -> None:
    there = await gateway.other_movement()
    for name in "abc":
        await there.made("/v1/api-keys", {"name": name, "scopes": ["people:read"]})
    cursor = (await there.get("/v1/api-keys?limit=1")).json()["next_cursor"]
    here = gateway.platform.carrying(backbone_movement="we-can-move")
    answer = await here.get(f"/v1/api-keys?cursor={cursor}")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cursor")


async def test_a_movement_is_renamed_and_moved_by_whoever_has_read_it(gateway: Gateway) -> None:
    made = await gateway.platform.made("/v1/movements", {"name": "Here", "time_zone": "Europe/London"})
    path = f"/v1/movements/{made['id']}"
    etag = (await gateway.platform.get(path)).headers["etag"]
    changes = {"name": "There", "time_zone": "Pacific/Auckland"}
    changed = await gateway.platform.ask("PATCH", path, json=changes, headers={"If-Match": etag})
    assert changed.status_code == 200
    assert changed.json() == made | changes | {"version": 2, "updated_at": changed.json()["updated_at"]}
    assert (await gateway.platform.get(path)).headers["etag"] == changed.headers["etag"] == '"2"'
    stale = await gateway.platform.ask("PATCH", path, json={"name": "Nowhere"}, headers={"If-Match": etag})
    assert (stale.status_code, (await gateway.platform.get(path)).json()["name"]) == (412, "There")
    assert (await gateway.platform.ask("PATCH", path, json={"name": "Nowhere"})).status_code == 428


async def test_an_unknown_zone_changes_nothing(gateway: Gateway) -> None:
    made = await gateway.platform.made("/v1/movements", {"name": "Here"})
    path = f"/v1/movements/{made['id']}"
    refused = await gateway.platform.ask(
        "PATCH", path, json={"name": "There", "time_zone": "Mars/Olympus"}, headers={"If-Match": "*"}
    )
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/time_zone")
    assert (await gateway.platform.get(path)).json() == made


async def test_the_others_are_told_of_each_movement_and_of_its_time_zone(gateway: Gateway) -> None:
    made = await gateway.platform.made("/v1/movements", {"name": "Here", "time_zone": "Pacific/Auckland"})
    for changes in ({"time_zone": "Europe/Paris"}, {"time_zone": "Europe/Paris"}, {"name": "Still in Paris"}):
        path = f"/v1/movements/{made['id']}"
        await gateway.platform.ask("PATCH", path, json=changes, headers={"If-Match": "*"})
    events = [(event.type, event.payload["time_zone"]) for event in await told(gateway.app, made["id"])]
    assert events == [
        ("movement.created", "Pacific/Auckland"),
        ("movement.changed", "Europe/Paris"),
        ("movement.changed", "Europe/Paris"),
    ]


async def test_the_first_movement_is_announced_as_well(gateway: Gateway) -> None:
    (first,) = (await gateway.platform.get("/v1/movements")).json()["data"]
    assert [event.type for event in await told(gateway.app, first["id"])] == ["movement.created"]
