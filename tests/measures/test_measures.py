"""Measures and versions: named, defined, published, and then fixed."""

from shared.ids import new_id
from shared.testing.caller import Json
from shared.testing.service import ON_ONE_DATABASE
from tests.measures.caller import PERCENT, Caller, rows

INACTIVE: Json = {"key": "inactive_adults", "title": "Inactive adults", "description": "Less than 30 minutes a week"}


async def test_a_measure_is_named_and_read(measures: Caller) -> None:
    made = await measures.post("/v1/measures", INACTIVE)
    assert made["id"].startswith("measure_")
    assert INACTIVE.items() <= made.items()
    assert await measures.get(f"/v1/measures/{made['id']}") == made
    assert (await measures.get("/v1/measures"))["data"] == [made]


async def test_a_key_names_one_measure_of_a_movement(measures: Caller, other: Caller) -> None:
    made = await measures.post("/v1/measures", INACTIVE)
    status, problem = await measures.refused("/v1/measures", INACTIVE)
    assert (status, problem["code"]) == (409, "key_taken")
    await measures.post("/v1/measures", INACTIVE | {"key": "active_adults"})
    assert await measures.every("/v1/measures", key="inactive_adults") == [made]
    assert (await other.post("/v1/measures", INACTIVE))["id"] != made["id"]


async def test_measures_are_listed_oldest_first_page_by_page(measures: Caller) -> None:
    made = [(await measures.post("/v1/measures", INACTIVE | {"key": f"key_{n}"}))["id"] for n in range(5)]
    assert [found["id"] for found in await measures.every("/v1/measures", limit=2)] == made


async def test_a_version_says_what_is_counted(measures: Caller) -> None:
    measure = (await measures.post("/v1/measures", INACTIVE))["id"]
    definition: Json = PERCENT | {
        "direction": "lower_is_better",
        "numerator_description": "Adults with less than 30 active minutes a week",
        "denominator_description": "All adults asked",
        "population": "Residents of England",
        "age_base": "19 and over",
        "boundaries": "back_cast",
    }
    version = await measures.post(f"/v1/measures/{measure}/versions", definition)
    assert definition.items() <= version.items()
    assert (version["number"], version["status"], version["published_at"]) == (1, "draft", None)
    assert version["year_starts"] == "11-16"
    assert await measures.get(f"/v1/measures/{measure}/versions/{version['id']}") == version


async def test_versions_are_numbered_and_the_published_one_never_changes(measures: Caller) -> None:
    measure = (await measures.post("/v1/measures", INACTIVE))["id"]
    path = f"/v1/measures/{measure}/versions"
    first, second = await measures.post(path, PERCENT), await measures.post(path, PERCENT)
    published = await measures.post(f"{path}/{first['id']}/publish")
    assert (published["status"], published["number"], second["number"]) == ("published", 1, 2)
    assert [(found["number"], found["status"]) for found in await measures.every(path, limit=1)] == [
        (1, "published"),
        (2, "draft"),
    ]
    status, problem = await measures.refused(f"{path}/{first['id']}/publish")
    assert (status, problem["code"]) == (409, "already_published")
    for method in ("PUT", "DELETE"):
        assert (await measures.refused(f"{path}/{first['id']}", PERCENT, method=method))[0] == 405
    edited = await measures.client.patch(f"{path}/{first['id']}", json={"unit": "per_1000"}, headers={"If-Match": "*"})
    assert (edited.status_code, edited.json()["code"]) == (409, "already_published")


SENSELESS: list[tuple[Json, str]] = [
    ({"unit": "percent", "period_type": "survey_year"}, "/kind"),
    (PERCENT | {"kind": "guess"}, "/kind"),
    (PERCENT | {"unit": "people"}, ""),
    (PERCENT | {"period_type": "decade"}, "/period_type"),
    (PERCENT | {"year_starts": "02-30"}, "/year_starts"),
    (PERCENT | {"populaton": "misspelt"}, "/populaton"),
    (PERCENT | {"population": "a\u0000b"}, "/population"),
]


@ON_ONE_DATABASE
async def test_a_definition_that_makes_no_sense_is_refused(measures: Caller) -> None:
    measure = (await measures.post("/v1/measures", INACTIVE))["id"]
    for body, pointer in SENSELESS:
        status, problem = await measures.refused(f"/v1/measures/{measure}/versions", body)
        assert (status, [fault["pointer"] for fault in problem["errors"]]) == (422, [pointer])


async def test_a_nul_in_any_text_is_a_fault_and_not_a_failure(measures: Caller) -> None:
    await measures.places()
    measure, version = await measures.version()
    for path in (
        "/v1/places?q=%00",
        "/v1/places?kind=%00",
        "/v1/measures?key=%00",
        "/v1/observations?period=%00",
        f"/v1/measures/{measure}/series?place=E07000080&cell=%00",
        f"/v1/measures/{measure}/series?place=E07000080&reporter=%00",
        f"/v1/measures/{measure}/series?place=E07000080&from=%00",
    ):
        assert (await measures.refused(path, method="GET"))[0] in (400, 422), path
    assert (await measures.figures_sent(version, rows("a\0,b\0,c\0"))).status_code == 422


async def test_a_version_belongs_to_its_measure(measures: Caller) -> None:
    measure, version = await measures.version()
    elsewhere = (await measures.post("/v1/measures", {"key": "other", "title": "Other"}))["id"]
    for path in (
        f"/v1/measures/{elsewhere}/versions/{version}",
        f"/v1/measures/{measure}/versions/{new_id('mver')}",
        f"/v1/measures/{new_id('measure')}/versions",
        f"/v1/measures/{new_id('measure')}",
    ):
        assert (await measures.refused(path, method="GET"))[0] == 404
    assert (await measures.refused(f"/v1/measures/{elsewhere}/versions/{version}/publish"))[0] == 404
    assert (await measures.refused(f"/v1/measures/{new_id('measure')}/versions", PERCENT))[0] == 404
