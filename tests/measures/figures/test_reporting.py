"""Figures reported one by one or many at once: components, bounds, corrections, and every fault by its pointer."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI

from shared import clock
from shared.events.members.merging import OrganisationMerged
from shared.events.members.organisations import OrganisationCreated
from shared.ids import new_id
from shared.secrets import Secrets
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.measures.caller import Caller, rows
from tests.neighbours import Neighbours, WhenAsked, made, nobody

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
FOREST: Json = {"place": "E07000080", "period": "2024/25"}


@pytest.fixture
async def version(measures: Caller) -> str:
    """A published ratio in percent, by survey year."""
    await measures.places()
    return (await measures.version())[1]


@pytest.fixture
async def mean(measures: Caller) -> str:
    """A published mean of points."""
    await measures.places()
    return (await measures.version("satisfaction", kind="mean", unit="points"))[1]


async def test_a_figure_is_reported_corrected_for_a_reason_and_read_as_of_any_moment(
    measures: Caller, version: str
) -> None:
    first = FOREST | {"measure_version": version, "numerator": 20, "denominator": 100, "provenance": "a survey"}
    with clock.frozen(NOON) as stopped:
        known = await measures.post("/v1/observations", first, status=201)
        assert (known["revision"], known["numerator"], known["bound"], known["programme"]) == (1, 20, "=", None)
        stopped.advance(timedelta(hours=1))
        assert await measures.post("/v1/observations", first, status=200) == known

        corrected = first | {"numerator": 21}
        status, problem = await measures.refused("/v1/observations", corrected)
        assert (status, faults(problem)) == (422, {"/reason": "reason_needed"})
        second = await measures.post("/v1/observations", corrected | {"reason": "one form was found late"}, status=201)
        assert (second["revision"], second["reason"]) == (2, "one form was found late")

        before, after = (NOON + timedelta(minutes=minutes) for minutes in (59, 61))
        as_of = {
            moment: await measures.every("/v1/observations", as_of=moment.isoformat()) for moment in (before, after)
        }
        assert as_of == {before: [known], after: [second]}
        assert await measures.every("/v1/observations", updated_since=after.isoformat()) == []
    told = await measures.every(f"/v1/observations/{known['id']}/revisions", limit=1)
    assert told == [known, second]


@ON_ONE_DATABASE
async def test_a_mean_is_reported_in_the_sums_that_it_is_added_up_from(measures: Caller, mean: str) -> None:
    sums = {"measure_version": mean, "n": 3, "sum_x": "21.5", "sum_x2": 160.25}
    kept = await measures.post("/v1/observations", FOREST | sums)
    assert (kept["value"], kept["n"], kept["sum_x"], kept["sum_x2"]) == (None, 3, 21.5, 160.25)


@ON_ONE_DATABASE
async def test_at_least_thirty_stays_a_bound(measures: Caller) -> None:
    await measures.places()
    _, version = await measures.version("walkers", kind="flow", unit="people", period_type="month")
    walk = {"measure_version": version, "place": "E07000080", "period": "2026-03", "value": 30, "bound": ">="}
    assert (await measures.post("/v1/observations", walk))["bound"] == ">="
    file = rows("E07000080,2026-03,30,≥", "E07000080,2026-04,35,<=", header="place,period,value,bound")
    assert (await measures.figures(version, file))["unchanged"] == 1
    assert [found["bound"] for found in await measures.every("/v1/observations")] == [">=", "<="]


@ON_ONE_DATABASE
async def test_programmes_and_activities_have_figures_of_their_own(measures: Caller, version: str) -> None:
    programme, activity = new_id("programme"), "walks"
    figures = [
        FOREST | {"value": 20},
        FOREST | {"value": 25, "programme": programme},
        FOREST | {"value": 30, "programme": programme, "activity": activity},
    ]
    report = await measures.post("/v1/observations/bulk", {"measure_version": version, "figures": figures}, status=201)
    assert (report["new"], [found["revision"] for found in report["observations"]]) == (3, [1, 1, 1])
    of_both = await measures.every("/v1/observations", programme=programme, activity=activity)
    assert [found["value"] for found in of_both] == [30]
    assert len(await measures.every("/v1/observations", programme=programme)) == 2


async def test_a_bulk_report_is_taken_whole_and_again_changes_nothing(measures: Caller, version: str) -> None:
    figures = [FOREST | {"period": f"{year}/{year - 1999}", "value": 20.5} for year in range(2010, 2020)]
    body = {"measure_version": version, "figures": [*figures, figures[0]]}
    first = await measures.post("/v1/observations/bulk", body, status=201)
    again = await measures.post("/v1/observations/bulk", body, status=200)
    assert (first["new"], again["new"], again["unchanged"]) == (10, 0, 10)
    assert again["observations"] == first["observations"]
    announced = [event for event, _ in await measures.published(version) if event == "observation.recorded"]
    assert len(announced) == 10


BAD: list[tuple[Json, dict[str, str]]] = [
    ({"numerator": 11, "denominator": 10}, {"numerator": "out_of_range"}),
    ({"numerator": -1, "denominator": 10}, {"numerator": "out_of_range"}),
    ({"value": 110}, {"value": "out_of_range"}),
    ({"value": -0.5}, {"value": "out_of_range"}),
    ({}, {"value": "no_figure"}),
    ({"value": 20, "place": "E99999999"}, {"place": "unknown_place"}),
    ({"value": 20, "place": "E06000063", "period": "2015/16"}, {"place": "place_did_not_exist"}),
    ({"value": 20, "period": "2024"}, {"period": "invalid_period"}),
    ({"value": 20, "place": "Forest", "period": "2024", "cell": "Sex"},
     {"place": "unknown_place", "period": "invalid_period", "cell": "invalid_cell"}),
    ({"n": 3, "sum_x": 6}, {"sum_x": "not_a_mean"}),
    ({"value": 20, "programme": "The Walks"}, {"programme": "invalid_reference"}),
    ({"status": "suppressed", "value": 3}, {"status": "figure_and_reason"}),
    ({"status": "not_collected", "bound": ">="}, {"bound": "figure_and_reason"}),
]  # fmt: skip


@ON_ONE_DATABASE
async def test_every_fault_is_named_by_its_pointer_and_nothing_is_taken(measures: Caller, version: str) -> None:
    figures = [FOREST | {"period": f"{2000 + number}/{number + 1:02}"} | wrong for number, (wrong, _) in enumerate(BAD)]
    good = FOREST | {"value": 20, "place": "E07000078"}
    body = {"measure_version": version, "figures": [*figures, good]}
    status, problem = await measures.refused("/v1/observations/bulk", body)
    expected = {f"/figures/{at}/{cell}": code for at, (_, named) in enumerate(BAD) for cell, code in named.items()}
    assert (status, faults(problem)) == (422, expected)
    assert await measures.every("/v1/observations", revisions="all") == []


@ON_ONE_DATABASE
async def test_two_figures_for_one_key_in_one_report_are_refused(measures: Caller, version: str) -> None:
    body = {"measure_version": version, "figures": [FOREST | {"value": 20}, FOREST | {"value": 21, "cell": "all"}]}
    status, problem = await measures.refused("/v1/observations/bulk", body)
    assert (status, faults(problem)) == (422, {"/figures/1": "contradicted"})


@ON_ONE_DATABASE
async def test_a_version_that_is_not_there_or_not_published_takes_no_figure(measures: Caller) -> None:
    await measures.places()
    figure = FOREST | {"value": 20}
    status, problem = await measures.refused("/v1/observations", figure | {"measure_version": new_id("mver")})
    assert (status, faults(problem)) == (422, {"/measure_version": "unknown_version"})
    measure = (await measures.post("/v1/measures", {"key": "new", "title": "New"}))["id"]
    draft = {"kind": "ratio", "unit": "percent", "period_type": "survey_year"}
    version = (await measures.post(f"/v1/measures/{measure}/versions", draft))["id"]
    status, problem = await measures.refused("/v1/observations", figure | {"measure_version": version})
    assert (status, problem["code"]) == (409, "version_not_published")


async def test_two_corrections_at_once_are_two_revisions(measures: Caller, version: str) -> None:
    said = [FOREST | {"measure_version": version, "value": value, "reason": "recounted"} for value in range(8)]
    await asyncio.gather(*(measures.post("/v1/observations", figure, status=201) for figure in said))
    every = await measures.every("/v1/observations", revisions="all")
    assert sorted(found["revision"] for found in every) == list(range(1, 9))


async def test_figures_of_a_partner_that_was_just_entered_wait_for_word_of_it(
    app: FastAPI, measures: Caller, version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked, partner = WhenAsked(monkeypatch), made()
    figure = FOREST | {"measure_version": version, "value": 20, "reporter": partner}
    asked = asyncio.create_task(measures.client.post("/v1/observations", json=figure))
    await looked.wait()
    assert not asked.done(), (await asked).text
    await Neighbours(app).tell(measures.movement, OrganisationCreated(organisation=partner))
    answer = await asked
    assert (answer.status_code, answer.json().get("reporter")) == (201, partner), answer.text


@ON_ONE_DATABASE
async def test_a_partners_key_reports_its_own_figures_and_the_movements_those_of_partners(
    app: FastAPI, vouching: Secrets, measures: Caller, version: str
) -> None:
    neighbours = Neighbours(app)
    partner, another = [await neighbours.organisation(measures.movement) for _ in range(2)]
    figure = FOREST | {"measure_version": version, "value": 20}
    async with Caller(app, vouching, measures.movement, organisation=partner) as own:
        assert (await own.post("/v1/observations", figure))["reporter"] == partner
        status, problem = await own.refused("/v1/observations", figure | {"reporter": another})
        assert (status, faults(problem)) == (422, {"/reporter": "not_yours"})
    on_behalf = await measures.post("/v1/observations", figure | {"reporter": partner}, status=200)
    assert on_behalf["reporter"] == partner
    assert [found["reporter"] for found in await measures.every("/v1/observations", reporter=partner)] == [partner]
    status, problem = await measures.refused("/v1/observations", figure | {"reporter": nobody()})
    assert (status, faults(problem)) == (422, {"/reporter": "unknown_organisation"})
    merged = await neighbours.organisation(measures.movement)
    await neighbours.tell(
        measures.movement, OrganisationMerged(organisation=merged, into=partner, merge=new_id("merge"))
    )
    under_its_old_id = figure | {"reporter": merged, "value": 30, "reason": "recounted"}
    assert (await measures.post("/v1/observations", under_its_old_id))["reporter"] == partner
