"""Where tools that cannot sign in call us: as whom a service is asked, and what stays shut."""

import pytest

from shared.auth import verify
from tests.gateway.running import Gateway

pytestmark = pytest.mark.parametrize("gateway_url", ["sqlite"], indirect=True)  # the database is asked for one row


@pytest.mark.parametrize("by", ["id", "slug"])
async def test_a_tool_reaches_the_service_of_its_hook_and_may_do_nothing_else_there(gateway: Gateway, by: str) -> None:
    (movement,) = (await gateway.platform.get("/v1/movements")).json()["data"]
    path = f"/hooks/{movement[by]}/mailings/mailtool_1/secret"
    assert (await gateway.stranger.ask("POST", path)).status_code == 200
    asked = gateway.standins["members"].asked[-1]
    principal = verify(asked.headers["authorization"].removeprefix("Bearer "), "members", gateway.parts.secrets)
    assert (asked.path, principal.id, principal.movement) == (path, "hook", movement["id"])
    assert (principal.scopes, principal.user, principal.platform) == (frozenset({"hooks:write"}), None, False)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "we-can-move/mailings/x", 200),
        ("PUT", "we-can-move/mailings/x", 405),
        ("DELETE", "we-can-move/mailings/x", 405),
        ("POST", "nowhere/mailings/x", 404),
        ("POST", "we-can-move/people", 404),
        ("POST", "", 404),
    ],
)
async def test_nothing_else_is_behind_that_door(gateway: Gateway, method: str, path: str, status: int) -> None:
    assert (await gateway.stranger.ask(method, f"/hooks/{path}")).status_code == status
    assert bool(gateway.standins["members"].asked) is (status == 200)
