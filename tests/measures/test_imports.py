"""Figures from a CSV file: taken once, revised, refused row by row."""

import asyncio

import pytest

from shared.ids import new_id
from shared.testing.caller import Json
from shared.testing.service import ON_ONE_DATABASE
from tests.measures.caller import Caller, rows

FOREST = rows("E07000080,2015/16,21.2", "E07000080,2023/24,19.3")


def faults(problem: Json) -> list[tuple[int, str | None, str]]:
    """Row, column and code of each fault."""
    return [(fault["row"], fault.get("column"), fault["code"]) for fault in problem["errors"]]


@pytest.fixture
async def version(measures: Caller) -> str:
    """A published ratio in percent, by survey year, as at the boundaries of the time."""
    await measures.places()
    return (await measures.version())[1]


async def test_figures_are_taken_and_listed(measures: Caller, version: str) -> None:
    report = await measures.figures(version, FOREST, provenance="Active Lives")
    assert (report["status"], report["rows"], report["new"]) == ("recorded", 2, 2)
    listed = await measures.every("/v1/observations", limit=1)
    assert [(found["period"], found["value"], found["revision"]) for found in listed] == [
        ("2015/16", 21.2, 1),
        ("2023/24", 19.3, 1),
    ]
    assert await measures.get(f"/v1/observations/{listed[0]['id']}") == listed[0]
    assert {found["provenance"] for found in listed} == {"Active Lives"}
    assert {found["reporter"] for found in listed} == {measures.movement}
    assert {found["import_id"] for found in listed} == {report["id"]}
    assert await measures.get(f"/v1/observations/imports/{report['id']}") == report


async def test_the_same_file_again_changes_nothing(measures: Caller, version: str) -> None:
    await measures.figures(version, FOREST)
    again = await measures.figures(version, FOREST.replace("21.2", "21.20"))
    assert (again["new"], again["revised"], again["unchanged"]) == (0, 0, 2)
    assert len(await measures.every("/v1/observations", revisions="all")) == 2


async def test_a_changed_figure_is_a_new_revision_and_the_old_one_stays(measures: Caller, version: str) -> None:
    await measures.figures(version, FOREST)
    changed = await measures.figures(version, FOREST.replace("21.2", "21.4"))
    assert (changed["new"], changed["revised"], changed["unchanged"]) == (0, 1, 1)
    back = await measures.figures(version, FOREST)
    assert (back["new"], back["revised"], back["unchanged"]) == (0, 1, 1)
    of_2015 = await measures.every("/v1/observations", revisions="all", period="2015/16")
    assert [(found["revision"], found["value"]) for found in of_2015] == [(1, 21.2), (2, 21.4), (3, 21.2)]
    current = await measures.every("/v1/observations", measure_version=version, place="E07000080")
    assert sorted((found["period"], found["revision"]) for found in current) == [("2015/16", 3), ("2023/24", 1)]
    brought = await measures.every("/v1/observations", **{"import": changed["id"], "revisions": "all"})
    assert [found["value"] for found in brought] == [21.4]


async def test_counts_reasons_and_cells_are_kept(measures: Caller, version: str) -> None:
    header = "place,period,numerator,denominator,n,cell,status"
    await measures.figures(
        version,
        rows(
            "E07000080,2015/16,20,100,110,,",
            "E07000080,2015/16,,,,sex=female,suppressed",
            "E07000080,2015/16,0,20,,age=19_34;sex=male,",
            header=header,
        ),
    )
    kept = {found["cell"]: found for found in await measures.every("/v1/observations")}
    assert {cell: (found["numerator"], found["denominator"], found["n"]) for cell, found in kept.items()} == {
        "all": (20, 100, 110),
        "sex=female": (None, None, None),
        "age=19_34;sex=male": (0, 20, None),
    }
    assert [found["status"] for found in kept.values()].count("suppressed") == 1


