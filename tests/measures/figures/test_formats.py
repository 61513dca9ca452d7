"""Figures out and in again, in every format; each held to what its own libraries and standards say of it."""

import io
import json
import zipfile
from pathlib import Path

import csvw
import frictionless
import httpx
import pytest

from services.measures.formats import sdmx
from services.measures.formats.models import Dataset, Format, Row
from services.measures.observations.models import Amount, FigureStatus
from services.measures.periods import PeriodType, parse
from shared.testing.caller import Json, json_of
from shared.testing.service import ON_ONE_DATABASE
from tests.measures.caller import Caller, rows

HEADER = "place,period,cell,programme,activity,status,bound,value,numerator,denominator,n"
FIGURES = rows(
    "E07000080,2023/24,all,,,,,,20,100,110",
    "E07000080,2023/24,sex=female,,,,,33.3,1,3,",
    "E07000080,2023/24,age=19_34;sex=male,,,suppressed,,,,,",
    "E07000080,2024/25,all,walks,,,at_least,21.5,,,",
    "E07000080,2024/25,all,walks,monday,not_collected,,,,,",
    "E07000078,2024/25,all,,,not_applicable,,,,,",
    "E07000078,2023/24,all,,,,<=,0,,,12",
    header=HEADER,
)


@pytest.fixture
async def version(measures: Caller) -> str:
    """A version by financial year, with seven figures of every kind there is."""
    await measures.places()
    _, version = await measures.version(period_type="financial_year")
    await measures.figures(version, FIGURES, provenance="=HYPERLINK of a survey")
    return version


async def taken_out(measures: Caller, version: str, format_: str, **query: str) -> bytes:
    answered = await measures.client.get(
        "/v1/observations/export", params={"measure_version": version, "format": format_, **query}
    )
    assert answered.status_code == 200, answered.text
    return answered.content


async def taken_in(measures: Caller, version: str, body: bytes, format_: str, **query: str) -> httpx.Response:
    query = {"measure_version": version, "format": format_} | query
    return await measures.client.post("/v1/observations/imports", content=body, params=query)


@ON_ONE_DATABASE
async def test_what_is_taken_out_is_taken_in_again_and_changes_nothing(measures: Caller, version: str) -> None:
    parts = ("value", "numerator", "denominator", "n")
    for format_ in Format:
        body = await taken_out(measures, version, format_)
        again = json_of(await taken_in(measures, version, body, format_), 201)
        assert (again["unchanged"], again["new"], again["revised"]) == (7, 0, 0), format_
        _, copy = await measures.version(f"copy_{format_.name.lower()}", period_type="financial_year")
        mapped = {"columns": ",".join(f"{part}:{version}.{part}" for part in parts)} if "dhis2" in format_ else {}
        assert json_of(await taken_in(measures, copy, body, format_, **mapped), 201)["new"] == 7, format_
        assert await amounts(measures, copy) == await amounts(measures, version), format_


async def amounts(measures: Caller, version: str) -> list[Json]:
    left_out = ("id", "measure_version", "import_id", "recorded_at", "provenance")
    listed = await measures.every("/v1/observations", measure_version=version)
    kept = [{name: said for name, said in found.items() if name not in left_out} for found in listed]
    return sorted(kept, key=json.dumps)


@ON_ONE_DATABASE
async def test_a_data_package_is_one_to_frictionless(measures: Caller, version: str, tmp_path: Path) -> None:
    package = tmp_path / "package.zip"
    package.write_bytes(await taken_out(measures, version, "datapackage"))
    report = frictionless.validate(str(package), type="package")
    assert report.valid, report.flatten(["rowNumber", "fieldNumber", "type", "note"])
    assert report.tasks[0].stats["rows"] == 7


@ON_ONE_DATABASE
async def test_csvw_is_read_by_its_own_library_with_its_types(measures: Caller, version: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(await taken_out(measures, version, "csvw"))) as sent:
        sent.extractall(tmp_path)
    table = csvw.CSVW(str(tmp_path / "figures.csv-metadata.json"), validate=True)
    assert table.is_valid, table.warnings
    (figures,) = table.tables
    read = list(figures)
    assert len(read) == 7
    assert {f"{row['period_start']:%F}" for row in read} == {"2023-04-01", "2024-04-01"}
    assert [row["numerator"] for row in read].count(20) == 1


@ON_ONE_DATABASE
async def test_sdmx_csv_says_what_the_standard_asks_for_and_does_not_delete(measures: Caller, version: str) -> None:
    text = (await taken_out(measures, version, "sdmx-csv", period="2023/24")).decode()
    header, *lines = text.splitlines()
    assert header.startswith("STRUCTURE,STRUCTURE_ID,ACTION,REF_AREA,TIME_PERIOD,REPORTER,PROGRAMME,ACTIVITY,AGE,SEX,")
    counted = next(line for line in lines if ",20,100," in line).split(",")
    said = dict(zip(header.split(","), counted, strict=True))
    assert said["STRUCTURE_ID"] == f"BACKBONE:{version}(1.0)"
    assert (said["TIME_PERIOD"], said["SEX"], said["PROGRAMME"]) == ("2023-04-01/P1Y", "_T", "_Z")
    assert (said["OBS_VALUE"], said["OBS_VALUE_DERIVED"], said["OBS_STATUS"]) == ("20.0", "Y", "A")

    wrong = (await taken_out(measures, version, "sdmx-csv")).decode().splitlines()
    wrong[1] = wrong[1].replace(",I,", ",D,", 1)
    wrong[2] = wrong[2].replace(",M,", ",Z,", 1)
    problem = (await taken_in(measures, version, "\r\n".join(wrong[:3]).encode(), "sdmx-csv")).json()
    assert [(fault["row"], fault["column"], fault["code"]) for fault in problem["errors"]] == [
        (1, "ACTION", "not_supported"),
        (2, "OBS_STATUS", "invalid_status"),
    ]


