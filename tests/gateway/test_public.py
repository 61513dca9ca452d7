"""What anybody may read: whom a service is asked for, how often, and from where; and what stays shut."""

from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from services.gateway import nouns
from shared.auth import verify
from shared.settings import Settings
from tests.gateway.running import Gateway

pytestmark = pytest.mark.parametrize("gateway_url", ["sqlite"], indirect=True)  # the database is asked for one row


@pytest.fixture(autouse=True)
def opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(nouns.OPENED_BY, "openactive", "members")


@pytest.mark.parametrize("by", ["id", "slug"])
async def test_a_movement_is_read_openly_by_its_id_or_its_slug(gateway: Gateway, by: str) -> None:
    (movement,) = (await gateway.platform.get("/v1/movements")).json()["data"]
    answer = await gateway.stranger.get(f"/open/{movement[by]}/openactive/sessions?afterChangeNumber=1")
    assert answer.status_code == 200
    asked = gateway.standins["members"].asked[-1]
    assert (asked.path, asked.query) == (f"/open/{movement[by]}/openactive/sessions", "afterChangeNumber=1")
    principal = verify(asked.headers["authorization"].removeprefix("Bearer "), "members", gateway.parts.secrets)
    assert (principal.id, principal.movement, principal.scopes) == ("public", movement["id"], frozenset({"open:read"}))
    assert (principal.user, principal.organisation, principal.platform) == (None, None, False)


async def test_whoever_sends_a_credential_is_the_public_there_all_the_same(gateway: Gateway) -> None:
    await gateway.platform.get("/open/we-can-move/openactive/x")
    token = gateway.standins["members"].asked[-1].headers["authorization"].removeprefix("Bearer ")
    assert verify(token, "members", gateway.parts.secrets).scopes == {"open:read"}


async def test_any_web_page_may_read_it_and_its_problems(gateway: Gateway) -> None:
    for path, status in (("we-can-move/openactive/x", 200), ("nowhere/openactive/x", 404), ("we-can-move/people", 404)):
        answer = await gateway.stranger.get(f"/open/{path}", headers={"Origin": "https://example.org"})
        assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (status, "*"), path
    preflight = await gateway.stranger.ask("OPTIONS", "/open/we-can-move/openactive/x")
    assert (preflight.status_code, preflight.headers["access-control-allow-headers"]) == (204, "*")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_nothing_is_written_openly(gateway: Gateway, method: str) -> None:
    answer = await gateway.stranger.ask(method, "/open/we-can-move/openactive/x")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    assert gateway.standins["members"].asked == []


@pytest.mark.parametrize("path", ["", "we-can-move", "we-can-move/", "we-can-move/people", "we-can-move/v1/people"])
async def test_what_no_service_opened_is_not_there(gateway: Gateway, path: str) -> None:
    assert (await gateway.stranger.get(f"/open/{path}")).status_code == 404
    assert not any(standin.asked for standin in gateway.standins.values())


async def test_head_is_asked_of_the_service_as_get(gateway: Gateway) -> None:
    assert (await gateway.stranger.ask("HEAD", "/open/we-can-move/openactive/x")).status_code == 200
    assert gateway.standins["members"].asked[-1].method == "GET"


async def test_the_service_is_told_the_address_that_was_asked(gateway: Gateway) -> None:
    await gateway.stranger.get(
        "/open/we-can-move/openactive/x", headers={"Backbone-Public-Url": "https://evil.example"}
    )
    assert gateway.standins["members"].asked[-1].headers["backbone-public-url"] == "http://gateway"
    assert gateway.standins["members"].asked[-1].headers["backbone-movement-name"] == "We%20can%20move"
    odd = await gateway.stranger.get("/open/we-can-move/openactive/x", headers={"Host": "a b"})
    assert odd.status_code == 400


class TestWithLimits:
    """A gateway that answers two open requests a minute, and has a name."""

    @pytest.fixture
    def gateway_settings(self, gateway_url: str, tmp_path: Path) -> Settings:
        return Settings(
            data_dir=tmp_path,
            database=SecretStr(gateway_url),
            open_rate_limit=2,
            public_url="https://backbone.example.org/",
        )

    async def test_each_address_has_its_own_limit(self, gateway: Gateway) -> None:
        async def from_(address: str) -> int:
            transport = httpx.ASGITransport(gateway.app, client=(address, 1))
            async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
                answer = await client.get("/open/we-can-move/openactive/x")
                assert "ratelimit" in answer.headers
                return answer.status_code

        assert [await from_("192.0.2.1") for _ in range(3)] == [200, 200, 429]
        assert await from_("192.0.2.2") == 200
        assert [await from_(f"2001:db8::{n}") for n in range(3)] == [200, 200, 429]
        assert await from_("2001:db8:0:1::1") == 200

    async def test_links_begin_with_the_address_that_is_set(self, gateway: Gateway) -> None:
        await gateway.stranger.get("/open/we-can-move/openactive/x")
        told = gateway.standins["members"].asked[-1].headers["backbone-public-url"]
        assert told == "https://backbone.example.org/"
