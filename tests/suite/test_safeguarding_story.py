"""A whole story of safeguarding through a running suite: what is left of it anywhere but in its own sealed rows."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from shared import clock
from tests.suite.processes import Suite, embedded
from tests.suite.story import post

PASSWORD = "a password that is long enough"
WORDS = ("flinches when the door", "Marigold Lodge", "a court order forbids", "0012345678", "MASH-4711")
"""What was said, in every field that takes words or numbers."""
KINDS = ("concern", "protect", "apart", "check_", "/checks", "safeguarding:")
"""What would tell, on the log or in a log line, that there was anything at all."""
TODAY = clock.now().date().isoformat()


@pytest.fixture
def suite(tmp_path: Path) -> Iterator[Suite]:
    """The suite as one process, not yet started."""
    made = embedded(tmp_path)
    yield made
    made.kill()


async def test_nothing_of_it_is_on_the_bus_in_the_logs_in_metrics_the_feed_or_any_file(
    suite: Suite, tmp_path: Path
) -> None:
    await suite.start()
    async with suite.client() as client:
        ids = await _story(client, suite.url)
        feed = (await client.get("/v1/events", params={"limit": 200})).text
        metrics = (await client.get(f"{suite.url}/metrics")).text
        found = await client.get("/v1/directory", params={"q": "Marigold"})
        timeline = await client.get(f"/v1/people/{ids['about']}/timeline")
    suite.stop()
    told = {"the feed": feed, "metrics": metrics, "search": found.text, "the timeline": timeline.text}
    told |= {path.name: _read(path) for path in (tmp_path / "data").glob("bus.db*")}
    told["the log"] = _read(tmp_path / "suite.log")
    secret = [*WORDS, *(value for name, value in ids.items() if name not in ("about", "other"))]
    for where, text in told.items():
        assert not [word for word in [*secret, *KINDS] if word in text], where
    for path in (tmp_path / "data").glob("*.db*"):
        assert not [word for word in WORDS if word in _read(path)], path.name


async def _story(client: httpx.AsyncClient, url: str) -> dict[str, str]:
    """Somebody raises a concern twice by two clicks; the lead answers it, checks, protects and keeps apart. The ids."""
    about, other = [await _person(client, name) for name in ("Tom", "Eve")]
    async with (
        _signed_in(url, await _session(client, "anna@example.org", "reader")) as anybody,
        _signed_in(url, await _session(client, "lea@example.org", "safeguarding")) as lead,
    ):
        said = {"words": f"He {WORDS[0]} opens.", "about": about, "action": f"Rang {WORDS[1]}."}
        clicks = [
            await anybody.post("/v1/concerns", json=said, headers={"Idempotency-Key": "click-twice"}) for _ in range(2)
        ]
        assert clicks[0].json() == clicks[1].json()
        concern = clicks[0].json()["id"]
        for another in (anybody, client):
            assert (await another.get(f"/v1/concerns/{concern}")).status_code == 404
        path = f"/v1/concerns/{concern}"
        await post(lead, f"{path}/acknowledge")
        await post(lead, f"{path}/refer", {"to": "The council", "reference": WORDS[4], "words": f"About {WORDS[1]}."})
        await post(lead, f"{path}/close", {"words": f"It was {WORDS[2]} it."})
        seen = {"number": WORDS[3], "issued_on": TODAY, "seen_on": TODAY, "level": "basic", "jurisdiction": "england"}
        check = await post(lead, "/v1/checks", seen | {"person": other, "role": "community_host"})
        pair = await post(lead, "/v1/keep-apart", {"person": about, "other": other})
        protection = await post(lead, "/v1/protected-people", {"person": about, "reason": f"{WORDS[2]} it."})
        assert (await lead.get(f"/v1/people/{about}")).status_code == 200
        assert (await client.get(f"/v1/people/{about}")).status_code == 404
    made = {"concern": concern, "check": check["id"], "pair": pair["id"], "protection": protection["id"]}
    return made | {"about": about, "other": other}


async def _person(client: httpx.AsyncClient, name: str) -> str:
    return str((await post(client, "/v1/sign-ups", {"person": {"given_name": name}}))["person"])


async def _session(client: httpx.AsyncClient, email: str, role: str) -> dict[str, Any]:
    """A session of a new user with a role."""
    await post(client, "/v1/users", {"email": email, "name": "Somebody", "role": role, "password": PASSWORD})
    return await post(client, "/v1/sessions", {"email": email, "password": PASSWORD})


def _signed_in(url: str, session: dict[str, Any]) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=url, headers={"authorization": f"Bearer {session['token']}"}, timeout=20)


def _read(path: Path) -> str:
    return path.read_bytes().decode("latin-1")
