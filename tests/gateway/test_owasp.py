"""The OWASP API Security Top 10 (2023), one test for each: what the gateway does about it, tried from outside."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from services.gateway.access.sessions.models import SignInAttempts
from services.gateway.openapi import FILE
from shared import clock
from shared.auth import Principal, sign
from shared.db import Session
from shared.dialler import Dialler, NotAllowed
from tests.gateway.running import ON_ONE_DATABASE, Gateway

pytestmark = ON_ONE_DATABASE


async def test_api1_broken_object_level_authorization_anothers_object_is_not_there(gateway: Gateway) -> None:
    there = await gateway.other_movement()
    here = gateway.platform.carrying(backbone_movement="we-can-move")
    key = await here.made("/v1/api-keys", {"name": "K", "scopes": ["people:read"]})
    user = await here.made("/v1/users", {"email": "a@example.org", "name": "A", "role": "reader"})
    theirs = await gateway.key("*", by=there)
    for path in (f"/v1/api-keys/{key['id']}", f"/v1/users/{user['id']}"):
        assert (await theirs.get(path)).status_code == 404
        assert (await theirs.delete(path)).status_code == 404
    assert (await theirs.get("/v1/audit", params={"subject": key["id"]})).json()["data"] == []


async def test_api2_broken_authentication_guessing_is_slowed_and_tells_nothing(gateway: Gateway) -> None:
    async def attempt(email: str) -> tuple[int, str]:
        answer = await gateway.stranger.post("/v1/sessions", {"email": email, "password": "wrong and long enough"})
        return answer.status_code, answer.json()["code"]

    assert await attempt(gateway.first.email) == await attempt("nobody@example.org") == (401, "wrong_credentials")
    blocked = clock.now() + timedelta(minutes=5)

    def guessed_often(session: Session) -> None:
        session.execute(sa.update(SignInAttempts).values(failures=20, blocked_until=blocked))

    await gateway.parts.db.write(guessed_often)
    assert await attempt(gateway.first.email) == await attempt("nobody@example.org") == (429, "too_many_attempts")
    for forged in ("bb_live_x", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJrZXkifQ.", "Bearer", "é"):
        answer = await gateway.stranger.get("/v1/me", headers={"Authorization": f"Bearer {forged}".encode()})
        assert answer.status_code == 401


async def test_api3_broken_object_property_level_authorization_what_is_not_yours_to_set_is_refused(
    gateway: Gateway,
) -> None:
    """Mass assignment is refused by name, and no answer has a secret of what it shows."""
    body = {"name": "K", "scopes": ["people:read"], "created_by": "me", "digest": "0", "movement": "movement_1"}
    answer = await gateway.platform.post("/v1/api-keys", body)
    assert {fault["pointer"] for fault in answer.json()["errors"]} == {"/created_by", "/digest", "/movement"}
    shown = (await gateway.platform.get("/v1/api-keys")).json()["data"][0]
    assert not {"token", "digest", "previous_digest"} & set(shown)
    user = (await gateway.platform.get("/v1/users")).json()["data"][0]
    assert not {"password_hash", "totp_secret"} & set(user)


async def test_api4_unrestricted_resource_consumption_everything_is_bounded(gateway: Gateway) -> None:
    big = await gateway.platform.ask("POST", "/v1/sign-ups", content=b"x", headers={"Content-Length": str(10**8)})
    assert big.status_code == 413
    assert (await gateway.platform.get("/v1/api-keys?limit=1000000")).status_code == 422
    answer = await gateway.platform.get("/v1/people")
    assert "ratelimit" in answer.headers
    assert "ratelimit" in (await gateway.stranger.post("/v1/sessions", {})).headers


async def test_api5_broken_function_level_authorization_each_action_needs_its_scope(gateway: Gateway) -> None:
    reader = await gateway.key("*:read")
    for method, path in (("POST", "/v1/api-keys"), ("POST", "/v1/users"), ("POST", "/v1/movements")):
        answer = await reader.ask(method, path, json={})
        assert answer.status_code == 403, path


async def test_api6_unrestricted_access_to_sensitive_flows_a_key_is_no_person(gateway: Gateway) -> None:
    """What takes a person, such as a second factor, no key reaches; and a code serves once."""
    key = await gateway.key("*")
    for path in ("/v1/me/second-factor", "/v1/me/second-factor/removals"):
        answer = await key.post(path, {"code": "123456"})
        assert (answer.status_code, answer.json()["code"]) == (403, "needs_a_user")


async def test_api7_server_side_request_forgery_a_webhook_reaches_no_address_of_ours(gateway: Gateway) -> None:
    for address in ("127.0.0.1", "169.254.169.254", "10.0.0.1", "::1", "::ffff:169.254.169.254"):

        async def named(host: str, port: int, address: str = address) -> list[str]:
            return [address]

        with pytest.raises(NotAllowed):
            await Dialler(to_loopback=False, resolver=named).check("https://receiver.example.org/")
        written = f"[{address}]" if ":" in address else address
        answer = await gateway.platform.post("/v1/webhook-endpoints", {"url": f"https://{written}/", "types": ["*"]})
        assert answer.status_code == 422, address


async def test_api8_security_misconfiguration_errors_tell_nothing_and_headers_say_what_they_should(
    gateway: Gateway,
) -> None:
    gateway.standins["members"].status = 401
    answer = await gateway.platform.get("/v1/people", headers={"Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in answer.headers
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "Traceback" not in answer.text
    assert "server" not in answer.headers
    assert (await gateway.platform.ask("TRACE", "/v1/me")).status_code == 405


async def test_api9_improper_inventory_management_what_is_not_in_the_document_is_not_there(gateway: Gateway) -> None:
    document = FILE.read_text(encoding="utf-8")
    for path in ("/v2/people", "/v1/internal/retention", "/v1/debug", "/v1/metrics", "/openapi.yaml"):
        assert f'"{path}"' not in document
        assert (await gateway.platform.get(path)).status_code == 404
    between_services = await gateway.platform.get("/internal/retention")
    assert (between_services.status_code, "/internal/" in document) == (401, False)


async def test_api10_unsafe_consumption_of_apis_a_services_answer_is_not_believed_blindly(gateway: Gateway) -> None:
    """An internal token that expired, or that a service made for itself, lets nobody in from outside."""
    movement = (await gateway.platform.get("/v1/me")).json()["movement"]["id"]
    with clock.frozen(clock.now() - timedelta(hours=1)):
        old = sign(Principal("key_1", movement, frozenset("*")), "gateway", gateway.parts.secrets)
    assert (await gateway.holding(old).get("/v1/me")).status_code == 401
    gateway.standins["grants"].body = b'{"data": not json'
    section = (await gateway.platform.get("/v1/overview")).json()["sections"]["grants"]
    assert (section["status"], section["content"]) == ("unavailable", None)
