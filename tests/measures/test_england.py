"""The published inactivity figures: all of England as a partner would bring them in, and the extract that ships."""

import csv
import io
import re
from pathlib import Path

import pytest

import services.cli
from shared.testing.caller import Json
from tests.measures.caller import Caller

PLACES = "code:area_code,name:area_name,kind:area_type"
FIGURES = "place:area_code,period:period,value:value"
SOURCE = "Sport England Active Lives through Fingertips, as prepared by Trafford Data Lab; OGL v3.0"


async def england_version(measures: Caller, places: bytes) -> tuple[str, str]:
    """A back-cast measure, once the places are known."""
    await measures.places(places, columns=PLACES)
    return await measures.version(boundaries="back_cast")


def outcome(report: Json) -> tuple[int, int, int, int]:
    return report["new"], report["revised"], report["unchanged"], report["faulty"]


def with_bad_rows(file: bytes) -> bytes:
    """The file with three rows spoilt: a place that nobody knows, a period of another type, and 110 %."""
    lines = file.decode().splitlines(keepends=True)
    lines[500] = re.sub("^E[0-9]+", "E99999999", lines[500])
    lines[1500] = re.sub(r",(20\d\d)/\d\d,", r",\1,", lines[1500])
    lines[3089] = re.sub(r",[0-9.]+(,[^,]*,NA\s*)$", r",110\1", lines[3089])
    return "".join(lines).encode()


BAD = [
    (500, "area_code", "no place has this code"),
    (1500, "period", "is a calendar_year; this version has another period type: a survey_year is written like 2015/16"),
    (3089, "value", "is not between 0 and 100"),
]


async def test_all_3089_rows_are_taken_once(measures: Caller, england: bytes) -> None:
    places = await measures.places(england, columns=PLACES)
    assert (places["rows"], places["new"], places["repeated"], places["faulty"]) == (3089, 314, 2775, 0)
    _, version = await measures.version(boundaries="back_cast")
    report = await measures.figures(version, england, columns=FIGURES, provenance=SOURCE)
    assert (report["rows"], outcome(report)) == (3089, (3089, 0, 0, 0))
    again = await measures.figures(version, england, columns=FIGURES, provenance=SOURCE)
    assert outcome(again) == (0, 0, 3089, 0)


async def test_the_series_are_the_published_ones(measures: Caller, england: bytes) -> None:
    measure, version = await england_version(measures, england)
    await measures.figures(version, england, columns=FIGURES)
    forest = {point["period"]: point["value"] for point in await measures.points(measure, "E07000080")}
    assert (forest["2015/16"], forest["2023/24"], len(forest)) == (21.2, 19.3, 10)
    bournemouth = await measures.series(measure, "E06000058")
    assert bournemouth["place"]["name"] == "Bournemouth, Christchurch and Poole"
    assert bournemouth["points"][0]["value"] == 23.4
    published = list(csv.DictReader(io.StringIO(england.decode())))
    for abolished in ("E07000027", "E07000187"):
        points = await measures.points(measure, abolished)
        assert [(point["period"], point["value"]) for point in points] == [
            (row["period"], float(row["value"])) for row in published if row["area_code"] == abolished
        ]
        assert points[-1]["period"] == "2021/22"


async def test_back_cast_unitaries_are_taken_for_the_years_before_they_existed(
    measures: Caller, england: bytes
) -> None:
    cumberland = "code,name,kind,valid_from\nE06000063,Cumberland,UA,2023-04-01\n"
    measure, back_cast = await england_version(measures, england)
    _, as_at = await measures.version("as_at", boundaries="as_at")
    await measures.places(cumberland)
    assert (await measures.figures(back_cast, england, columns=FIGURES))["new"] == 3089
    assert (await measures.points(measure, "E06000063"))[0]["period"] == "2015/16"
    refused = (await measures.figures_sent(as_at, england, columns=FIGURES)).json()
    assert {fault["code"] for fault in refused["errors"]} == {"place_did_not_exist"}
    assert refused["errors_total"] == 7


async def test_three_bad_rows_are_named_and_kept_out(measures: Caller, england: bytes) -> None:
    _, version = await england_version(measures, england)
    spoilt = with_bad_rows(england)

    dry = (await measures.figures_sent(version, spoilt, columns=FIGURES, dry_run="true")).json()
    assert [(fault["row"], fault["column"], fault["reason"]) for fault in dry["faults"]] == BAD
    assert outcome(dry) == (3086, 0, 0, 3)
    assert await measures.every("/v1/observations", limit=1) == []

    refused = await measures.figures_sent(version, spoilt, columns=FIGURES)
    assert refused.status_code == 422
    assert [(fault["row"], fault["column"], fault["reason"]) for fault in refused.json()["errors"]] == BAD
    assert await measures.every("/v1/observations", limit=1) == []

    assert outcome(await measures.figures(version, spoilt, columns=FIGURES, on_error="skip")) == (3086, 0, 0, 3)
    assert outcome(await measures.figures(version, england, columns=FIGURES)) == (3, 0, 3086, 0)


async def test_the_six_districts_that_ship_are_those_of_the_whole_file(measures: Caller, england: bytes) -> None:
    shipped = (Path(services.cli.__file__).parent / "facts/inactive_adults_gloucestershire.csv").read_bytes()
    header, *lines = england.splitlines()
    gloucestershire = tuple(f"E070000{number}".encode() for number in range(78, 84))
    assert shipped.splitlines() == [header, *(line for line in lines if line.startswith(gloucestershire))]
    measure, version = await england_version(measures, shipped)
    assert outcome(await measures.figures(version, shipped, columns=FIGURES)) == (60, 0, 0, 0)
    forest = {point["period"]: point["value"] for point in await measures.points(measure)}
    assert (forest["2015/16"], forest["2023/24"]) == (21.2, 19.3)


@pytest.mark.parametrize("file", ["inactive_adults.csv", "active_adults.csv"])
async def test_every_area_and_year_comes_out_as_it_went_in_and_englands_own_row_is_no_mean(
    measures: Caller, active_lives: Path, file: str
) -> None:
    england = (active_lives / file).read_bytes()
    measure, version = await england_version(measures, england)
    await measures.figures(version, england, columns=FIGURES)
    published = list(csv.DictReader(io.StringIO(england.decode())))
    for period in sorted({row["period"] for row in published}):
        rows = {row["area_code"]: float(row["value"]) for row in published if row["period"] == period}
        path = f"/v1/measures/{measure}/comparison"
        found = await measures.get(path, period=period, places=sorted(rows), benchmark="E92000001")
        assert {row["place"]["code"]: row["figure"]["value"] for row in found["rows"]} == rows
        assert found["benchmark"]["figure"]["value"] == rows["E92000001"]
        districts = [value for code, value in rows.items() if not code.startswith(("E9", "E1"))]
        assert abs(sum(districts) / len(districts) - rows["E92000001"]) > 0.1


async def test_the_mean_of_published_rates_is_refused(measures: Caller, england: bytes) -> None:
    await measures.places(england, columns=PLACES)
    measure, version = await measures.version(boundaries="back_cast", roll_ups={"place": "recompute"})
    await measures.figures(version, england, columns=FIGURES)
    districts = "&".join(f"places=E070000{number}" for number in range(78, 84))
    path = f"/v1/measures/{measure}/roll-up?over=place&place=E92000001&from=2023/24&{districts}"
    status, problem = await measures.refused(path, method="GET")
    assert (status, problem["code"], problem["reason"]) == (409, "roll_up_refused", "no_counts")
