"""Adoptions: who reports by which version, what of it is due by when, and what is missing."""

from datetime import UTC, datetime

from fastapi import FastAPI

from shared import clock
from shared.events.gateway import MovementCreated
from shared.events.members.merging import OrganisationMerged, OrganisationUnmerged
from shared.events.members.organisations import OrganisationEnded, OrganisationReinstated
from shared.ids import new_id
from shared.secrets import Secrets
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.measures.caller import Caller, rows
from tests.measures.definitions.steps import COUNT
from tests.neighbours import Neighbours

FOREST, CHELTENHAM, CUMBERLAND = "E07000080", "E07000078", "E06000063"
QUARTER = {"from": "2024-01-01", "to": "2024-03-31"}
APRIL_10 = datetime(2024, 4, 10, 12, tzinfo=UTC)


async def adopted(measures: Caller, version: str, **said: object) -> Json:
    body = {"measure_version": version, "starts_on": "2024-01-01", "places": [FOREST, CHELTENHAM]} | said
    return await measures.post("/v1/adoptions", body, status=201)


async def returns(measures: Caller, adoption: str, **asked: str | int) -> list[tuple[str, str, int, int, int]]:
    found = await measures.every(f"/v1/adoptions/{adoption}/returns", **asked)
    return [
        (each["period"], each["state"], each["expected"], each["reported"], each["missing_count"]) for each in found
    ]


async def test_a_partners_returns_say_what_is_due_by_when_and_what_is_missing(
    measures: Caller, neighbours: Neighbours, app: FastAPI, vouching: Secrets
) -> None:
    await measures.places()
    _, version = await measures.version("walks", **COUNT)
    partner = await neighbours.organisation(measures.movement)
    adoption = await adopted(measures, version, organisation=partner, cadence="quarter", due_days=14)
    async with Caller(app, vouching, measures.movement, organisation=partner) as reporter:
        figures = [f"{FOREST},2024-0{month},{month}" for month in (1, 2, 3)]
        await reporter.figures(version, rows(*figures, f"{CHELTENHAM},2024-01,4"))
        silent = rows(f"{CHELTENHAM},2024-02,not_collected,", header="place,period,status,value")
        await reporter.figures(version, silent)
    await measures.figures(version, rows(f"{CHELTENHAM},2024-03,9"))  # the movement's own are not the partner's
    with clock.frozen(APRIL_10):
        assert await returns(measures, adoption["id"], limit=1) == [
            ("2024-Q1", "due", 6, 4, 1),
            ("2024-Q2", "running", 6, 0, 6),
        ]
        first = (await measures.get(f"/v1/adoptions/{adoption['id']}/returns"))["data"][0]
        assert (first["due_on"], first["explained"]) == ("2024-04-14", 1)
        assert first["missing"] == [{"place": CHELTENHAM, "period": "2024-03"}]
    with clock.frozen(datetime(2024, 4, 15, 12, tzinfo=UTC)):
        assert (await returns(measures, adoption["id"], to="2024-03-31"))[0][1] == "overdue"
    whole = await measures.get("/v1/adoptions/completeness", measure_version=version, **QUARTER)
    assert [whole[each] for each in ("expected", "reported", "explained", "missing_count")] == [6, 4, 1, 1]
    assert [(each["organisation"], each["missing_count"]) for each in whole["partners"]] == [(partner, 1)]


@ON_ONE_DATABASE
async def test_nothing_is_asked_of_a_place_before_it_existed_or_of_days_outside_the_adoption(measures: Caller) -> None:
    await measures.places()
    _, version = await measures.version("walks", **COUNT)
    span = {"starts_on": "2023-02-10", "until": "2023-05-20", "places": [CUMBERLAND, FOREST]}
    adoption = await adopted(measures, version, cadence="calendar_year", **span)
    found = (await measures.get(f"/v1/adoptions/{adoption['id']}/returns"))["data"]
    assert [(each["period"], each["expected"]) for each in found] == [("2023", 3)]
    assert [(each["place"], each["period"]) for each in found[0]["missing"]] == [
        (FOREST, "2023-03"),
        (CUMBERLAND, "2023-04"),
        (FOREST, "2023-04"),
    ]


@ON_ONE_DATABASE
async def test_without_places_one_figure_a_period_is_asked_for(measures: Caller) -> None:
    await measures.places()
    _, version = await measures.version("walks", **COUNT)
    adoption = await adopted(measures, version, places=[], until="2024-02-29")
    await measures.figures(version, rows(f"{FOREST},2024-01,3"))
    assert adoption["cadence"] == "month"
    assert await returns(measures, adoption["id"]) == [
        ("2024-01", "complete", 1, 1, 0),
        ("2024-02", "overdue", 1, 0, 1),
    ]


