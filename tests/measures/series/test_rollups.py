"""Roll-ups over the API: where a version allows them, and the reason where it does not."""

from fastapi import FastAPI

from shared.secrets import Secrets
from shared.testing.caller import Json
from shared.testing.service import ON_ONE_DATABASE
from tests.measures.caller import Caller, rows

COUNTY = """code,name,kind,parent,valid_from,valid_to
E10000013,Gloucestershire,County,,,
E07000080,Forest of Dean,District,E10000013,,
E07000078,Cheltenham,District,E10000013,,
E07000079,Cotswold,District,E10000013,,
E07000999,Long gone,District,E10000013,,2001-01-01
"""
SHARES = "place,period,numerator,denominator,cell"
SEX: Json = {
    "key": "sex", "title": "Sex", "exhaustive": True,
    "categories": [{"key": "female", "title": "Women"}, {"key": "male", "title": "Men"}],
}  # fmt: skip
RATES = rows(
    "E07000080,2023/24,20,100,", "E07000078,2023/24,90,900,", "E07000080,2023/24,15,50,sex=female",
    "E07000080,2023/24,5,50,sex=male", "E10000013,2023/24,30,100,", header=SHARES,
)  # fmt: skip


async def county(measures: Caller, file: str, **definition: object) -> str:
    """A measure of the county's districts with these figures."""
    await measures.places(COUNTY)
    measure, version = await measures.version("share", **definition)
    await measures.figures(version, file)
    return measure


async def rolled(measures: Caller, measure: str, over: str, **parameters: str) -> Json:
    query = {"place": "E10000013", "from": "2023/24", "over": over} | parameters
    return await measures.get(f"/v1/measures/{measure}/roll-up", **query)


async def refused(measures: Caller, measure: str, query: str) -> tuple[int, Json]:
    return await measures.refused(f"/v1/measures/{measure}/roll-up?{query}", method="GET")


async def test_shares_of_districts_are_reckoned_again_and_the_gap_is_named(measures: Caller) -> None:
    measure = await county(measures, RATES, roll_ups={"place": "recompute"})
    found = await rolled(measures, measure, "place")
    figure = found["figure"]
    assert (figure["value"], figure["numerator"], figure["denominator"]) == (11.0, 110, 1000)
    assert figure["interval"]["method"] == "wilson"
    assert found["completeness"] == {"expected": 3, "present": 2, "missing": ["E07000079 2023-11-16 all"]}
    assert [part["place"] for part in found["parts"]] == ["E07000078", "E07000080"]
    assert (found["own"]["value"], found["sharing"]) == (30.0, "not_for_sharing")


@ON_ONE_DATABASE
async def test_a_mean_of_published_rates_is_refused_with_the_reason(measures: Caller) -> None:
    published = rows("E07000080,2023/24,21.2", "E07000078,2023/24,18.0")
    measure = await county(measures, published, roll_ups={"place": "recompute"})
    status, problem = await refused(measures, measure, "over=place&place=E10000013&from=2023/24")
    assert (status, problem["code"], problem["reason"]) == (409, "roll_up_refused", "no_counts")
    status, problem = await refused(measures, measure, "over=period&place=E07000080&from=2022/23&to=2023/24")
    assert (status, problem["reason"]) == (409, "not_declared")


@ON_ONE_DATABASE
async def test_categories_roll_up_only_where_everybody_is_in_exactly_one(measures: Caller) -> None:
    measure = await county(measures, RATES, roll_ups={"cell": "recompute"}, scheme=[SEX])
    found = await rolled(measures, measure, "cell", place="E07000080", dimension="sex")
    assert (found["figure"]["value"], found["own"]["value"]) == (20.0, 20.0)
    query = "over=cell&place=E07000080&from=2023/24&dimension=age"
    assert (await refused(measures, measure, query))[1]["errors"][0]["code"] == "unknown_dimension"
    path = f"/v1/measures/{measure}/versions"
    loose = SEX | {"exhaustive": False}
    second = {"kind": "ratio", "unit": "percent", "period_type": "survey_year", "scheme": [loose]}
    version = (await measures.post(path, second))["id"]
    await measures.post(f"{path}/{version}/publish")
    status, problem = await refused(measures, measure, "over=cell&place=E07000080&from=2023/24&dimension=sex")
    assert (status, problem["errors"][0]["code"]) == (422, "not_exhaustive")


@ON_ONE_DATABASE
async def test_months_add_up_to_a_quarter_and_people_are_bounded_over_them(measures: Caller) -> None:
    months = rows("E07000080,2026-01,10", "E07000080,2026-02,30", "E07000080,2026-03,20")
    visits: Json = {"kind": "flow", "unit": "visits", "period_type": "month", "roll_ups": {"period": "sum"}}
    measure = await county(measures, months, **visits)
    quarter = {"place": "E07000080", "from": "2026-01", "to": "2026-03"}
    found = await rolled(measures, measure, "period", **quarter)
    assert (found["figure"]["value"], found["figure"]["interval"]["method"], found["unique"]) == (60.0, "byar", None)
    measure, version = await measures.version("people", **visits | {"unit": "people", "distinct": True, "roll_ups": {}})
    await measures.figures(version, months)
    found = await rolled(measures, measure, "period", **quarter)
    assert (found["figure"], found["unique"]) == (None, {"low": 30, "high": 60})
    longer = await rolled(measures, measure, "period", **quarter | {"to": "2026-04"})
    assert longer["unique"] == {"low": 30, "high": None}


@ON_ONE_DATABASE
async def test_two_partners_figures_are_named_or_rolled_up(app: FastAPI, vouching: Secrets, measures: Caller) -> None:
    await measures.places(COUNTY)
    measure, version = await measures.version("people", kind="stock", unit="people", period_type="month", distinct=True)
    body = "org_01j5x3m0e8f7v9q2k4t6w8y0ab"
    async with Caller(app, vouching, measures.movement, organisation=body) as partner:
        await measures.figures(version, rows("E07000080,2026-01,120"))
        await partner.figures(version, rows("E07000080,2026-01,80"))
    month = {"place": "E07000080", "from": "2026-01"}
    assert (await rolled(measures, measure, "reporter", **month))["unique"] == {"low": 120, "high": 200}
    status, problem = await refused(measures, measure, "over=period&place=E07000080&from=2026-01")
    assert (status, problem["code"], problem["errors"][0]["pointer"]) == (409, "ambiguous_figures", "?reporter")


@ON_ONE_DATABASE
async def test_what_would_count_twice_or_is_not_there_is_refused(measures: Caller) -> None:
    measure = await county(measures, RATES, roll_ups={"place": "recompute"})
    for query, pointer, code in (
        ("over=place&place=E10000013&from=2023/24&places=E10000013&places=E07000080", "?places", "places_overlap"),
        ("over=place&place=E10000013&from=2023/24&places=E07555555", "?places", "unknown_place"),
        ("over=place&place=E07000080&from=2023/24", "?place", "no_parts"),
        ("over=place&place=E10000013&from=2023", "?from", "invalid_period"),
        ("over=place&place=E10000013&from=2023/24&to=2024/25", "?to", "invalid_period"),
        ("over=period&place=E07000080&from=2023/24&to=2022/23", "?to", "invalid_period"),
    ):
        status, problem = await refused(measures, measure, query)
        assert (status, problem["errors"][0]["pointer"], problem["errors"][0]["code"]) == (422, pointer, code), query