BAD = rows(
    "E07000080,2015/16,21.2",
    "E99999999,2015/16,21.2",
    "Forest of Dean,2015/16,21.2",
    "E07000080,2015,21.2",
    "E07000080,2016/17,110",
    "E07000080,2017/18,-1",
    "E07000080,2018/19,about 20",
    "E07000080,2019/20,",
    "E06000063,2015/16,20",
    "E07000026,2023/24,20",
    "E07000078,2015/16,15.5",
    "E07000078,2015/16,15.6",
    "E07000078,2016/17,15.5,extra",
    "E99999999,2015,x",
    "E07000080,2015/16,21.2",
)
NAMED = [
    (2, "place", "unknown_place"),
    (3, "place", "unknown_place"),
    (4, "period", "invalid_period"),
    (5, "value", "out_of_range"),
    (6, "value", "out_of_range"),
    (7, "value", "not_a_number"),
    (8, "value", "no_figure"),
    (9, "place", "place_did_not_exist"),
    (10, "place", "place_did_not_exist"),
    (11, "value", "contradicted"),
    (12, "value", "contradicted"),
    (13, None, "cell_count"),
    (14, "period", "invalid_period"),
    (14, "place", "unknown_place"),
    (14, "value", "not_a_number"),
]


async def test_every_bad_row_is_named_and_nothing_of_the_file_is_taken(measures: Caller, version: str) -> None:
    refused = await measures.figures_sent(version, BAD)
    problem = refused.json()
    assert (refused.status_code, problem["code"], problem["errors_total"]) == (422, "faulty_rows", 15)
    assert faults(problem) == NAMED
    assert await measures.every("/v1/observations", revisions="all") == []
    report = await measures.get(f"/v1/observations/imports/{problem['import_id']}")
    assert (report["status"], report["faulty"], report["fault_count"]) == ("rejected", 13, 15)
    listed = await measures.every(problem["faults_url"], limit=4)
    assert [(fault["row"], fault["column"], fault["code"]) for fault in listed] == NAMED


async def test_a_dry_run_says_what_would_happen_and_changes_nothing(measures: Caller, version: str) -> None:
    await measures.figures(version, rows("E07000080,2015/16,20.0"))
    answered = await measures.figures_sent(version, BAD, dry_run="true")
    report = answered.json()
    assert (answered.status_code, report["status"]) == (200, "dry_run")
    assert (report["new"], report["revised"], report["repeated"], report["faulty"]) == (0, 1, 1, 13)
    assert [(fault["row"], fault["column"], fault["code"]) for fault in report["faults"]] == NAMED
    kept = await measures.every("/v1/observations", revisions="all")
    assert [(found["value"], found["revision"]) for found in kept] == [(20.0, 1)]


async def test_with_skip_the_good_rows_are_taken(measures: Caller, version: str) -> None:
    report = await measures.figures(version, BAD, on_error="skip")
    assert (report["rows"], report["new"], report["repeated"], report["faulty"]) == (15, 1, 1, 13)
    assert [found["value"] for found in await measures.every("/v1/observations")] == [21.2]
    assert await measures.get(f"/v1/observations/imports/{report['id']}") == report


async def test_the_first_hundred_faults_are_told_and_all_are_listed(measures: Caller, version: str) -> None:
    many = rows(*(f"E07000080,2015/16,{'x' * n}" for n in range(1, 702)))
    problem = (await measures.figures_sent(version, many)).json()
    assert (len(problem["errors"]), problem["errors_total"]) == (100, 701)
    listed = await measures.every(problem["faults_url"], limit=200)
    assert [fault["row"] for fault in listed] == list(range(1, 702))
    downloaded = (await measures.client.get(f"{problem['faults_url']}.csv")).text.splitlines()
    assert (downloaded[0], len(downloaded)) == ("row,column,code,reason", 702)
    assert downloaded[701].startswith("701,value,not_a_number,")


