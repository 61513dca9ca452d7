"""The read model: it says what the store says, at once after a correction, and is made again where it is gone."""

import random
import shutil
from collections.abc import Sequence
from pathlib import Path

from fastapi import FastAPI

from services.measures.measures.models import Kind
from services.measures.measures.rollups import Over, RollUp
from services.measures.observations.models import Amount, Bound, FigureStatus
from services.measures.rollups.adding import Rule, roll_up
from shared.secrets import Secrets
from shared.testing.caller import Json
from shared.testing.service import ON_ONE_DATABASE
from tests.measures.caller import Caller, rows
from tests.plugins.parts import scale

DISTRICTS = [f"E070000{number}" for number in range(10, 14)]
STATUSES = "place,period,value,n,status"
AREAS = {f"E010000{number}": DISTRICTS[number % 4] for number in range(20, 44)}
PLACES = "\n".join(
    (
        "code,name,kind,parent", "E10000001,Shire,County,",
        *(f"{code},District {code},District,E10000001" for code in DISTRICTS),
        *(f"{code},Area {code},LSOA,{district}" for code, district in AREAS.items()),
    )
)  # fmt: skip


async def drilled(measures: Caller, measure: str, **query: str) -> dict[str, Json]:
    asked = {"place": "E10000001", "of": "lsoa", "period": "2023/24"} | query
    found = await measures.get(f"/v1/measures/{measure}/drill-down", **asked)
    return {row["place"]["code"]: row for row in found["rows"]}


async def shares(measures: Caller) -> tuple[str, str]:
    await measures.places(PLACES)
    return await measures.version("share", roll_ups={"place": "recompute"})


def file_of(numerators: Sequence[int], status: str = "") -> str:
    lines = (f"{code},2023/24,{x},100,{status}" for code, x in zip(AREAS, numerators, strict=True))
    return rows(*lines, header="place,period,numerator,denominator,status")


async def test_it_adds_up_what_the_store_knows_and_a_correction_shows_at_once(measures: Caller) -> None:
    measure, version = await shares(measures)
    await measures.figures(version, file_of(range(24)))
    found = await drilled(measures, measure)
    numerators = dict(zip(AREAS, range(24), strict=True))
    for district in DISTRICTS:
        of_district = [x for code, x in numerators.items() if AREAS[code] == district]
        figure = found[district]["figure"]
        assert (figure["numerator"], figure["denominator"]) == (sum(of_district), 600)
        assert (found[district]["expected"], found[district]["present"]) == (6, 6)
        assert figure["interval"]["method"] == "wilson"
    corrected = next(code for code in AREAS if AREAS[code] == DISTRICTS[0])
    await measures.figures(version, rows(f"{corrected},2023/24,90,100", header="place,period,numerator,denominator"))
    again = await drilled(measures, measure)
    assert (
        again[DISTRICTS[0]]["figure"]["numerator"]
        == found[DISTRICTS[0]]["figure"]["numerator"] - numerators[corrected] + 90
    )
    assert {code: row for code, row in again.items() if code != DISTRICTS[0]} == {
        code: row for code, row in found.items() if code != DISTRICTS[0]
    }


async def test_on_random_figures_it_never_disagrees_with_the_store(measures: Caller) -> None:
    """Random counts, gaps, bounds, cells and corrections: its sums are those of the store's newest figures."""
    await measures.places(PLACES)
    chance = random.Random(31)
    visits = {"kind": "flow", "unit": "visits", "period_type": "survey_year", "roll_ups": {"place": "sum"}}
    measure, version = await measures.version("visits", **visits)
    for _ in range(scale(4)):
        lines = [
            f"{code},2023/24,{cell},suppressed,," if chance.random() < 0.2
            else f"{code},2023/24,{cell},,{chance.randrange(1000) / 4},{chance.choice(['=', '=', '>='])}"
            for code in AREAS for cell in ("all", "sex=female") if chance.random() < 0.7
        ]  # fmt: skip
        await measures.figures(version, rows(*lines, header="place,period,cell,status,value,bound"))
        for cell in ("all", "sex=female"):
            await _agrees(measures, measure, version, cell)


async def _agrees(measures: Caller, measure: str, version: str, cell: str) -> None:
    stored = await measures.every("/v1/observations", measure_version=version, cell=cell, limit=200)
    known = {
        each["place"]: Amount(
            FigureStatus(each["status"]), None if each["value"] is None else str(each["value"]), None, None, None,
            bound=Bound(each["bound"]),
        )
        for each in stored
    }  # fmt: skip
    none = Amount(FigureStatus.NOT_COLLECTED, None, None, None, None)
    for district, row in (await drilled(measures, measure, cell=cell)).items():
        amounts = [known.get(code, none) for code, within in AREAS.items() if within == district]
        expected = roll_up(amounts, Over.PLACE, Rule(Kind.FLOW, RollUp.SUM, distinct=False)).amount
        assert expected is not None
        value = None if expected.value is None else float(expected.value)
        assert (row["figure"]["value"], row["figure"]["bound"]) == (value, expected.bound)


