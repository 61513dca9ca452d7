"""A canary planted everywhere is erased, under kill -9: nothing holds their name, addresses or numbers any more."""

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.cli import DATA_SERVICES
from shared.testing.eventually import eventually
from shared.testing.postgres import PostgresServer
from shared.testing.service import migrate
from tests.gateway.receiver import Receiver
from tests.suite.canary import EMAIL, FAMILY, GIVEN, OTHER_EMAIL, STREET, TRACES, Planted, plant
from tests.suite.entry import BEFORE_THE_DISK, ROWS_GONE
from tests.suite.processes import Suite, embedded

SERVICES = {"gateway", "grants", "measures", "members"}


@pytest.fixture
def suite(tmp_path: Path) -> Iterator[Suite]:
    """The suite as one process, not yet started."""
    made = embedded(tmp_path)
    yield made
    made.kill()


async def test_erased_under_kill_9_nothing_in_tables_logs_metrics_answers_or_the_bytes_of_files_tells_of_them(
    suite: Suite, receiver: Receiver, tmp_path: Path
) -> None:
    await suite.start({"gateway": f"{ROWS_GONE}:1"})
    async with suite.client() as client:
        planted = await plant(client, receiver)
        found = traces_in(tmp_path / "data")
        assert {"members.db", "grants.db", "measures.db", "gateway.db"} <= {name.split("-")[0] for name in found}
        erasure = await begun(client, planted)
        await killed(suite)
        await suite.start({"gateway": f"{BEFORE_THE_DISK}:1"})
        await killed(suite)
        await suite.start()
        await eventually(lambda: completed(client, erasure), within=60, every=0.1)
        receipts = (await client.get(f"/v1/erasures/{erasure}")).json()["receipts"]
        assert {receipt["service"] for receipt in receipts} == SERVICES
        assert all(receipt["records"] > 0 for receipt in receipts)
        await holds_nothing(client, suite, tmp_path)
        await the_rest_stays(client, planted)
        await never_by_an_import_but_by_themself(client)


@pytest.fixture
def databases(postgres_server: PostgresServer) -> Iterator[str]:
    """The address of a migrated PostgreSQL database of each service, with ``{service}`` in it."""
    url = postgres_server.copies_of({service: partial(migrate, service) for service in DATA_SERVICES})
    yield url
    for each in of_services(url):
        postgres_server.drop(each)


async def test_on_postgresql_no_file_of_the_server_tells_of_them_once_its_log_is_switched(
    postgres_server: PostgresServer, databases: str, receiver: Receiver, tmp_path: Path
) -> None:
    """What its log holds until then is the server's, as are its backups; the bytes of dead rows are ours to clear."""
    suite = embedded(tmp_path, databases)
    try:
        await suite.start()
        async with suite.client() as client:
            planted = await plant(client, receiver)
            for url in of_services(databases):
                postgres_server.gather_statistics(url)  # as it does by itself, sooner or later
                assert traces_of(postgres_server.files(url)), url
            erasure = await begun(client, planted)
            await eventually(lambda: completed(client, erasure), within=60, every=0.1)
            await holds_nothing(client, suite, tmp_path)
            await the_rest_stays(client, planted)
            assert traces_of(file for url in of_services(databases) for file in postgres_server.files(url)) == {}
    finally:
        suite.kill()


def of_services(databases: str) -> list[str]:
    """The address of each service's database."""
    return [databases.replace("{service}", service) for service in DATA_SERVICES]


async def killed(suite: Suite) -> None:
    """Wait until it has killed itself."""
    await eventually(lambda: not suite.processes["gateway"].alive, within=30)
    suite.kill()


async def holds_nothing(client: httpx.AsyncClient, suite: Suite, folder: Path) -> None:
    """Nothing in any file, the log, the metrics or what anybody can ask for."""
    assert traces_in(folder) == {}
    metrics = (await client.get(suite.url.replace("/v1", "") + "/metrics")).text
    exported = (await client.get("/v1/people/export")).text
    feed = (await client.get("/v1/events", params={"limit": 200})).text
    assert [trace for trace in TRACES if trace in metrics + exported + feed] == []


async def the_rest_stays(client: httpx.AsyncClient, planted: Planted) -> None:
    """What is others' is there without them, their access has ended, and who waited has their place."""
    for person in (planted.person, planted.merged):
        assert (await client.get(f"/v1/people/{person}")).status_code == 404
    witness = (await client.get(f"/v1/people/{planted.witness}")).json()
    assert witness["access_needs"] == "rides with [erased] of [erased] ([erased], [erased]) opened the door."
    refused = await client.get("/v1/me", headers={"authorization": f"Bearer {planted.token}"})
    assert refused.status_code == 401
    bookings = (await client.get("/v1/bookings", params={"person": planted.witness})).json()["data"]
    assert [booking["state"] for booking in bookings] == ["booked"]
    totals = (await client.get("/v1/overview")).json()["sections"]["totals"]["content"]
    assert (totals["people"], totals["memberships"]) == (2, 2)


async def never_by_an_import_but_by_themself(client: httpx.AsyncClient) -> None:
    """An import of the old list leaves them out and says so; a sign-up is theirs to make."""
    file = f"external_id.crm,given_name,family_name,email\nc-1,Perry,{FAMILY},{OTHER_EMAIL}\n".encode()
    query = {"source": "crm", "basis": "consent", "on_error": "skip"}
    job = (await client.post("/v1/imports", params=query, content=file)).json()["id"]

    async def over() -> Any:
        shown = (await client.get(f"/v1/jobs/{job}")).json()
        return shown if shown["state"] == "succeeded" else None

    assert (await eventually(over, within=30))["result"]["new"] == 0
    assert "suppressed" in (await client.get(f"/v1/jobs/{job}/faults")).text
    back = {"person": {"given_name": GIVEN, "family_name": FAMILY, "emails": [{"address": EMAIL}]}}
    assert (await client.post("/v1/sign-ups", json=back)).status_code == 201


async def begun(client: httpx.AsyncClient, planted: Planted) -> str:
    """Ask, verify and begin; the erasure's id."""
    admin = {"authorization": f"Bearer {planted.admin}", "if-match": "*"}
    asked = await client.post("/v1/erasures", json={"person": planted.person, "also": [STREET]}, headers=admin)
    assert asked.status_code == 201, asked.text
    name = str(asked.json()["id"])
    for step, body in (("verification", {"how": "document_seen"}), ("start", {})):
        taken = await client.post(f"/v1/erasures/{name}/{step}", json=body, headers=admin)
        assert taken.is_success, taken.text
    return name


async def completed(client: httpx.AsyncClient, name: str) -> bool:
    """Whether the erasure is over."""
    found = (await client.get(f"/v1/erasures/{name}")).json()
    assert found["state"] != "refused", found
    return bool(found["state"] == "completed")


def traces_in(folder: Path) -> dict[str, list[str]]:
    """The files under a folder that hold anything of them, and what."""
    return traces_of(each for each in sorted(folder.rglob("*")) if each.is_file())


def traces_of(files: Iterable[Path]) -> dict[str, list[str]]:
    """Those of the files that hold anything of them, and what."""
    found = {}
    for path in files:
        content = path.read_bytes()
        if held := [trace for trace in TRACES if trace.encode() in content]:
            found[path.name] = held
    return found
