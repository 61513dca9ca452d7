"""Who is calling: what a credential lets in, and what each that does not is told."""

from datetime import timedelta

import pytest

from shared import clock
from tests.gateway.running import Caller, Gateway


async def code_of(caller: Caller, path: str = "/v1/me") -> tuple[int, str]:
    """The status and the problem's code."""
    answer = await caller.get(path)
    return answer.status_code, answer.json()["code"]


async def test_a_platform_key_acts_for_the_only_movement_without_naming_it(gateway: Gateway) -> None:
    me = (await gateway.platform.get("/v1/me")).json()
    assert (me["kind"], me["movement"]["slug"], me["scopes"], me["user"]) == ("platform", "we-can-move", ["*"], None)


async def test_without_a_credential_nothing_is_answered(gateway: Gateway) -> None:
    for path in ("/v1/me", "/v1/people", "/v1/overview", "/v1/nothing", "/v1/"):
        answer = await gateway.stranger.get(path)
        assert (answer.status_code, answer.json()["code"]) == (401, "credential_missing"), path
        assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic Zm9vOmJhcg==", "bb_live_x", "Bearer\t"])
async def test_a_header_without_a_bearer_token_is_no_credential(gateway: Gateway, header: str) -> None:
    assert await code_of(gateway.stranger.carrying(authorization=header)) == (401, "credential_missing")


async def test_each_dead_credential_is_told_why(gateway: Gateway) -> None:
    tomorrow = clock.now() + timedelta(days=1)
    made = await gateway.platform.made(
        "/v1/api-keys", {"name": "Short", "scopes": ["people:read"], "expires_at": tomorrow.isoformat()}
    )
    key = gateway.holding(made["token"])
    assert (await key.get("/v1/me")).status_code == 200
    with clock.frozen(tomorrow):
        assert await code_of(key) == (401, "credential_expired")
    assert (await gateway.platform.delete(f"/v1/api-keys/{made['id']}")).status_code == 204
    assert await code_of(key) == (401, "credential_revoked")
    assert await code_of(gateway.holding("bb_live_01j_nobody")) == (401, "credential_unknown")


async def test_a_mistyped_key_is_told_that_its_checksum_is_wrong(gateway: Gateway) -> None:
    token = (await gateway.platform.made("/v1/api-keys", {"name": "K", "scopes": ["people:read"]}))["token"]
    wrong = token[:-10] + ("a" if token[-10] != "a" else "b") + token[-9:]
    answer = await gateway.holding(wrong).get("/v1/me")
    assert "checksum" in answer.json()["detail"]


async def test_a_revoked_key_is_refused_from_the_next_request_on_everywhere(gateway: Gateway) -> None:
    made = await gateway.platform.made("/v1/api-keys", {"name": "K", "scopes": ["*"]})
    key = gateway.holding(made["token"])
    for path in ("/v1/people", "/v1/me", "/v1/users"):
        assert (await key.get(path)).status_code == 200, path
    await key.delete(f"/v1/api-keys/{made['id']}")
    before = len(gateway.standins["members"].asked)
    for path in ("/v1/people", "/v1/me", "/v1/users"):
        assert await code_of(key, path) == (401, "credential_revoked"), path
    assert len(gateway.standins["members"].asked) == before


async def test_with_several_movements_a_platform_key_names_one_by_id_or_slug(gateway: Gateway) -> None:
    second = await gateway.platform.made("/v1/movements", {"name": "Wellbeing Erewash"})
    assert await code_of(gateway.platform, "/v1/users") == (400, "movement_needed")
    assert (await gateway.platform.get("/v1/me")).json()["movement"] is None
    for name in (second["id"], "wellbeing-erewash"):
        me = (await gateway.platform.carrying(backbone_movement=name).get("/v1/me")).json()
        assert me["movement"]["id"] == second["id"]
    assert await code_of(gateway.platform.carrying(backbone_movement="nowhere")) == (400, "movement_unknown")


async def test_any_other_credential_that_names_a_movement_is_refused(gateway: Gateway) -> None:
    mine = (await gateway.platform.get("/v1/me")).json()["movement"]["slug"]
    for caller in (await gateway.key("people:read"), await gateway.admin()):
        assert await code_of(caller.carrying(backbone_movement=mine)) == (400, "movement_refused")


async def test_a_scope_that_is_missing_is_named(gateway: Gateway) -> None:
    reader = await gateway.key("people:read")
    answer = await reader.get("/v1/users")
    assert (answer.status_code, answer.json()["code"], answer.json()["scope"]) == (403, "forbidden", "users:read")


async def test_everybody_may_see_who_they_are(gateway: Gateway) -> None:
    me = (await (await gateway.key("people:read")).get("/v1/me")).json()
    assert (me["kind"], me["scopes"]) == ("key", ["people:read"])


async def test_what_only_people_may_do_is_refused_to_keys(gateway: Gateway) -> None:
    answer = await gateway.platform.ask("DELETE", "/v1/sessions/current")
    assert (answer.status_code, answer.json()["code"]) == (403, "needs_a_user")
