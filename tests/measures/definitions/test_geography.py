"""Hierarchies of places and what became of places: loaded by file, every fault named, and read as at a day."""

from datetime import date

from services.measures.geography import domain
from shared.secrets import Secrets
from shared.testing.caller import Json, json_of
from shared.testing.service import ON_ONE_DATABASE
from tests.measures.caller import Caller, rows

PLACES = """code,name,kind,parent,valid_from,valid_to
E12000002,North West,Region,,,
E10000006,Cumbria,County,E12000002,,2023-03-31
E07000026,Allerdale,District,E10000006,,2023-03-31
E07000028,Carlisle,District,E10000006,,2023-03-31
E06000063,Cumberland,UA,E12000002,2023-04-01,
E54000008,Cheshire,ICB,,2022-07-01,
E38000228,North Cumbria,CCG,,,2022-06-30
"""
HIERARCHIES = """place,hierarchy,parent,valid_from,valid_to
E07000026,health,E38000228,,2022-06-30
E07000026,health,E54000008,2022-07-01,2023-03-31
E07000028,health,E54000008,2022-07-01,
"""
CHANGES = """kind,on,place,to,weight,basis,source
merged,2023-04-01,E07000026,E06000063,,,The Cumbria (Structural Changes) Order 2022
merged,2023-04-01,E07000028,E06000063,1,,The Cumbria (Structural Changes) Order 2022
"""


async def loaded(measures: Caller) -> None:
    await measures.places(PLACES)
    await taken(measures, "hierarchies", HIERARCHIES)
    await taken(measures, "changes", CHANGES)


async def taken(measures: Caller, noun: str, file: str) -> Json:
    return json_of(await measures.send(f"/v1/places/{noun}/imports", file), 201)


async def faults_of(measures: Caller, noun: str, *lines: str) -> list[tuple[int, str, str]]:
    """What is wrong with a file of these lines."""
    header = {"hierarchies": HIERARCHIES, "changes": CHANGES}[noun].splitlines()[0]
    refused = await measures.send(f"/v1/places/{noun}/imports", "\n".join((header, *lines)))
    problem = json_of(refused, 422)
    listed = await measures.every(problem["faults_url"])
    assert [fault["code"] for fault in listed] == [fault["code"] for fault in problem["errors"]]
    return [(fault["row"], fault["column"], fault["code"]) for fault in problem["errors"]]


async def codes(measures: Caller, path: str, **asked: str) -> list[str]:
    found: list[Json] = (await measures.get(path, **asked))["data"]
    return [place["code"] for place in found]


async def test_a_place_has_parents_of_several_kinds_over_time(measures: Caller) -> None:
    await loaded(measures)
    assert (await measures.get("/v1/places/hierarchies"))["data"] == ["main", "health"]
    above = "/v1/places/E07000026/ancestors"
    assert await codes(measures, above, on="2022-01-01") == ["E10000006", "E12000002"]
    assert await codes(measures, above, on="2024-01-01") == []  # Cumbria was no county any more
    assert await codes(measures, above, hierarchy="health", on="2022-06-30") == ["E38000228"]
    assert await codes(measures, above, hierarchy="health", on="2022-07-01") == ["E54000008"]
    assert await codes(measures, "/v1/places/E12000002/children", on="2022-01-01") == ["E10000006"]
    assert await codes(measures, "/v1/places/E12000002/children") == ["E06000063"]
    below = "/v1/places/E54000008/children"
    assert await codes(measures, below, hierarchy="health", on="2022-08-01") == ["E07000026", "E07000028"]
    assert await codes(measures, below, hierarchy="health", on="2022-06-30") == []
    read = measures.app.state.parts.db.read
    whole: list[str] = await read(domain.descendants, "E12000002", "main", date(2022, 1, 1))
    assert whole == ["E07000026", "E07000028", "E10000006"]


async def test_what_became_of_a_place_is_told_in_exact_shares_and_the_same_file_changes_nothing(
    measures: Caller,
) -> None:
    await loaded(measures)
    days = {"from": "2022-04-01", "to": "2024-04-01"}
    became = await measures.get("/v1/places/E07000026/crosswalk", **days)
    assert became["data"] == [{"place": "E06000063", "share": "1"}]
    made = await measures.get("/v1/places/E06000063/crosswalk", towards="made_of", **days)
    assert [share["place"] for share in made["data"]] == ["E07000026", "E07000028"]
    listed = await measures.every("/v1/places/changes", place="E06000063", limit=1)
    assert [(change["place"], change["kind"], change["on"]) for change in listed] == [
        ("E07000026", "merged", "2023-04-01"),
        ("E07000028", "merged", "2023-04-01"),
    ]
    again = await taken(measures, "changes", CHANGES), await taken(measures, "hierarchies", HIERARCHIES)
    assert [(report["new"], report["revised"], report["unchanged"]) for report in again] == [(0, 0, 2), (0, 0, 3)]


