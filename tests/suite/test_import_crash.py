"""An import under kill -9: whenever the process dies, nobody sees half of the file, and in the end all is there."""

from functools import partial
from pathlib import Path

import httpx

from shared.testing.eventually import eventually
from tests.suite.processes import embedded

ROWS = 800
FILE = "\n".join(("external_id.crm,given_name,email", *(f"{n},Ada,ada{n}@example.org" for n in range(ROWS)))).encode()


async def test_an_import_that_is_killed_shows_nothing_before_it_shows_all(tmp_path: Path) -> None:
    suite = embedded(tmp_path)
    try:
        await suite.start()
        async with suite.client() as client:
            query = {"source": "crm", "basis": "legitimate_interests"}
            answered = await client.post("/v1/imports", params=query, content=FILE)
            assert answered.status_code == 202, answered.text
            job = str(answered.json()["id"])
            # While it writes, and while it tells of what it has revealed.
            for far in (ROWS + 1, 2 * ROWS):
                await eventually(partial(_is_at, client, job, far), within=60, every=0.01)
                suite.kill()
                await suite.start()
                assert await _seen(client) in (0, ROWS)
            await eventually(lambda: _is_over(client, job), within=60)
            assert await _seen(client) == ROWS
            assert await _created(client) == ROWS
    finally:
        suite.stop()


async def _is_at(client: httpx.AsyncClient, job: str, done: int) -> bool:
    shown = (await client.get(f"/v1/jobs/{job}")).json()
    return bool(shown["done"] >= done) or shown["state"] == "succeeded"


async def _is_over(client: httpx.AsyncClient, job: str) -> bool:
    shown = (await client.get(f"/v1/jobs/{job}")).json()
    assert shown["state"] in ("queued", "running", "succeeded"), shown
    return bool(shown["state"] == "succeeded")


async def _seen(client: httpx.AsyncClient) -> int:
    return len((await client.get("/v1/people/export")).text.splitlines()) - 1


async def _created(client: httpx.AsyncClient) -> int:
    """How many people the feed has told of."""
    told: set[str] = set()
    cursor = None
    while True:
        query = {"types": "person.created", "limit": "200"} | ({"cursor": cursor} if cursor else {})
        page = (await client.get("/v1/events", params={**query, "wait": "2"})).json()
        told |= {event["data"]["person"] for event in page["data"]}
        cursor = page["next_cursor"]
        if not page["data"]:
            return len(told)
