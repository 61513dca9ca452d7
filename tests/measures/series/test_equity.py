"""Equity: the gap, the slope and relative index, and shares beside the population's."""

import pytest

from services.measures.equity.gaps import Group, NoIndex, Weights, index, shares
from services.measures.measures.models import Kind
from services.measures.observations.models import Amount, FigureStatus
from services.measures.series import points
from services.measures.series.store import Known
from services.measures.series.trends import Figure
from shared import clock
from shared.db.types import microseconds
from shared.statistics import slope_index
from shared.statistics.inequality import Group as Weighed
from shared.testing.caller import Json
from shared.testing.service import ON_ONE_DATABASE
from tests.measures.caller import Caller, rows

FIFTHS = [str(fifth) for fifth in range(1, 6)]
SCHEME: list[Json] = [
    {
        "key": "imd", "title": "Deprivation fifth", "ordered": True,
        "categories": [
            *({"key": key, "title": f"Fifth {key}"} for key in FIFTHS), {"key": "unknown", "title": "Not known"},
        ],
    },
    {"key": "sex", "title": "Sex", "categories": [{"key": key, "title": key} for key in ("female", "male")]},
]  # fmt: skip


def group(key: str, numerator: int | None, denominator: int, population: int | None = None) -> Group:
    if numerator is None:
        return Group(key, key, f"imd={key}", None, population)
    amount = Amount(FigureStatus.REPORTED, None, numerator, denominator, denominator)
    known = Known(
        "obs", "mver", "E07000080", "2023/24", "2023-11-16", "2024-11-15", f"imd={key}", "org", "", "", 1, amount,
        microseconds(clock.now()), None,
    )  # fmt: skip
    return Group(key, key, known.cell, Figure(known, points.read(amount, Kind.RATIO, "percent")), population)


def test_the_index_is_weighed_by_the_population_or_else_by_the_denominators() -> None:
    counts = [(36, 100), (60, 200), (40, 160), (45, 220), (30, 180)]
    groups = [group(str(place), x, n) for place, (x, n) in enumerate(counts)]
    expected = slope_index([Weighed(n, round(100 * x / n, 6)) for x, n in counts])
    assert index(groups, ordered=True) == (expected, Weights.DENOMINATOR)
    peopled = [each._replace(population=1000) for each in groups]
    even = slope_index([Weighed(1000, round(100 * x / n, 6)) for x, n in counts])
    assert index(peopled, ordered=True) == (even, Weights.POPULATION)
    assert index([*groups, group("unknown", 90, 100)], ordered=True) == (expected, Weights.DENOMINATOR)


def test_what_has_no_index_says_why() -> None:
    groups = [group("1", 3, 10), group("2", 2, 10), group("3", 1, 10)]
    assert index(groups, ordered=False) is NoIndex.NOT_ORDERED
    assert index(groups[:2], ordered=True) is NoIndex.TOO_FEW_GROUPS
    assert index([*groups, group("4", None, 0)], ordered=True) is NoIndex.GROUP_MISSING


def test_shares_leave_out_those_whose_group_is_not_known() -> None:
    groups = [group("1", 10, 100, 5000), group("2", 30, 100, 5000), group("unknown", 60, 100, None)]
    first, second, unknown = shares(groups, Kind.RATIO)
    assert (first.counted, first.population, second.counted) == (0.25, 0.5, 0.75)
    assert first.ratio is not None
    assert (first.ratio.value, round(first.ratio.interval.low, 4)) == (0.5, 0.2837)
    assert unknown == (None, None, None)


async def test_a_measure_across_deprivation_fifths(measures: Caller) -> None:
    await measures.places()
    measure, version = await measures.version(scheme=SCHEME)
    counts = [(36, 100), (30, 100), (26, 100), (22, 100), (18, 100)]
    figures = [f"E07000080,2023/24,{x},{n},imd={fifth}" for fifth, (x, n) in zip(FIFTHS, counts, strict=True)]
    everybody, unknown = "E07000080,2023/24,140,520,all", "E07000080,2023/24,8,20,imd=unknown"
    await measures.figures(
        version, rows(*figures, everybody, unknown, header="place,period,numerator,denominator,cell")
    )
    people = {"kind": "stock", "unit": "people", "period_type": "calendar_year", "scheme": SCHEME}
    _, population = await measures.version("people", **people)
    peopled = zip(FIFTHS, (30000, 20000, 20000, 20000, 10000), strict=True)
    counted = (f"E07000080,2024,{count},imd={fifth}" for fifth, count in peopled)
    await measures.figures(population, rows(*counted, header="place,period,value,cell"))
    path = f"/v1/measures/{measure}/equity"
    asked = {"place": "E07000080", "period": "2023/24", "dimension": "imd"}
    found = await measures.get(path, **asked, population=population)
    assert [each["key"] for each in found["groups"]] == [*FIFTHS, "unknown"]
    assert (found["gap"]["value"], found["gap"]["method"]) == (18.0, "newcombe")
    weighed = slope_index([Weighed(w, v) for w, v in zip((3, 2, 2, 2, 1), (36, 30, 26, 22, 18), strict=True)])
    assert found["index"]["slope"]["value"] == pytest.approx(weighed.value, abs=1e-6)
    assert (found["index"]["weights"], found["no_index"]) == ("population", None)
    assert found["index"]["slope"]["low"] > 0
    first, *_, last = found["groups"]
    assert (first["share"], first["population_share"]) == (36 / 132, 0.3)
    assert first["participation_ratio"]["value"] == pytest.approx(36 / 132 / 0.3, abs=1e-6)
    assert (last["known"], last["figure"]["value"], last["share"]) == (False, 40.0, None)
    assert found["everybody"]["numerator"] == 140
    reversed_order = await measures.get(path, **asked, worst_last="true")
    assert reversed_order["index"]["slope"]["value"] < 0
    assert reversed_order["index"]["weights"] == "denominator"


@ON_ONE_DATABASE
async def test_an_unordered_dimension_has_a_gap_and_no_slope(measures: Caller) -> None:
    await measures.places()
    measure, version = await measures.version(scheme=SCHEME)
    header = "place,period,numerator,denominator,cell"
    both = ("E07000080,2023/24,56,70,sex=female", "E07000080,2023/24,48,80,sex=male")
    await measures.figures(version, rows(*both, header=header))
    path = f"/v1/measures/{measure}/equity"
    found = await measures.get(path, place="E07000080", period="2023/24", dimension="sex")
    assert (found["gap"]["low"], found["gap"]["high"]) == pytest.approx((5.24, 33.39), abs=0.005)
    assert (found["index"], found["no_index"]) == (None, "not_ordered")
    for query, code in (
        ("dimension=age", "unknown_dimension"),
        (f"dimension=sex&population={version}", "unknown_version"),
    ):
        status, problem = await measures.refused(f"{path}?place=E07000080&period=2023/24&{query}", method="GET")
        assert (status, problem["errors"][0]["code"]) == (422, code)
