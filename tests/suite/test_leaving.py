"""Somebody who holds 12 relationships leaves, and the process is killed between the two steps: none is lost."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from shared import clock
from shared.testing.eventually import eventually
from tests.suite.entry import LEAVING
from tests.suite.processes import Suite, embedded
from tests.suite.story import post

HELD = 12
TOLD = {"told_us_on": clock.now().date().isoformat()}
PASSWORD = "a password that is long enough"


@pytest.fixture
def suite(tmp_path: Path) -> Iterator[Suite]:
    """The suite as one process, not yet started."""
    made = embedded(tmp_path)
    yield made
    made.kill()


async def test_killed_between_the_two_steps_access_has_ended_and_every_relationship_is_with_the_caretaker(
    suite: Suite,
) -> None:
    await suite.start({"gateway": f"{LEAVING}:1"})
    async with suite.client() as client:
        leaver, caretaker, user, token = await _somebody_who_holds(client)
        with pytest.raises(httpx.TransportError):
            await client.post("/v1/handovers", json={"user": user, "caretaker": caretaker})
    suite.kill()
    await suite.start()
    async with suite.client() as client:
        refused = await client.get("/v1/me", headers={"authorization": f"Bearer {token}"})
        assert (refused.status_code, refused.json()["code"]) == (401, "credential_revoked")
        await eventually(lambda: _handed_over(client), within=30, every=0.1)
        (handover,) = (await client.get("/v1/stewardships/handovers")).json()["data"]
        listed = (await client.get(f"/v1/stewardships/handovers/{handover['id']}")).json()
        assert (listed["person"], len(listed["items"])) == (leaver, HELD)
        assert {item["care"]["person"] for item in listed["items"]} == {caretaker}
        held = (await client.get("/v1/stewardships", params={"holder": leaver, "state": "held"})).json()["data"]
        assert held == []
        assert (await _settled(client, listed, caretaker))["state"] == "closed"


async def _somebody_who_holds(client: httpx.AsyncClient) -> tuple[str, str, str, str]:
    """Whoever is to leave and a caretaker, the leaver's user, and the token of their session."""

    async def person(name: str) -> str:
        return str((await post(client, "/v1/sign-ups", {"person": {"given_name": name}}))["person"])

    leaver, caretaker, *friends = await asyncio.gather(*(person(f"Person {number}") for number in range(HELD + 2)))
    for friend in friends:
        offer = {"about": friend, "holder": leaver, "why": "They walk together."}
        offered = await post(client, "/v1/stewardships", offer)
        await post(client, f"/v1/stewardships/{offered['id']}/accept", TOLD)
    account = {"email": "leaver@example.org", "name": "Leaver", "role": "coordinator", "password": PASSWORD}
    user = await post(client, "/v1/users", account | {"person": leaver})
    session = await post(client, "/v1/sessions", {"email": account["email"], "password": PASSWORD})
    return leaver, caretaker, user["id"], session["token"]


async def _handed_over(client: httpx.AsyncClient) -> bool:
    (handover,) = (await client.get("/v1/handovers")).json()["data"]
    return bool(handover["state"] == "handed_over")


async def _settled(client: httpx.AsyncClient, listed: dict[str, Any], successor: str) -> dict[str, Any]:
    """The list after the caretaker accepted one half and the other half was ended."""
    for number, item in enumerate(listed["items"]):
        path = f"/v1/stewardships/handovers/{listed['id']}/items/{item['id']}"
        if number % 2:
            listed = await post(client, f"{path}/end", {"reason": "They said goodbye."})
            continue
        asked = await post(client, f"{path}/ask", {"person": successor, "why": "They know each other by now."})
        (line,) = (one for one in asked["items"] if one["id"] == item["id"])
        await post(client, f"/v1/stewardships/{line['successor']['stewardship']}/accept", TOLD)
        listed = await post(client, f"{path}/introduce", {"how": "together"})
    return listed