async def test_a_back_cast_version_takes_places_before_they_existed_and_none_after(measures: Caller) -> None:
    await measures.places()
    _, version = await measures.version(boundaries="back_cast")
    await measures.figures(version, rows("E06000063,2015/16,20.0", "E07000026,2022/23,20.0"))
    problem = (await measures.figures_sent(version, rows("E07000026,2023/24,20.0"))).json()
    assert faults(problem) == [(1, "place", "place_did_not_exist")]


UNREADABLE: list[tuple[bytes, str, int, str | None]] = [
    (b"", "empty_file", 0, None),
    (b"place,period,value\n", "empty_file", 1, None),
    (b"place,period\nE07000080,2015/16\n", "missing_column", 0, "value"),
    (b"place,value\nE07000080,21.2\n", "missing_column", 0, "period"),
    ("place,period,value\nE07000080,2015/16,21\nYnys Môn,2015/16,3\n".encode("latin-1"), "not_utf8", 2, None),
]


async def test_a_file_that_cannot_be_read_is_refused_whole(measures: Caller, version: str) -> None:
    for file, code, row, column in UNREADABLE:
        for query in ({}, {"dry_run": "true"}, {"on_error": "skip"}):
            refused = await measures.figures_sent(version, file, **query)
            assert (refused.status_code, refused.json()["code"]) == (422, "unreadable_file")
            assert faults(refused.json()) == [(row, column, code)]


async def test_a_byte_order_mark_makes_no_difference(measures: Caller, version: str) -> None:
    assert (await measures.figures(version, b"\xef\xbb\xbf" + FOREST.encode()))["new"] == 2


async def test_figures_are_of_a_published_version_of_numbers(measures: Caller, version: str) -> None:
    measure = (await measures.post("/v1/measures", {"key": "stories", "title": "Stories"}))["id"]
    path = f"/v1/measures/{measure}/versions"
    draft = await measures.post(path, {"kind": "narrative", "unit": "story", "period_type": "day"})
    refused = await measures.figures_sent(draft["id"], FOREST)
    assert (refused.status_code, refused.json()["code"]) == (409, "version_not_published")
    await measures.post(f"{path}/{draft['id']}/publish")
    refused = await measures.figures_sent(draft["id"], FOREST)
    assert (refused.status_code, refused.json()["code"]) == (409, "not_a_number")
    assert (await measures.figures_sent(new_id("mver"), FOREST)).status_code == 404
    assert (await measures.figures_sent("latest", FOREST)).status_code == 422


@ON_ONE_DATABASE
async def test_json_is_no_csv_file(measures: Caller, version: str) -> None:
    place = {"place": "E07000080"}
    status, problem = await measures.refused("/v1/observations/imports", place, measure_version=version)
    assert (status, problem["code"]) == (422, "unreadable_file")


async def test_two_imports_of_one_file_at_once_take_each_figure_once(measures: Caller, version: str) -> None:
    many = rows(*(f"E070000{place},{year}/{year + 1 - 2000},20.5" for place in (78, 80) for year in range(2010, 2090)))
    answers = await asyncio.gather(*(measures.figures_sent(version, many) for _ in range(4)))
    for answer in answers:
        assert answer.status_code == 201 or answer.json()["code"] == "import_in_progress", answer.text
    assert sum(answer.json()["new"] for answer in answers if answer.status_code == 201) == 160
    kept = await measures.every("/v1/observations", revisions="all", limit=200)
    assert (len(kept), {found["revision"] for found in kept}) == (160, {1})


async def test_a_repeated_request_is_answered_again_and_not_run_again(measures: Caller, version: str) -> None:
    first = await measures.figures_sent(version, FOREST, "once")
    await measures.figures(version, FOREST.replace("21.2", "30.0"))
    again = await measures.figures_sent(version, FOREST, "once")
    assert (again.status_code, again.json()) == (201, first.json())
    current = await measures.every("/v1/observations", period="2015/16")
    assert [found["value"] for found in current] == [30.0]
    reused = await measures.figures_sent(version, BAD, "once")
    assert reused.json()["code"] == "idempotency_key_reused"