@ON_ONE_DATABASE
async def test_what_there_is_is_counted_by_period_and_again_after_each_import(measures: Caller) -> None:
    measure, version = await shares(measures)
    await measures.figures(version, rows("E01000020,2022/23,21,,", "E01000021,2022/23,,,suppressed", header=STATUSES))
    path = f"/v1/measures/{measure}/coverage"
    assert (await measures.get(path))["periods"] == [
        {"period": "2022/23", "figures": 2, "reported": 1, "places": 1, "reporters": 1},
    ]  # fmt: skip
    await measures.figures(version, rows("E01000021,2022/23,30,,", "E01000020,2023/24,22,,", header=STATUSES))
    assert [(each["period"], each["figures"], each["reported"]) for each in (await measures.get(path))["periods"]] == [
        ("2022/23", 2, 2), ("2023/24", 1, 1),
    ]  # fmt: skip


@ON_ONE_DATABASE
async def test_a_partner_drills_down_into_its_own_figures_alone(
    app: FastAPI, vouching: Secrets, measures: Caller
) -> None:
    measure, version = await shares(measures)
    await measures.figures(version, file_of(range(24)))
    body = "org_01j5x3m0e8f7v9q2k4t6w8y0ab"
    async with Caller(app, vouching, measures.movement, organisation=body) as partner:
        await partner.figures(version, rows("E01000020,2023/24,7,100", header="place,period,numerator,denominator"))
        path = f"/v1/measures/{measure}/drill-down?place=E10000001&of=lsoa&period=2023/24"
        for theirs in ("", f"&reporter={measures.movement}"):
            assert (await partner.refused(path + theirs, method="GET"))[0] == 403
        own = await drilled(partner, measure, reporter=body)
        assert sum(row["figure"]["numerator"] or 0 for row in own.values()) == 7


async def test_it_drills_down_by_another_hierarchy_and_only_into_what_was_there_on_the_day(measures: Caller) -> None:
    """Two health areas of four districts' places; one place that ended before, and one that lay in it until then."""
    areas, ended = list(AREAS), "E01000099"
    lies = [f"{code},health,{owner},2020-01-01," for code, owner in AREAS.items()]
    lies += [f"{DISTRICTS[0]},health,E54000001,2020-01-01,", f"{DISTRICTS[1]},health,E54000001,2020-01-01,2022-12-31"]
    lies += [f"{DISTRICTS[2]},health,E54000002,2020-01-01,", "E54000001,health,E40000001,2020-01-01,"]
    lies += ["E54000002,health,E40000001,2020-01-01,", f"{ended},health,{DISTRICTS[0]},2020-01-01,"]
    await measures.places(
        "code,name,kind,parent,valid_from,valid_to\n"
        + "\n".join(line + ",," for line in PLACES.splitlines()[1:])
        + f"\nE40000001,Region,Region,,,\nE54000001,One,ICB,,,\nE54000002,Two,ICB,,,\n{ended},Gone,LSOA,,,2022-01-01"
    )
    named = "\n".join(["place,hierarchy,parent,valid_from,valid_to", *lies])
    assert (await measures.send("/v1/places/hierarchies/imports", named)).status_code == 201
    measure, version = await measures.version("share", roll_ups={"place": "recompute"})
    await measures.figures(version, file_of(range(24)))
    found = await drilled(measures, measure, place="E40000001", hierarchy="health")
    for owner, district in (("E54000001", DISTRICTS[0]), ("E54000002", DISTRICTS[2])):
        expected = [number for number, code in enumerate(areas) if AREAS[code] == district]
        assert (found[owner]["figure"]["numerator"], found[owner]["expected"]) == (sum(expected), len(expected))


@ON_ONE_DATABASE
async def test_its_file_may_be_deleted_at_any_time(measures: Caller, tmp_path: Path) -> None:
    measure, version = await shares(measures)
    await measures.figures(version, file_of(range(24)))
    found = await drilled(measures, measure)
    shutil.rmtree(tmp_path / "analysis")
    assert await drilled(measures, measure) == found


@ON_ONE_DATABASE
async def test_what_does_not_add_up_is_refused_as_everywhere(measures: Caller) -> None:
    await measures.places(PLACES)
    published, version = await measures.version("published", roll_ups={"place": "recompute"})
    await measures.figures(version, rows("E01000020,2023/24,21.2"))
    undeclared, _ = await measures.version("undeclared")
    for measure, query, status, told in (
        (published, "of=lsoa&period=2023/24", 409, "no_counts"),
        (undeclared, "of=lsoa&period=2023/24", 409, "not_declared"),
        (published, "of=parish&period=2023/24", 422, "no_parts"),
        (published, "of=lsoa&period=2023", 422, "invalid_period"),
    ):
        path = f"/v1/measures/{measure}/drill-down?place=E10000001&{query}"
        found, problem = await measures.refused(path, method="GET")
        assert (found, problem.get("reason") or problem["errors"][0]["code"]) == (status, told), query