@ON_ONE_DATABASE
async def test_a_file_says_all_of_what_became_of_a_place_anew(measures: Caller) -> None:
    await loaded(measures)
    shared = [f"boundary,2023-04-01,E07000026,{to},{weight},addresses," for to, weight in PARTS]
    report = await taken(measures, "changes", "\n".join((CHANGES.splitlines()[0], *shared)))
    assert (report["new"], report["revised"]) == (1, 1)
    found = await measures.every("/v1/places/changes", place="E07000026")
    assert [(each["to"], each["weight"], each["kind"]) for each in found] == [
        ("E06000063", "1/3", "boundary"),
        ("E12000002", "2/3", "boundary"),
    ]


PARTS = (("E06000063", "1/3"), ("E12000002", "2/3"))
MERGED = "merged,2023-04-01,E07000026,E06000063"


@ON_ONE_DATABASE
async def test_every_fault_of_a_change_is_named_and_nothing_of_the_file_is_taken(measures: Caller) -> None:
    await measures.places(PLACES)
    for lines, named in (
        (["eaten,soon,E07,E06000063,2,1st,"], ["kind", "place", "basis", "weight", "on"]),
        ([f"{MERGED},0.9,,"], ["weight"]),
        (
            ["split,2023-04-01,E07000026,E06000063,0.3333,,", "split,2023-04-01,E07000026,E12000002,0.6666,,"],
            ["weight"],
        ),
        ([f"{MERGED},,,", "renamed,2023-04-01,E07000026,E12000002,1,,"], ["kind"]),
        (["split,2023-04-01,E07000026,E06000063,1,,"], ["kind"]),
        (["merged,2023-04-01,E07999999,E06000063,1,,"], ["place"]),
        (["merged,2020-04-01,E07000028,E06000063,1,,"], ["place", "to"]),
        (["merged,2023-04-01,E12000002,E06000063,1,,"], ["place"]),
        ([f"{MERGED},0,,"], ["weight"]),
        ([f"{MERGED},1,,", f"{MERGED},1,addresses,"], ["to"]),
    ):
        assert [column for _, column, _ in await faults_of(measures, "changes", *lines)] == named, lines
    assert await measures.every("/v1/places/changes") == []


@ON_ONE_DATABASE
async def test_weights_sum_to_exactly_one_and_not_nearly(measures: Caller) -> None:
    await measures.places(PLACES)
    thirds = [f"boundary,2023-04-01,E07000026,{to},{weight},," for to, weight in PARTS]
    nearly = [line.replace("1/3", "0.333333333333").replace("2/3", "0.666666666666") for line in thirds]
    assert await faults_of(measures, "changes", *nearly) == [(1, "weight", "weights_do_not_sum")]
    await taken(measures, "changes", "\n".join((CHANGES.splitlines()[0], *thirds)))


@ON_ONE_DATABASE
async def test_every_fault_of_a_hierarchy_is_named(measures: Caller) -> None:
    await loaded(measures)
    for lines, named in (
        (["E07,Health,E07,01/04/2019,"], ["invalid_day", "invalid_code", "invalid_hierarchy", "invalid_parent"]),
        (["E07000028,health,E07999999,2030-01-01,"], ["unknown_place"]),
        (["E07000028,health,E38000228,2022-01-01,"], ["overlap"]),
        (["E07000026,police,E07000028,,", "E07000028,police,E07000026,,"], ["cycle"]),
        (["E54000008,health,E07000028,,"], ["cycle"]),
        (["E07000028,police,E12000002,,", "E07000028,police,E10000006,,"], ["contradicted"]),
        (["E07000028,police,E12000002,2024-01-01,2023-01-01"], ["invalid_span"]),
    ):
        assert [code for _, _, code in await faults_of(measures, "hierarchies", *lines)] == named, lines
    assert (await measures.get("/v1/places/hierarchies"))["data"] == ["main", "health"]