def test_a_dimension_that_is_called_like_a_column_of_sdmx_stays_apart_from_it() -> None:
    amount = Amount(FigureStatus.REPORTED, "5", None, None, None)
    month = parse("2024-03", PeriodType.MONTH)
    row = Row("org", "E07000080", month, "activity=walking;n=5", "", "", amount, 1, "2026-05-01T12:00:00Z", None)
    written = sdmx.write(Dataset("mver", "k", "K", "", "hours", None, PeriodType.MONTH, "11-16", [row]))
    ((_, cells),) = sdmx.read(written, PeriodType.MONTH, "11-16").rows
    assert (cells["cell"], cells["activity"], cells["n"]) == ("activity=walking;n=5", "", "")


@ON_ONE_DATABASE
async def test_a_dhis2_data_value_set_of_somebody_elses_names_is_read(measures: Caller) -> None:
    await measures.places()
    _, version = await measures.version("monthly", period_type="month")
    head = {"orgUnit": "E07000080", "period": "202403"}
    values = [
        {"dataElement": "fbfJHSPpUQD", "categoryOptionCombo": "HllvX50cXC0", "value": "20"},
        {"dataElement": "cYeuwXTCPkU", "value": "100", "comment": "as told on the telephone"},
        {"dataElement": "fbfJHSPpUQD", "period": "202404", "value": 12},
        {"dataElement": "cYeuwXTCPkU", "period": "202404", "value": 10},
        {"dataElement": "unknownUID1", "value": "7"},
        {"dataElement": "fbfJHSPpUQD", "orgUnit": "DiszpKrYNg8", "value": "7"},
    ]
    mapped = {"columns": "numerator:fbfJHSPpUQD,denominator:cYeuwXTCPkU"}
    body = json.dumps(head | {"dataValues": values}).encode()
    problem = (await taken_in(measures, version, body, "dhis2", **mapped)).json()
    assert [(fault["row"], fault["column"], fault["code"]) for fault in problem["errors"]] == [
        (3, "fbfJHSPpUQD", "out_of_range"),
        (5, "dataElement", "unknown_data_element"),
        (6, "orgUnit", "unknown_place"),
        (6, "cYeuwXTCPkU", "missing_count"),
    ]
    good = json.dumps(head | {"dataValues": values[:2]}).encode()
    assert json_of(await taken_in(measures, version, good, "dhis2", **mapped), 201)["new"] == 1
    (kept,) = await measures.every("/v1/observations")
    assert (kept["period"], kept["cell"], kept["numerator"], kept["denominator"]) == ("2024-03", "all", 20, 100)


@ON_ONE_DATABASE
async def test_a_survey_year_is_no_period_of_dhis2(measures: Caller) -> None:
    await measures.places()
    _, version = await measures.version()
    await measures.figures(version, rows("E07000080,2015/16,21.2"))
    query = {"measure_version": version, "format": "dhis2"}
    status, problem = await measures.refused("/v1/observations/export", method="GET", **query)
    assert (status, problem["code"]) == (409, "period_not_in_format")


@ON_ONE_DATABASE
async def test_as_of_an_earlier_moment_is_what_was_known_then(measures: Caller, version: str) -> None:
    before = (await measures.every("/v1/observations"))[0]["recorded_at"]
    first = await taken_out(measures, version, "csv")
    await measures.figures(version, rows("E07000078,2023/24,1", header="place,period,value"), reason="a slip")
    assert await taken_out(measures, version, "csv") != first
    assert await taken_out(measures, version, "csv", as_of=before) == first


UNREADABLE: list[tuple[str, bytes, str]] = [
    ("xlsx", b"place,period,value\n", "not_a_workbook"),
    ("dhis2", b'{"dataValues": 3}', "not_a_data_value_set"),
    ("dhis2", '{"dataValues": [], "period": "é"}'.encode("latin-1"), "not_a_data_value_set"),
    ("datapackage", b"PK", "not_a_package"),
    ("sdmx-csv", b"PLACE,PERIOD\nE07000080,2024\n", "missing_column"),
    ("csvw", b"", "not_a_package"),
]


@ON_ONE_DATABASE
async def test_what_is_no_file_of_its_format_is_refused_whole(measures: Caller, version: str) -> None:
    for format_, body, code in UNREADABLE:
        refused = await taken_in(measures, version, body, format_)
        assert (refused.status_code, refused.json()["code"]) == (422, "unreadable_file"), format_
        assert refused.json()["errors"][0]["code"] == code, format_

    body = await taken_out(measures, version, "datapackage")
    with zipfile.ZipFile(io.BytesIO(body)) as sent:
        parts = {name: sent.read(name) for name in sent.namelist()}
    parts["datapackage.json"] = parts["datapackage.json"].replace(b'"utf-8"', b'"windows-1252"')
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as written:
        for name, content in parts.items():
            written.writestr(name, content)
    refused = await taken_in(measures, version, made.getvalue(), "datapackage")
    assert refused.json()["errors"][0]["code"] == "not_a_package"
