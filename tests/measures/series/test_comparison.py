"""Places side by side, each beside a place that has a figure of its own."""

from shared.testing.caller import Json
from shared.testing.service import ON_ONE_DATABASE
from tests.measures.caller import Caller, rows

PLACES = """code,name,kind,parent
E92000001,England,Country,
E10000013,Gloucestershire,County,E92000001
E07000080,Forest of Dean,District,E10000013
E07000078,Cheltenham,District,E10000013
E07000079,Cotswold,District,E10000013
"""
COUNTS = "place,period,numerator,denominator"


async def compared(measures: Caller, measure: str, **query: str | list[str]) -> Json:
    return await measures.get(f"/v1/measures/{measure}/comparison", period="2023/24", **query)


async def test_places_stand_beside_englands_own_figure_and_gaps_come_last(measures: Caller) -> None:
    await measures.places(PLACES)
    measure, version = await measures.version(direction="lower_is_better")
    shares = (
        "E92000001,2023/24,25000,100000", "E07000080,2023/24,60,200", "E07000078,2023/24,40,250",
        "E92000001,2022/23,1,100000",
    )  # fmt: skip
    await measures.figures(version, rows(*shares, header=COUNTS))
    found = await compared(measures, measure, within="E10000013", kind="district", benchmark="E92000001")
    assert [row["place"]["name"] for row in found["rows"]] == ["Cheltenham", "Forest of Dean", "Cotswold"]
    assert [row["standing"] for row in found["rows"]] == ["better", "similar", "not_compared"]
    cheltenham, _, cotswold = found["rows"]
    assert (cheltenham["difference"]["value"], cheltenham["difference"]["method"]) == (-9.0, "newcombe")
    assert cheltenham["difference"]["high"] < 0
    assert cotswold["figure"] is None
    assert found["benchmark"]["figure"]["value"] == 25.0
    assert found["completeness"] == {"expected": 3, "present": 2, "missing": ["E07000079"]}


@ON_ONE_DATABASE
async def test_means_are_compared_by_welch_and_published_values_are_not(measures: Caller) -> None:
    await measures.places(PLACES)
    header = "place,period,value,n,sum_x,sum_x2"
    measure, version = await measures.version("mean", kind="mean", unit="points", direction="higher_is_better")
    sums = ("E92000001,2023/24,,400,2800,20400", "E07000080,2023/24,,40,320,2640", "E07000078,2023/24,6.5,,,")
    await measures.figures(version, rows(*sums, header=header))
    found = await compared(measures, measure, places=["E07000080", "E07000078"], benchmark="E92000001")
    first, second = found["rows"]
    assert (first["standing"], first["difference"]["value"], first["difference"]["method"]) == ("better", 1.0, "welch")
    assert (second["figure"]["value"], second["difference"], second["standing"]) == (6.5, None, "not_compared")


@ON_ONE_DATABASE
async def test_a_comparison_of_nothing_or_nowhere_is_refused(measures: Caller) -> None:
    await measures.places(PLACES)
    measure, _ = await measures.version()
    for query, pointer, code in (
        ("period=2023/24", "?places", "missing"),
        ("period=2023/24&places=E07555555", "?places", "unknown_place"),
        ("period=2023&places=E07000080", "?period", "invalid_period"),
        ("period=2023/24&within=E07000080", "?place", "no_parts"),
    ):
        status, problem = await measures.refused(f"/v1/measures/{measure}/comparison?{query}", method="GET")
        assert (status, problem["errors"][0]["pointer"], problem["errors"][0]["code"]) == (422, pointer, code), query