async def test_a_partner_that_was_merged_keeps_what_it_reported_and_gets_it_back(
    measures: Caller, neighbours: Neighbours, app: FastAPI, vouching: Secrets
) -> None:
    await measures.places()
    _, version = await measures.version("walks", **COUNT)
    one, other = [await neighbours.organisation(measures.movement) for _ in range(2)]
    adoption = await adopted(measures, version, organisation=one, until="2024-01-31", places=[FOREST])
    async with Caller(app, vouching, measures.movement, organisation=other) as reporter:
        await reporter.figures(version, rows(f"{FOREST},2024-01,4"))
    path = f"/v1/adoptions/{adoption['id']}"
    await neighbours.tell(measures.movement, OrganisationMerged(organisation=one, into=other, merge=new_id("merge")))
    assert (await measures.get(path))["organisation"] == other
    assert (await returns(measures, adoption["id"]))[0][1] == "complete"
    for either in (one, other):
        assert [each["id"] for each in await measures.every("/v1/adoptions", organisation=either)] == [adoption["id"]]
    twice = {"organisation": other, "measure_version": version, "starts_on": "2024-01-15"}
    status, problem = await measures.refused("/v1/adoptions", twice)
    assert (status, problem["code"], problem["adoption"]) == (409, "adopted_already", adoption["id"])
    apart = OrganisationUnmerged(organisation=one, out_of=other, merge=new_id("merge"))
    await neighbours.tell(measures.movement, apart)
    assert (await measures.get(path))["organisation"] == one
    assert (await returns(measures, adoption["id"]))[0][1] == "overdue"


@ON_ONE_DATABASE
async def test_an_adoption_is_changed_by_whoever_read_it_and_told_of(measures: Caller) -> None:
    await measures.places()
    _, version = await measures.version("walks", **COUNT)
    adoption = await adopted(measures, version)
    path = f"/v1/adoptions/{adoption['id']}"
    answered = await measures.client.get(path)
    change = {"until": "2024-06-30", "due_days": 3, "places": [CHELTENHAM]}
    changed = await measures.client.patch(path, json=change, headers={"If-Match": answered.headers["etag"]})
    assert change.items() <= changed.json().items()
    assert (changed.headers["etag"], changed.json()["version"]) == ('"2"', 2)
    stale = await measures.client.patch(path, json=change, headers={"If-Match": '"1"'})
    assert (stale.status_code, (await measures.client.patch(path, json=change)).status_code) == (412, 428)
    reopened = await measures.client.patch(path, json={"until": None}, headers={"If-Match": "*"})
    assert reopened.json()["until"] is None
    bad = {"until": "2023-12-31", "places": ["E07999999"]}
    refused = await measures.client.patch(path, json=bad, headers={"If-Match": "*"})
    assert faults(refused.json()) == {"/until": "invalid_span", "/places/0": "unknown_place"}
    events = await measures.published(adoption["id"])
    assert [event for event, _ in events] == ["adoption.made", "adoption.changed", "adoption.changed"]
    assert events[0][1] == {"adoption": adoption["id"], "version": version, "organisation": None}


async def test_every_fault_of_an_adoption_is_named(measures: Caller, other: Caller, neighbours: Neighbours) -> None:
    await measures.places()
    _, version = await measures.version("walks", **COUNT | {"period_type": "quarter"})
    theirs = await neighbours.organisation(other.movement)
    body = {"organisation": theirs, "measure_version": version, "cadence": "academic_year", "starts_on": "2024-01-01"}
    status, problem = await measures.refused("/v1/adoptions", body | {"places": [FOREST, "E07999999"]})
    assert (status, faults(problem)) == (
        422,
        {"/organisation": "unknown_organisation", "/cadence": "does_not_nest", "/places/1": "unknown_place"},
    )
    elsewhere = await other.refused("/v1/adoptions", {"measure_version": version, "starts_on": "2024-01-01"})
    assert (elsewhere[0], faults(elsewhere[1])) == (422, {"/measure_version": "unknown_version"})
    backwards = {"measure_version": version, "starts_on": "2024-01-01", "until": "2023-01-01"}
    assert (await measures.refused("/v1/adoptions", backwards))[0] == 422


@ON_ONE_DATABASE
async def test_an_organisation_that_is_no_more_adopts_nothing(measures: Caller, neighbours: Neighbours) -> None:
    await measures.places()
    _, version = await measures.version("walks", **COUNT)
    partner = await neighbours.organisation(measures.movement)
    await neighbours.tell(measures.movement, OrganisationEnded(organisation=partner))
    body = {"organisation": partner, "measure_version": version, "starts_on": "2024-01-01"}
    assert faults((await measures.refused("/v1/adoptions", body))[1]) == {"/organisation": "organisation_ended"}
    await neighbours.tell(measures.movement, OrganisationReinstated(organisation=partner))
    await adopted(measures, version, organisation=partner)


@ON_ONE_DATABASE
async def test_a_draft_cannot_be_adopted(measures: Caller) -> None:
    measure = (await measures.post("/v1/measures", {"key": "walks", "title": "Walks"}))["id"]
    draft = (await measures.post(f"/v1/measures/{measure}/versions", COUNT))["id"]
    status, problem = await measures.refused("/v1/adoptions", {"measure_version": draft, "starts_on": "2024-01-01"})
    assert (status, problem["code"]) == (409, "version_not_published")


@ON_ONE_DATABASE
async def test_what_is_due_is_reckoned_in_the_movements_own_day(measures: Caller, neighbours: Neighbours) -> None:
    await measures.places()
    _, version = await measures.version("walks", **COUNT)
    adoption = await adopted(measures, version, due_days=0)
    with clock.frozen(datetime(2024, 1, 31, 12, tzinfo=UTC)):  # the first of February in Auckland
        assert (await returns(measures, adoption["id"]))[0][1] == "running"
        zone = MovementCreated(movement=measures.movement, time_zone="Pacific/Auckland")
        await neighbours.tell(measures.movement, zone)
        assert [each[:2] for each in await returns(measures, adoption["id"])] == [
            ("2024-01", "overdue"),
            ("2024-02", "running"),
        ]