@ON_ONE_DATABASE
async def test_the_good_rows_are_taken_where_that_is_asked_for(measures: Caller) -> None:
    await measures.places(PLACES)
    bad = CHANGES + "merged,2023-04-01,E07999999,E06000063,1,,\n"
    dry = await measures.send("/v1/places/changes/imports", bad, dry_run="true")
    assert (dry.status_code, dry.json()["new"], dry.json()["faulty"]) == (200, 2, 1)
    report = json_of(await measures.send("/v1/places/changes/imports", bad, on_error="skip"), 201)
    assert await measures.get(f"/v1/places/changes/imports/{report['id']}") == report
    assert len(await measures.every("/v1/places/changes")) == 2


@ON_ONE_DATABASE
async def test_geography_is_shared_by_all_movements_and_kept_by_the_platform(
    measures: Caller, other: Caller, vouching: Secrets
) -> None:
    await loaded(measures)
    assert len(await other.every("/v1/places/changes")) == 2
    assert (await other.refused("/v1/places/E07999999/ancestors", method="GET"))[0] == 404
    async with Caller(measures.app, vouching, "movement_of_a_test", frozenset({"places:read"})) as reader:
        for noun, file in (("hierarchies", HIERARCHIES), ("changes", CHANGES)):
            assert (await reader.send(f"/v1/places/{noun}/imports", file)).status_code == 403


async def test_a_measure_is_read_over_a_merger_and_no_figure_moves(measures: Caller) -> None:
    await loaded(measures)
    measure, version = await measures.version(period_type="financial_year")
    counts = "place,period,numerator,denominator"
    old = ("E07000026,2021/22,30,100", "E07000028,2021/22,10,300", "E07000026,2022/23,20,100")
    await measures.figures(version, rows(*old, "E06000063,2023/24,50,200", header=counts))
    asked = {"place": "E06000063", "from": "2021/22", "to": "2023/24"}
    found = (await measures.get(f"/v1/measures/{measure}/estimates", **asked))["data"]
    merged, missing, own = found
    assert (merged["value"], merged["numerator"], merged["denominator"]) == (10.0, 40.0, 400.0)
    assert (merged["estimated"], [share["place"] for share in merged["sources"]]) == (False, ["E07000026", "E07000028"])
    assert (missing["value"], missing["reason"], missing["of_places"]) == (None, "missing", ["E07000028"])
    assert (own["value"], own["sources"]) == (25.0, [{"place": "E06000063", "share": "1"}])
    assert [point["period"] for point in await measures.points(measure, "E06000063")] == ["2023/24"]


@ON_ONE_DATABASE
async def test_what_takes_a_share_of_a_place_is_an_estimate_and_a_bare_percentage_is_not_shared_out(
    measures: Caller,
) -> None:
    await measures.places(PLACES)
    header = CHANGES.splitlines()[0]
    shared = [f"boundary,2023-04-01,E07000026,{to},{weight},population," for to, weight in PARTS]
    await taken(measures, "changes", "\n".join((header, *shared, CHANGES.splitlines()[2])))
    walks, walked = await measures.version("walks", kind="flow", unit="walks", period_type="financial_year")
    await measures.figures(walked, rows("E07000026,2022/23,30", "E07000028,2022/23,7"))
    asked = {"place": "E06000063", "from": "2022/23", "to": "2022/23"}
    estimate = (await measures.get(f"/v1/measures/{walks}/estimates", **asked))["data"][0]
    assert (estimate["value"], estimate["estimated"]) == (17.0, True)
    assert [share["share"] for share in estimate["sources"]] == ["1/3", "1"]
    inactive, version = await measures.version(period_type="financial_year")
    await measures.figures(version, rows("E07000026,2022/23,21.2", "E07000028,2022/23,19.0"))
    bare = (await measures.get(f"/v1/measures/{inactive}/estimates", **asked))["data"][0]
    assert (bare["value"], bare["reason"], bare["of_places"]) == (None, "needs_counts", ["E07000026", "E07000028"])
    before = {"place": "E07000026", "from": "2022/23", "to": "2022/23", "on": "2023-03-31"}
    assert (await measures.get(f"/v1/measures/{inactive}/estimates", **before))["data"][0]["value"] == 21.2
    for wrong, code in (({"from": "2022"}, "invalid"), ({"from": "1022/23"}, "too_many_periods")):
        status, problem = await measures.refused(f"/v1/measures/{inactive}/estimates", method="GET", **asked | wrong)
        assert (status, problem["code"]) == (422, code)
