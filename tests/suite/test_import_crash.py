"""Imports under kill -9: whenever the process dies, nobody sees half of the file, and in the end all is there."""

from functools import partial
from pathlib import Path

import httpx

from shared.testing.eventually import eventually
from tests.suite.processes import embedded

ROWS = 800
PLACES = [f"E07{number:06}" for number in range(1, 11)]
MONTHS = [f"{year}-{month:02}" for year in range(2010, 2020) for month in range(1, 13)]
FIGURES = "\n".join(("place,period,value", *(f"{place},{month},7" for place in PLACES for month in MONTHS)))
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


async def test_a_file_of_figures_that_is_killed_shows_nothing_before_it_shows_all(tmp_path: Path) -> None:
    suite = embedded(tmp_path)
    rows = len(PLACES) * len(MONTHS)
    try:
        await suite.start()
        async with suite.client() as client:
            version = await _defined(client)
            query = {"measure_version": version}
            headers = {"content-type": "text/csv"}
            path = "/v1/observations/imports/background"
            asked = await client.post(path, params=query, content=FIGURES, headers=headers)
            assert asked.status_code == 202, asked.text
            job = str(asked.json()["id"])
            # While it is checked, while it is written where nobody sees it, and while it is told of.
            for far in (1, 3 * rows, 4 * rows + 1):
                await eventually(partial(_is_at, client, job, far), within=60, every=0.01)
                suite.kill()
                await suite.start()
                assert await _figures(client) in (0, rows)
            await eventually(lambda: _is_over(client, job), within=60)
            assert await _figures(client) == rows
            result = (await client.get(f"/v1/jobs/{job}")).json()["result"]
            assert (result["rows"], result["new"], result["faulty"]) == (rows, rows, 0)
    finally:
        suite.stop()


async def _defined(client: httpx.AsyncClient) -> str:
    """The places, and a published measure that counts by month; the id of its version."""
    places = "\n".join(("code,name,kind,parent", *(f"{code},{code},District," for code in PLACES)))
    csv = {"content-type": "text/csv"}
    assert (await client.post("/v1/places/imports", content=places, headers=csv)).is_success
    measure = (await client.post("/v1/measures", json={"key": "walks", "title": "Walks"})).json()["id"]
    path = f"/v1/measures/{measure}/versions"
    said = {"kind": "flow", "unit": "events", "period_type": "month"}
    version = str((await client.post(path, json=said)).json()["id"])
    assert (await client.post(f"{path}/{version}/publish")).is_success
    return version


async def _figures(client: httpx.AsyncClient) -> int:
    """How many figures anybody can see."""
    seen, query = 0, {"limit": "200"}
    while True:
        page = (await client.get("/v1/observations", params=query)).json()
        seen += len(page["data"])
        if page["next_cursor"] is None:
            return seen
        query["cursor"] = page["next_cursor"]


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
