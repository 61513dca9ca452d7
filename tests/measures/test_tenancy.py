"""The wall between movements: another movement's ids are not there, and its lists are not seen."""

from functools import partial

from fastapi import FastAPI

from shared.ids import new_id
from shared.needs import scopes
from shared.secrets import Secrets
from shared.testing.caller import assert_each_route_needs_its_scope
from shared.testing.service import ON_ONE_DATABASE
from tests.measures.caller import PERCENT, Caller, rows

BAD = rows("E07000080,2015,21.2")


async def test_another_movement_sees_nothing_by_id_and_nothing_in_lists(measures: Caller, other: Caller) -> None:
    await measures.places()
    measure, version = await measures.version()
    report = await measures.figures(version, rows("E07000080,2015/16,21.2"))
    refused = (await measures.figures_sent(version, BAD)).json()
    observation = (await measures.every("/v1/observations"))[0]["id"]
    adoption = await measures.post("/v1/adoptions", {"measure_version": version, "starts_on": "2024-01-01"})
    word = await measures.post("/v1/glossary", {"word": "adult", "meaning": "19 and over"})
    wanted = {"measure_version": version, "place": "E07000080", "period": "2027/28", "value": 20}
    target = await measures.post("/v1/targets", wanted)
    days = "from=2024-01-01&to=2024-12-31"
    release = await measures.post("/v1/releases", {"measure_version": version, "title": "Inactive adults"})
    await measures.post("/v1/disclosure-profiles", {"key": "ours", "title": "x", "source": "x", "method": "suppress"})
    for path in (
        f"/v1/glossary/{word['id']}",
        f"/v1/measures/{measure}/versions/{version}/comments",
        f"/v1/measures/{measure}/versions/{version}/comparability",
        *(f"/v1/releases/{release['id']}{of}" for of in ("", "/plan", "/verification", "/data.csv", "/data.json")),
        "/v1/disclosure-profiles/ours",
        f"/v1/adoptions/{adoption['id']}",
        f"/v1/adoptions/{adoption['id']}/returns",
        f"/v1/adoptions/completeness?measure_version={version}&{days}",
        f"/v1/targets/{target['id']}",
        f"/v1/measures/{measure}",
        f"/v1/measures/{measure}/versions",
        f"/v1/measures/{measure}/versions/{version}",
        f"/v1/measures/{measure}/series?place=E07000080",
        f"/v1/measures/{measure}/drill-down?place=E07000080&of=lsoa&period=2015/16",
        f"/v1/measures/{measure}/coverage",
        f"/v1/measures/{measure}/series-by-place?places=E07000080",
        f"/v1/measures/{measure}/comparison?period=2015/16&places=E07000080",
        f"/v1/measures/{measure}/equity?place=E07000080&period=2015/16&dimension=sex",
        f"/v1/measures/{measure}/roll-up?over=place&place=E07000080&from=2015/16",
        f"/v1/observations/{observation}",
        f"/v1/observations/{observation}/revisions",
        f"/v1/observations/imports/{report['id']}",
        f"/v1/observations/imports/{report['id']}/faults",
        f"/v1/observations/imports/{refused['import_id']}",
        f"/v1/observations/imports/{refused['import_id']}/faults",
        f"/v1/places/imports/{report['id']}",
    ):
        assert (await other.refused(path, method="GET"))[0] == 404, path
    for path in (f"/v1/measures/{measure}/versions", f"/v1/measures/{measure}/versions/{version}/publish"):
        assert (await other.refused(path, PERCENT))[0] == 404, path
    assert (await other.figures_sent(version, rows("E07000080,2015/16,21.2"))).status_code == 404
    for path in (
        "/v1/glossary",
        "/v1/adoptions",
        "/v1/targets",
        "/v1/measures",
        "/v1/observations",
        f"/v1/observations?measure_version={version}&revisions=all",
    ):
        assert (await other.client.get(path)).json() == {"data": [], "next_cursor": None}


async def test_a_cursor_belongs_to_the_movement_that_was_given_it(measures: Caller, other: Caller) -> None:
    await measures.version("one")
    await measures.version("two")
    cursor = (await measures.get("/v1/measures", limit=1))["next_cursor"]
    assert (await other.refused("/v1/measures", method="GET", cursor=cursor))[1]["code"] == "invalid_cursor"


@ON_ONE_DATABASE
async def test_each_route_asks_for_its_scope(app: FastAPI, vouching: Secrets) -> None:
    found = scopes(app)
    assert found.pop("POST /v1/places/imports") == "places:write"
    assert found.pop("POST /internal/people/records") == "archives:read"  # for an archive, which members gathers
    opened = [route for route in found if "/open/{movement}/" in route]
    assert {found.pop(route) for route in opened} == {"open:read"}
    assert found.pop("GET /internal/retention") == "retention:read"  # for the schedule, which members shows
    traced = [route for route in found if "/internal/trace/" in route]
    assert {found.pop(route) for route in traced} == {"events:read"}  # for traces, which the gateway gathers
    assert set(found.values()) == {
        "definition_comments:write", "kpis:read", "kpis:write",
        "adoptions:read", "adoptions:write", "targets:read", "targets:write",
        "surveys:read", "surveys:write", "responses:read", "responses:write", "hooks:write",
        "places:read", "places:write", "measures:read", "measures:write", "observations:read", "observations:write",
        "submissions:read", "submissions:write", "jobs:read", "jobs:write",
        "instruments:read", "instruments:write",
        "releases:read", "releases:write",
        "frameworks:read", "frameworks:write", "assessments:read", "assessments:write",
        "stories:read", "stories:write",
    }  # fmt: skip
    await assert_each_route_needs_its_scope(app, partial(Caller, app, vouching, new_id("movement")))
