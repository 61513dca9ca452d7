"""Places: brought in from a CSV file, shared by every movement."""

from fastapi import FastAPI

from shared.secrets import Secrets
from shared.testing.service import ON_ONE_DATABASE
from tests.measures.caller import PLACES, Caller


def place(code: str, name: str, kind: str = "district") -> dict[str, object]:
    return {"code": code, "name": name, "kind": kind, "parent": None, "valid_from": None, "valid_to": None}


async def test_places_are_brought_in_and_read(measures: Caller) -> None:
    report = await measures.places()
    assert (report["status"], report["rows"], report["new"], report["faults"]) == ("recorded", 4, 4, [])
    assert await measures.get("/v1/places/E07000080") == place("E07000080", "Forest of Dean")
    cumberland = {"valid_from": "2023-04-01"}
    assert await measures.get("/v1/places/E06000063") == place("E06000063", "Cumberland", "ua") | cumberland


async def test_the_same_file_again_changes_nothing_and_a_changed_row_updates(measures: Caller) -> None:
    await measures.places()
    again = await measures.places()
    assert (again["new"], again["revised"], again["unchanged"]) == (0, 0, 4)
    changed = await measures.places("code,name,kind\nE07000080,Forest of Dean District,District\n")
    assert (changed["new"], changed["revised"], changed["unchanged"]) == (0, 1, 0)
    assert (await measures.get("/v1/places/E07000080"))["name"] == "Forest of Dean District"


async def test_places_are_listed_by_code_page_by_page_and_found_by_name_code_and_kind(measures: Caller) -> None:
    await measures.places()
    codes = [found["code"] for found in await measures.every("/v1/places", limit=2)]
    assert codes == ["E06000063", "E07000026", "E07000078", "E07000080"]
    assert [found["name"] for found in await measures.every("/v1/places", q="OF DEAN")] == ["Forest of Dean"]
    assert [found["name"] for found in await measures.every("/v1/places", q="e0600")] == ["Cumberland"]
    assert [found["name"] for found in await measures.every("/v1/places", kind="ua")] == ["Cumberland"]
    assert await measures.every("/v1/places", q="%") == []


async def test_every_movement_speaks_of_the_same_places(measures: Caller, other: Caller) -> None:
    await measures.places()
    assert (await other.get("/v1/places/E07000080"))["name"] == "Forest of Dean"


@ON_ONE_DATABASE
async def test_who_may_write_figures_may_not_write_places(app: FastAPI, vouching: Secrets) -> None:
    scopes = frozenset({"places:read", "observations:write"})
    async with Caller(app, vouching, "movement_of_a_test", scopes) as partner:
        refused = await partner.send("/v1/places/imports", PLACES)
        assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
        assert await partner.every("/v1/places") == []


BAD = """code,name,kind,parent,valid_from,valid_to
E07000080,Forest of Dean,District,,,
E0700008,Too short,District,,,
E07000081,,District,,,
E07000082,No kind,,,,
E07000083,Bad days,District,,01/04/2019,
E07000084,Backwards,District,,2023-04-01,2019-04-01
E07000085,Orphan,District,E10000099,,
E07000086,Its own,District,E07000086,,
E07000087,One name,District,,,
E07000087,Another name,District,,,
E07000088,Grandchild,District,E07000085,,
"""
NAMED = [
    (2, "code", "invalid_code"),
    (3, "name", "invalid_name"),
    (4, "kind", "invalid_kind"),
    (5, "valid_from", "invalid_day"),
    (6, "valid_to", "invalid_span"),
    (7, "parent", "unknown_place"),
    (8, "parent", "invalid_parent"),
    (9, "code", "contradicted"),
    (10, "code", "contradicted"),
    (11, "parent", "unknown_place"),
]


async def test_every_bad_row_is_named_and_nothing_of_the_file_is_taken(measures: Caller) -> None:
    refused = await measures.send("/v1/places/imports", BAD)
    problem = refused.json()
    assert (refused.status_code, problem["code"], problem["errors_total"]) == (422, "faulty_rows", 10)
    assert [(fault["row"], fault["column"], fault["code"]) for fault in problem["errors"]] == NAMED
    assert await measures.every("/v1/places") == []
    listed = await measures.every(problem["faults_url"], limit=3)
    assert [(fault["row"], fault["column"], fault["code"]) for fault in listed] == NAMED


async def test_the_good_rows_are_taken_only_when_that_is_asked_for(measures: Caller) -> None:
    dry = await measures.send("/v1/places/imports", BAD, on_error="skip", dry_run="true")
    assert (dry.status_code, dry.json()["status"], dry.json()["new"]) == (200, "dry_run", 1)
    assert await measures.every("/v1/places") == []
    report = await measures.places(BAD, on_error="skip")
    assert (report["rows"], report["new"], report["faulty"], report["fault_count"]) == (11, 1, 10, 10)
    assert await measures.get(f"/v1/places/imports/{report['id']}") == report
    assert [found["code"] for found in await measures.every("/v1/places")] == ["E07000080"]


async def test_a_parent_may_stand_in_the_same_file_or_be_known(measures: Caller) -> None:
    header = "code,name,kind,parent\n"
    await measures.places(header + "E07000080,Forest of Dean,District,E10000013\nE10000013,Gloucestershire,County,\n")
    await measures.places(header + "E07000078,Cheltenham,District,E10000013\n")
    assert (await measures.get("/v1/places/E07000078"))["parent"] == "E10000013"


async def test_what_is_not_there_is_a_clear_problem(measures: Caller) -> None:
    missing = "imp_01j5x3m0e8f7v9q2k4t6w8y0ab"
    for path, status, code in (
        ("/v1/places/E07999999", 404, "not_found"),
        ("/v1/places/forest", 422, "invalid"),
        ("/v1/places?cursor=nonsense", 400, "invalid_cursor"),
        (f"/v1/places/imports/{missing}", 404, "not_found"),
        (f"/v1/places/imports/{missing}/faults", 404, "not_found"),
    ):
        answered, problem = await measures.refused(path, method="GET")
        assert (answered, problem["code"]) == (status, code), path


@ON_ONE_DATABASE
async def test_a_parameter_that_does_not_exist_is_a_fault(measures: Caller) -> None:
    refused = await measures.send("/v1/places/imports", PLACES, dryrun="true")
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "?dryrun")


async def test_the_same_idempotency_key_gives_the_first_answer_again(measures: Caller) -> None:
    first = await measures.send("/v1/places/imports", PLACES, "once")
    again = await measures.send("/v1/places/imports", PLACES, "once")
    assert again.headers["idempotent-replayed"] == "true"
    assert again.json() == first.json()
