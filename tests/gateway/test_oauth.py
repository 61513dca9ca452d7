"""Client credentials: a key asks for a token of ten minutes, with no more scopes than it has."""

import base64
from datetime import timedelta

import pytest

from shared import clock
from shared.auth import Principal, sign
from shared.auth import verify as verify_internal
from shared.errors import Unauthenticated
from tests.gateway.running import ON_ONE_DATABASE, Gateway, Json

pytestmark = ON_ONE_DATABASE

FORM = {"grant_type": "client_credentials"}


async def a_key(gateway: Gateway, *scopes: str) -> Json:
    return await gateway.platform.made("/v1/api-keys", {"name": "Partner", "scopes": list(scopes)})


async def token_of(gateway: Gateway, key: Json, **more: str) -> Json:
    form = FORM | {"client_id": key["id"], "client_secret": key["token"], **more}
    answer = await gateway.stranger.ask("POST", "/v1/oauth/token", data=form)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    body: Json = answer.json()
    return body


async def test_a_key_gets_a_token_for_ten_minutes(gateway: Gateway) -> None:
    key = await a_key(gateway, "people:read", "events:read")
    token = await token_of(gateway, key)
    assert (token["token_type"], token["expires_in"], token["scope"]) == ("Bearer", 600, "events:read people:read")
    caller = gateway.holding(token["access_token"])
    assert (await caller.get("/v1/people")).status_code == 200
    me = (await caller.get("/v1/me")).json()
    assert (me["id"], me["scopes"], me["expires_at"] is not None) == (key["id"], ["events:read", "people:read"], True)
    with clock.frozen(clock.now() + timedelta(seconds=601)):
        late = await caller.get("/v1/me")
        assert (late.status_code, late.json()["code"]) == (401, "credential_expired")


async def test_http_basic_is_taken_as_well(gateway: Gateway) -> None:
    key = await a_key(gateway, "people:read")
    basic = base64.b64encode(f"{key['id']}:{key['token']}".encode()).decode()
    answer = await gateway.stranger.ask(
        "POST", "/v1/oauth/token", data=FORM, headers={"Authorization": f"Basic {basic}"}
    )
    assert answer.status_code == 200


async def test_a_token_carries_the_scopes_that_were_asked_for_and_no_others(gateway: Gateway) -> None:
    key = await a_key(gateway, "people:*", "keys:*")
    caller = gateway.holding((await token_of(gateway, key, scope="keys:read people:read"))["access_token"])
    assert (await caller.get("/v1/api-keys")).status_code == 200
    answer = await caller.post("/v1/api-keys", {"name": "More", "scopes": ["people:read"]})
    assert (answer.status_code, answer.json()["scope"]) == (403, "keys:write")


async def test_revoking_the_key_ends_its_tokens_at_once(gateway: Gateway) -> None:
    key = await a_key(gateway, "people:read")
    caller = gateway.holding((await token_of(gateway, key))["access_token"])
    assert (await caller.get("/v1/people")).status_code == 200
    await gateway.platform.delete(f"/v1/api-keys/{key['id']}")
    answer = await caller.get("/v1/people")
    assert (answer.status_code, answer.json()["code"]) == (401, "credential_revoked")


async def test_a_platform_keys_token_names_its_movement_as_the_key_does(gateway: Gateway) -> None:
    made = await gateway.platform.made("/v1/api-keys", {"name": "P", "scopes": ["*"], "platform": True})
    caller = gateway.holding((await token_of(gateway, made))["access_token"])
    await gateway.other_movement()
    assert (await caller.get("/v1/people")).json()["code"] == "movement_needed"
    assert (await caller.carrying(backbone_movement="we-can-move").get("/v1/people")).status_code == 200


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"client_secret": "bb_live_nobody"}, 401, "invalid_client"),
        ({"client_secret": "é"}, 401, "invalid_client"),
        ({"client_id": "key_01j5x3m0e8f7v9q2k4t6w8y0ab"}, 401, "invalid_client"),
        ({"scope": "people:write"}, 400, "invalid_scope"),
        ({"scope": "*"}, 400, "invalid_scope"),
    ],
)
async def test_what_is_wrong_is_said_in_the_words_of_oauth(
    gateway: Gateway, change: Json, status: int, error: str
) -> None:
    key = await a_key(gateway, "people:read")
    form = FORM | {"client_id": key["id"], "client_secret": key["token"]} | change
    answer = await gateway.stranger.ask("POST", "/v1/oauth/token", data=form)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


@pytest.mark.parametrize("body", [b"", b"client_id=a", b"grant_type=client_credentials&grant_type=x", b"\xff"])
async def test_a_form_that_cannot_be_read_is_refused(gateway: Gateway, body: bytes) -> None:
    form = {"content-type": "application/x-www-form-urlencoded"}
    answer = await gateway.stranger.ask("POST", "/v1/oauth/token", content=body, headers=form)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


async def test_an_internal_token_is_no_access_token_nor_the_other_way_round(gateway: Gateway) -> None:
    secrets = gateway.parts.secrets
    movement = (await gateway.platform.get("/v1/me")).json()["movement"]["id"]
    internal = sign(Principal("key_1", movement, frozenset("*")), "gateway", secrets)
    forged = await gateway.holding(internal).get("/v1/me")
    assert (forged.status_code, forged.json()["code"]) == (401, "credential_unknown")
    token = await token_of(gateway, await a_key(gateway, "people:read"))
    for service in ("members", "measures", "grants", "gateway"):
        with pytest.raises(Unauthenticated):
            verify_internal(token["access_token"], service, secrets)
    altered = gateway.holding(token["access_token"][:-8] + "AAAAAAAA")
    assert (await altered.get("/v1/me")).status_code == 401
