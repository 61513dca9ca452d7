"""Keys change their token without a pause, and answer only from where they are meant to."""

from datetime import timedelta

import httpx

from shared import clock
from tests.gateway.running import ON_ONE_DATABASE, Gateway, Json


async def rotated(gateway: Gateway, key: str, **body: int) -> Json:
    return await gateway.platform.made(f"/v1/api-keys/{key}/rotate", body)


async def test_after_a_rotation_both_tokens_are_good_until_the_overlap_ends(gateway: Gateway) -> None:
    made = await gateway.platform.made("/v1/api-keys", {"name": "CRM", "scopes": ["people:read"]})
    again = await rotated(gateway, made["id"], overlap_hours=2)
    assert again["id"] == made["id"]
    for token in (made["token"], again["token"]):
        assert (await gateway.holding(token).get("/v1/people")).status_code == 200
    with clock.frozen(clock.now() + timedelta(hours=2, seconds=1)):
        late = await gateway.holding(made["token"]).get("/v1/people")
        assert (late.status_code, late.json()["code"]) == (401, "credential_expired")
        assert (await gateway.holding(again["token"]).get("/v1/people")).status_code == 200


async def test_at_most_two_tokens_of_a_key_are_good_and_revoking_ends_both(gateway: Gateway) -> None:
    made = await gateway.platform.made("/v1/api-keys", {"name": "CRM", "scopes": ["people:read"]})
    second, third = await rotated(gateway, made["id"]), await rotated(gateway, made["id"])
    told = [(await gateway.holding(each["token"]).get("/v1/people")).status_code for each in (made, second, third)]
    assert told == [401, 200, 200]
    await gateway.platform.delete(f"/v1/api-keys/{made['id']}")
    told = [(await gateway.holding(each["token"]).get("/v1/people")).status_code for each in (second, third)]
    assert told == [401, 401]
    answer = await gateway.platform.post(f"/v1/api-keys/{made['id']}/rotate", {})
    assert (answer.status_code, answer.json()["code"]) == (409, "key_ended")


@ON_ONE_DATABASE
async def test_nobody_gets_a_token_of_a_key_that_may_do_more_than_they_may(gateway: Gateway) -> None:
    strong = await gateway.platform.made("/v1/api-keys", {"name": "Strong", "scopes": ["*"]})
    weak = await gateway.key("keys:*", "people:read")
    answer = await weak.post(f"/v1/api-keys/{strong['id']}/rotate", {})
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_not_held")
    ours = await gateway.key("keys:*", "places:read", organisation="org_01j5x3m0e8f7v9q2k4t6w8y0ab")
    anybodys = await gateway.platform.made("/v1/api-keys", {"name": "A", "scopes": ["places:read"]})
    answer = await ours.post(f"/v1/api-keys/{anybodys['id']}/rotate", {})
    assert (answer.status_code, answer.json()["code"]) == (403, "other_organisation")
    there = await gateway.other_movement()
    assert (await there.post(f"/v1/api-keys/{strong['id']}/rotate", {})).status_code == 404


@ON_ONE_DATABASE
async def test_a_key_for_certain_addresses_is_refused_from_any_other(gateway: Gateway) -> None:
    body = {"name": "Office", "scopes": ["people:read"], "addresses": ["192.0.2.0/24", "2001:db8::/32"]}
    made = await gateway.platform.made("/v1/api-keys", body)
    assert made["addresses"] == body["addresses"]
    told = {}
    for address in ("192.0.2.7", "2001:db8::1", "192.0.3.7", "not an address"):
        transport = httpx.ASGITransport(gateway.app, client=(address, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
            answer = await client.get("/v1/people", headers={"authorization": f"Bearer {made['token']}"})
            told[address] = answer.status_code, answer.json().get("code")
    refused = (403, "address_refused")
    assert told == {
        "192.0.2.7": (200, None), "2001:db8::1": (200, None), "192.0.3.7": refused, "not an address": refused,
    }  # fmt: skip


@ON_ONE_DATABASE
async def test_what_is_no_address_is_refused_by_pointer(gateway: Gateway) -> None:
    body = {"name": "Office", "scopes": ["people:read"], "addresses": ["192.0.2.0/24", "192.0.2.1/24"]}
    answer = await gateway.platform.post("/v1/api-keys", body)
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/addresses/1"]
