"""API keys: shown once, scoped, never more than their maker holds."""

import re
import zlib
from datetime import timedelta

import pytest
import sqlalchemy as sa

from services.gateway.access.api_keys.models import ApiKey
from services.gateway.access.scopes import covers
from shared import clock
from tests.gateway.running import Gateway, Json


async def test_a_key_has_the_documented_form_and_a_right_checksum(gateway: Gateway) -> None:
    made = await gateway.platform.made("/v1/api-keys", {"name": "CRM", "scopes": ["people:read"]})
    matched = re.fullmatch(r"bb_live_([0-9a-z]{26})_([0-9A-Za-z]{43})([0-9A-Za-z]{6})", made["token"])
    assert matched is not None
    assert f"key_{matched[1]}" == made["id"]
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    number = 0
    for digit in matched[3]:
        number = number * 62 + digits.index(digit)
    assert number == zlib.crc32(made["token"][:-6].encode())


async def test_a_key_is_shown_once_and_stored_nowhere(gateway: Gateway) -> None:
    made = await gateway.platform.made("/v1/api-keys", {"name": "CRM", "scopes": ["people:read"]})
    token = made.pop("token")
    assert (await gateway.platform.get(f"/v1/api-keys/{made['id']}")).json() == made
    row = await gateway.parts.db.read(lambda session: session.get(ApiKey, made["id"]))
    assert row is not None
    stored = " ".join(str(getattr(row, column.key)) for column in sa.inspect(ApiKey).columns)
    assert token not in stored
    assert token.rpartition("_")[2] not in stored


@pytest.mark.parametrize("wanted", ["people:write", "people:*", "*", "*:read", "users:read"])
async def test_a_key_grants_no_scope_that_it_does_not_hold(gateway: Gateway, wanted: str) -> None:
    maker = await gateway.key("people:read", "keys:write", "keys:read")
    answer = await maker.post("/v1/api-keys", {"name": "More", "scopes": ["people:read", wanted]})
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_not_held")
    assert wanted in answer.json()["detail"]
    assert all(key["name"] != "More" for key in (await maker.get("/v1/api-keys")).json()["data"])


async def test_a_key_grants_what_it_holds(gateway: Gateway) -> None:
    maker = await gateway.key("*:read", "keys:*")
    made = await maker.made("/v1/api-keys", {"name": "Less", "scopes": ["people:read", "keys:*"]})
    assert made["scopes"] == ["keys:*", "people:read"]


@pytest.mark.parametrize(
    ("held", "wanted", "may"),
    [
        ("*", "*", True),
        ("*", "people:*", True),
        ("people:*", "people:read", True),
        ("people:*", "people:*", True),
        ("people:*", "*:read", False),
        ("*:read", "people:read", True),
        ("*:read", "people:*", False),
        ("*:read", "safeguarding:read", False),
        ("*:read", "incidents:read", False),
        ("*", "safeguarding:write", True),
        ("*:read", "*:read", True),
        ("people:read people:write", "people:*", True),
        ("people:read", "people:*", False),
        ("*:read *:write", "*", False),
    ],
)
def test_a_wildcard_is_granted_only_by_what_covers_all_of_it(held: str, wanted: str, may: bool) -> None:
    assert covers(frozenset(held.split()), wanted) is may


async def test_only_a_platform_key_makes_platform_keys(gateway: Gateway) -> None:
    key = await gateway.key("*")
    answer = await key.post("/v1/api-keys", {"name": "P", "scopes": ["*"], "platform": True})
    assert (answer.status_code, answer.json()["code"]) == (403, "platform_key_needed")
    made = await gateway.platform.made("/v1/api-keys", {"name": "P", "scopes": ["*"], "platform": True})
    assert (await gateway.holding(made["token"]).get("/v1/movements")).status_code == 200
    assert (await key.get(f"/v1/api-keys/{made['id']}")).status_code == 404
    assert made["id"] not in [each["id"] for each in (await key.get("/v1/api-keys")).json()["data"]]


async def test_a_key_of_an_organisation_hands_on_no_other(gateway: Gateway) -> None:
    ours, theirs = "org_01j5x3m0e8f7v9q2k4t6w8y0ab", "org_01j5x3m0e8f7v9q2k4t6w8y0ac"
    maker = await gateway.key("keys:*", "places:read", organisation=ours)
    body = {"name": "K", "scopes": ["places:read"]}
    assert (await maker.made("/v1/api-keys", body))["organisation"] == ours
    answer = await maker.post("/v1/api-keys", body | {"organisation": theirs})
    assert (answer.status_code, answer.json()["code"]) == (403, "other_organisation")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"scopes": ["people:read"]}, "/name"),
        ({"name": "K", "scopes": []}, "/scopes"),
        ({"name": "K", "scopes": ["peple:read"]}, "/scopes/0"),
        ({"name": "K", "scopes": ["people:read", "people:eat"]}, "/scopes/1"),
        ({"name": "K", "scopes": ["people"]}, "/scopes/0"),
        ({"name": "K", "scopes": ["*:*"]}, "/scopes/0"),
        ({"name": "K", "scopes": ["people:read"], "expires_at": "2026-11-01T00:00:00"}, "/expires_at"),
        ({"name": "K", "scopes": ["people:read"], "organisation": "person_01"}, "/organisation"),
    ],
)
async def test_a_bad_key_is_refused_by_pointer(gateway: Gateway, body: Json, pointer: str) -> None:
    answer = await gateway.platform.post("/v1/api-keys", body)
    assert (answer.status_code, [fault["pointer"] for fault in answer.json()["errors"]]) == (422, [pointer])


async def test_a_key_cannot_end_in_the_past(gateway: Gateway) -> None:
    past = (clock.now() - timedelta(seconds=1)).isoformat()
    answer = await gateway.platform.post("/v1/api-keys", {"name": "K", "scopes": ["*"], "expires_at": past})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "in_the_past")


async def test_when_a_key_was_last_used_is_kept(gateway: Gateway) -> None:
    key = await gateway.key("keys:read")
    me = (await key.get("/v1/me")).json()
    before = (await gateway.platform.get(f"/v1/api-keys/{me['id']}")).json()
    assert before["last_used_at"] is None
    await gateway.key_use.write_now(gateway.parts)
    after = (await gateway.platform.get(f"/v1/api-keys/{me['id']}")).json()
    assert after["last_used_at"] is not None
