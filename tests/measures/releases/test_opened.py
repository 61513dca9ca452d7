"""What stands open: a catalogue, the data and the plan of what was published to everybody, and nothing else."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from shared.secrets import Secrets
from shared.testing.service import ON_ONE_DATABASE
from tests.measures.caller import Caller
from tests.measures.releases.steps import anybody, checked, county, known, published, step

pytestmark = ON_ONE_DATABASE
ROOT = "/open/we-can-move/measures"


@pytest.fixture
async def public(app: FastAPI, vouching: Secrets, measures: Caller) -> AsyncIterator[httpx.AsyncClient]:
    """Whoever comes by way of the gateway without a key."""
    told = {"backbone-public-url": "https://data.example.org", "backbone-movement-name": "We%20can%20move"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://measures", headers=told, auth=anybody(measures, vouching)
    ) as client:
        yield client


async def test_the_catalogue_leads_to_the_data_and_to_the_plan(measures: Caller, public: httpx.AsyncClient) -> None:
    _, version = await county(measures)
    await published(measures, version, audience="partners")
    release = await published(measures, version, note="Walkers of the year.")
    catalogue = (await public.get(ROOT)).json()
    assert (catalogue["@type"], catalogue["dct:title"]) == ("dcat:Catalog", "Measures of We can move")
    (found,) = catalogue["dcat:dataset"]
    assert found["dct:identifier"] == release["id"]
    assert (found["hidden"], found["profile"], found["adms:status"]) == (2, "below_10/1", "published")
    files = {each["dcat:mediaType"]: each for each in found["dcat:distribution"]}
    assert files["text/csv"]["spdx:checksum"]["spdx:checksumValue"] == release["hashes"]["csv"]
    address = files["text/csv"]["dcat:downloadURL"]
    assert address == f"https://data.example.org{ROOT}/releases/{release['id']}/data.csv"
    csv = await public.get(address.removeprefix("https://data.example.org"))
    assert csv.headers["content-type"].startswith("text/csv")
    first, forest = csv.text.splitlines()[:2]
    assert first.startswith("place,period,period_start")
    assert forest.split(",")[8:] == ["reported", "=", "60.0", "", "", ""], "Cheltenham, by its code"
    plan = (await public.get(f"{ROOT}/releases/{release['id']}/plan")).json()
    assert {each["place"] for each in plan["hidden"]} == {"E07000079", "E07000080"}
    assert (await public.get(f"{ROOT}/releases/{release['id']}/data.json")).json()["release"] == release["id"]


async def test_who_has_it_already_is_told_so(measures: Caller, public: httpx.AsyncClient) -> None:
    _, version = await county(measures)
    release = await published(measures, version)
    address = f"{ROOT}/releases/{release['id']}/data.csv"
    first = await public.get(address)
    assert first.headers["last-modified"].endswith("GMT")
    again = await public.get(address, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_a_superseded_release_stays_and_names_the_next_one(measures: Caller, public: httpx.AsyncClient) -> None:
    _, version = await county(measures)
    old = await published(measures, version)
    await known(measures, version, {"E07000078": 70, "E10000013": 110})
    new = await published(measures, version, supersedes=old["id"])
    said = (await public.get(f"{ROOT}/releases/{old['id']}")).json()
    there = f"https://data.example.org{ROOT}/releases/{new['id']}"
    assert (said["adms:status"], said["dct:isReplacedBy"]) == ("superseded", there)
    data = await public.get(f"{ROOT}/releases/{old['id']}/data.csv")
    assert data.headers["link"] == f'<{ROOT}/releases/{new["id"]}/data.csv>; rel="successor-version"'
    standing = (await public.get(ROOT)).json()["dcat:dataset"]
    assert [each["dct:identifier"] for each in standing] == [new["id"]]


async def test_what_was_withdrawn_is_gone_and_says_why(measures: Caller, public: httpx.AsyncClient) -> None:
    _, version = await county(measures)
    release = await step(measures, await published(measures, version), "withdraw", {"because": "the wrong year"})
    said = (await public.get(f"{ROOT}/releases/{release['id']}")).json()
    assert (said["adms:status"], said["adms:versionNotes"]) == ("withdrawn", "the wrong year")
    assert said["dcat:distribution"] == []
    assert (await public.get(f"{ROOT}/releases/{release['id']}/data.csv")).status_code == 410


async def test_what_is_not_published_to_everybody_is_not_there(measures: Caller, public: httpx.AsyncClient) -> None:
    _, version = await county(measures)
    for release in (await checked(measures, version), await published(measures, version, audience="partners")):
        for path in ("", "/plan", "/data.csv", "/data.json"):
            assert (await public.get(f"{ROOT}/releases/{release['id']}{path}")).status_code == 404, path
    assert (await public.get("/v1/releases")).status_code == 403
    assert (await public.get("/v1/observations")).status_code == 403
