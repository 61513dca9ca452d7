"""What came of an award, across services: its report is accepted, its figures are observations, its story a draft."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from shared.testing.eventually import eventually
from tests.suite.processes import Suite, embedded
from tests.suite.story import post, tell

ANY = {"if-match": "*"}


@pytest.fixture
def suite(tmp_path: Path) -> Iterator[Suite]:
    """The suite as one process, not yet started."""
    made = embedded(tmp_path)
    yield made
    made.kill()


async def test_an_accepted_report_becomes_observations_and_the_draft_of_a_story(suite: Suite) -> None:
    await suite.start()
    async with suite.client() as client:
        told = (await tell(client, client, "http://127.0.0.1:9/nobody")).ids
        award, version = told["award_id"], told["version"]
        counted = await client.put(f"/v1/awards/{award}/measures", json={"measures": [version]}, headers=ANY)
        assert counted.status_code == 200, counted.text
        report = await _written(client, award, version)
        await post(client, f"/v1/grant-reports/{report}/submit")
        await post(client, f"/v1/grant-reports/{report}/accept")
        shown = await eventually(lambda: _taken(client, report))
        outcomes = [(figure["outcome"], figure["fault"]) for figure in shown["figures"]]
        assert outcomes == [("taken", None), ("refused", "unknown_place")]
        (figure,) = [row for row in await _rows(client, "/v1/observations") if row["activity"] == award]
        assert (figure["value"], figure["period"]) == (12.5, "2024/25")
        assert figure["provenance"] == f"Report {report} of {award}"
        power = await client.get("/v1/backbone/power", params={"require": "shares,awards,funding"})
        assert power.status_code == 200, power.text
        solutions = power.json()["misperceptions"][1]  # the movement's own hand awarded all there is
        assert (solutions["holds"], solutions["figures"]["awards"]) == (True, 1.0)
        await _leads_from_pounds_to_a_measure(client, award, figure["id"])
        (story,) = await _rows(client, "/v1/stories")
        assert (story["state"], story["origin"], story["reference"]) == ("draft", "grant_report", report)
        assert story["words"] == "We know one another now"


async def _leads_from_pounds_to_a_measure(client: httpx.AsyncClient, award: str, figure: str) -> None:
    """The impact of the award: its funders and payments, its report, the figure of that, and of which measure it is."""
    impact = await client.get(f"/v1/awards/{award}/impact", params={"require": "award,funders,figures,measures"})
    assert impact.status_code == 200, impact.text
    content = {name: section["content"] for name, section in impact.json()["sections"].items()}
    assert content["award"]["id"] == content["funders"]["award"] == award
    assert {each["award"] for name in ("payments", "reports") for each in content[name]["data"]} == {award}
    assert [each["id"] for each in content["figures"]["data"]] == [figure]
    (measure,) = content["measures"]["data"]
    versions = await _rows(client, f"/v1/measures/{measure['id']}/versions")
    assert content["figures"]["data"][0]["measure_version"] in {each["id"] for each in versions}
    assert await _rows(client, "/v1/measures?activity=award_01j5x3m0e8f7v9q2k4t6w8y0ab") == []


async def _written(client: httpx.AsyncClient, award: str, version: str) -> str:
    report = (await post(client, "/v1/grant-reports", {"award": award, "due_on": "2027-03-31"}))["id"]
    figure = {"measure_version": version, "place": "E07000080", "period": "2024/25", "value": "12.5"}
    said = {
        "happened": "We walked",
        "took_part": "Twelve of us",
        "changed_for_people": "We know one another now",
        "figures": [figure, figure | {"place": "E99999999"}],
        "story": {"title": "Walking", "reach": "movement", "how": "spoken", "on": "2026-05-01"},
    }
    answered = await client.patch(f"/v1/grant-reports/{report}", json=said, headers=ANY)
    assert answered.status_code == 200, answered.text
    return str(report)


async def _taken(client: httpx.AsyncClient, report: str) -> dict[str, Any] | None:
    shown: dict[str, Any] = (await client.get(f"/v1/grant-reports/{report}")).json()
    return shown if all(figure["outcome"] for figure in shown["figures"]) else None


async def _rows(client: httpx.AsyncClient, path: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = (await client.get(path)).json()["data"]
    return rows
