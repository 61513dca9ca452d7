"""Series: what is known, and what was known, with counts and intervals where they exist."""

from datetime import UTC, datetime, timedelta

from fastapi import FastAPI

from shared import clock
from shared.secrets import Secrets
from shared.testing.service import ON_ONE_DATABASE
from tests.measures.caller import PERCENT, Caller, rows

COUNTS = "place,period,numerator,denominator,status"
STATUSES = "place,period,value,status"
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


async def test_a_published_percentage_has_no_interval_and_says_so(measures: Caller) -> None:
    await measures.places()
    measure, version = await measures.version(direction="lower_is_better")
    await measures.figures(version, rows("E07000080,2023/24,19.3", "E07000080,2015/16,21.2"), provenance="Active Lives")
    series = await measures.series(measure)
    assert series["unit"] == "percent"
    assert (series["measure"]["version"], series["measure"]["version_number"]) == (version, 1)
    assert (series["measure"]["direction"], series["measure"]["period_type"]) == ("lower_is_better", "survey_year")
    assert series["place"] == {"code": "E07000080", "name": "Forest of Dean"}
    assert [(point["period"], point["value"]) for point in series["points"]] == [("2015/16", 21.2), ("2023/24", 19.3)]
    first = series["points"][0]
    assert (first["period_start"], first["period_end"]) == ("2015-11-16", "2016-11-15")
    assert (first["interval"], first["no_interval"]) == (None, "no_counts")
    assert (first["numerator"], first["denominator"], first["provenance"]) == (None, None, "Active Lives")


async def test_counts_give_a_value_and_wilsons_interval_in_the_unit(measures: Caller) -> None:
    await measures.places()
    file = rows("E07000080,2015/16,20,100,", "E07000080,2016/17,0,20,", "E07000080,2017/18,0,0,", header=COUNTS)
    measure, version = await measures.version("share", unit="proportion")
    await measures.figures(version, file)
    points = await measures.points(measure)
    assert [(point["value"], point["numerator"], point["denominator"]) for point in points] == [
        (0.2, 20, 100), (0.0, 0, 20), (None, 0, 0),
    ]  # fmt: skip
    wilson = {"level": 0.95, "method": "wilson"}
    assert points[0]["interval"] == {"low": 0.133367, "high": 0.288829, **wilson}
    assert points[1]["interval"] == {"low": 0.0, "high": 0.161125, **wilson}
    assert (points[2]["interval"], points[2]["no_interval"]) == (None, "zero_denominator")

    measure, version = await measures.version("percent")
    await measures.figures(version, file)
    first = (await measures.points(measure))[0]
    assert (first["value"], first["interval"]["low"], first["interval"]["high"]) == (20.0, 13.336693, 28.882917)


async def test_null_is_not_zero_and_a_period_without_a_figure_has_no_point(measures: Caller) -> None:
    await measures.places()
    measure, version = await measures.version()
    await measures.figures(version, rows("E07000080,2015/16,0,10,", "E07000080,2017/18,,,suppressed", header=COUNTS))
    points = await measures.points(measure)
    assert [(point["period"], point["value"], point["status"]) for point in points] == [
        ("2015/16", 0.0, "reported"),
        ("2017/18", None, "suppressed"),
    ]
    assert points[1]["no_interval"] == "no_figure"


async def test_a_stock_is_a_number_without_an_interval(measures: Caller) -> None:
    await measures.places()
    measure, version = await measures.version("champions", kind="stock", unit="people", period_type="month")
    await measures.figures(version, rows("E07000080,2026-01,1250", "E07000080,2025-12,0"))
    assert [(point["period"], point["value"], point["no_interval"]) for point in await measures.points(measure)] == [
        ("2025-12", 0.0, "not_a_ratio"),
        ("2026-01", 1250.0, "not_a_ratio"),
    ]


async def test_a_series_is_cut_by_its_periods(measures: Caller) -> None:
    await measures.places()
    measure, version = await measures.version()
    await measures.figures(version, rows(*(f"E07000080,{year}/{year - 1999},20" for year in range(2010, 2020))))
    cut = await measures.points(measure, **{"from": "2012/13", "to": "2014/15"})
    assert [point["period"] for point in cut] == ["2012/13", "2013/14", "2014/15"]
    status, problem = await measures.refused(f"/v1/measures/{measure}/series?place=E07000080&from=2012", method="GET")
    assert (status, problem["errors"][0]["pointer"]) == (422, "?from")


async def test_as_of_answers_what_was_known_then(measures: Caller) -> None:
    await measures.places()
    measure, version = await measures.version()
    with clock.frozen(NOON) as stopped:
        await measures.figures(version, rows("E07000080,2015/16,21.2"))
        stopped.advance(timedelta(hours=1))
        await measures.figures(version, rows("E07000080,2015/16,21.4", "E07000080,2016/17,19.7"))

        async def known(hours: float) -> list[tuple[str, float, int]]:
            at = (NOON + timedelta(hours=hours)).isoformat()
            points = await measures.points(measure, as_of=at)
            return [(point["period"], point["value"], point["revision"]) for point in points]

        assert await known(-0.01) == []
        assert await known(0) == [("2015/16", 21.2, 1)]
        assert await known(0.99) == [("2015/16", 21.2, 1)]
        assert await known(1) == [("2015/16", 21.4, 2), ("2016/17", 19.7, 1)]
    now = await measures.series(measure)
    assert [point["value"] for point in now["points"]] == [21.4, 19.7]
    assert now["as_of"] is None


async def test_each_version_has_its_own_series_and_the_newest_published_is_shown(measures: Caller) -> None:
    await measures.places()
    measure, first = await measures.version()
    await measures.figures(first, rows("E07000080,2015/16,21.2"))
    path = f"/v1/measures/{measure}/versions"
    second = (await measures.post(path, {"kind": "ratio", "unit": "percent", "period_type": "survey_year"}))["id"]
    assert (await measures.series(measure))["measure"]["version"] == first
    await measures.post(f"{path}/{second}/publish")
    assert (await measures.series(measure))["points"] == []
    assert [point["value"] for point in await measures.points(measure, version=first)] == [21.2]


async def published_after(measures: Caller, measure: str, **declared: object) -> str:
    """The next version of a measure, published."""
    path = f"/v1/measures/{measure}/versions"
    version: str = (await measures.post(path, PERCENT | declared))["id"]
    await measures.post(f"{path}/{version}/publish")
    return version


@ON_ONE_DATABASE
async def test_versions_that_compare_are_one_series_and_a_bridge_brings_its_note(measures: Caller) -> None:
    await measures.places()
    measure, first = await measures.version()
    await measures.figures(first, rows("E07000080,2014/15,22.0", "E07000080,2015/16,21.2"))
    second = await published_after(measures, measure, comparability="same")
    await measures.figures(second, rows("E07000080,2015/16,21.4", "E07000080,2016/17,20.0"))
    assert len(await measures.points(measure)) == 2
    whole = await measures.points(measure, since=first)
    assert [(point["value"], point["version"]) for point in whole] == [(22.0, first), (21.4, second), (20.0, second)]
    third = await published_after(measures, measure, comparability="bridged", bridge_note="Asked on the web since.")
    await measures.figures(third, rows("E07000080,2017/18,19.0"))
    bridged = await measures.series(measure, since=first)
    assert (len(bridged["points"]), bridged["bridges"]) == (4, ["Asked on the web since."])
    assert (bridged["trend"], bridged["no_trend"]) == (None, "bridged")


@ON_ONE_DATABASE
async def test_no_series_crosses_a_break(measures: Caller) -> None:
    await measures.places()
    measure, first = await measures.version()
    second = await published_after(measures, measure, comparability="break")
    path = f"/v1/measures/{measure}/series?place=E07000080"
    status, problem = await measures.refused(f"{path}&since={first}", method="GET")
    assert (status, problem["code"], problem["version"]) == (409, "definition_break", second)
    assert (await measures.refused(f"{path}&version={first}&since={second}", method="GET"))[0] == 404


@ON_ONE_DATABASE
async def test_a_series_says_which_periods_are_missing(measures: Caller) -> None:
    await measures.places()
    measure, version = await measures.version()
    gaps = rows("E07000080,2015/16,20,", "E07000080,2017/18,19,", "E07000080,2018/19,,suppressed", header=STATUSES)
    await measures.figures(version, gaps)
    assert (await measures.series(measure))["completeness"] == {
        "expected": 4, "present": 2, "missing": ["2016/17", "2018/19"],
    }  # fmt: skip
    asked = await measures.series(measure, **{"from": "2014/15", "to": "2017/18"})
    assert asked["completeness"] == {"expected": 4, "present": 2, "missing": ["2014/15", "2016/17"]}
    nowhere = await measures.series(measure, "E07000078")
    assert nowhere["completeness"] == {"expected": 0, "present": 0, "missing": []}


@ON_ONE_DATABASE
async def test_a_steady_fall_of_what_should_fall_is_an_improvement(measures: Caller) -> None:
    await measures.places()
    measure, version = await measures.version(direction="lower_is_better")
    await measures.figures(
        version, rows(*(f"E07000080,{year}/{year - 1999},{2040 - year}" for year in range(2015, 2021)))
    )
    series = await measures.series(measure)
    trend = series["trend"]
    assert (trend["course"], trend["slope"], trend["periods"], series["no_trend"]) == ("improving", -1.0, 6, None)
    assert trend["p"] < 0.01
    assert trend["method"] == "mann_kendall_theil_sen"
    short = await measures.series(measure, **{"from": "2017/18"})
    assert (short["trend"], short["no_trend"]) == (None, "too_few_periods")


@ON_ONE_DATABASE
async def test_several_places_are_answered_in_the_order_in_which_they_are_asked_for(measures: Caller) -> None:
    await measures.places()
    measure, version = await measures.version()
    await measures.figures(version, rows("E07000080,2015/16,21.2", "E07000078,2015/16,18.0", "E07000078,2016/17,17.0"))
    found = await measures.get(f"/v1/measures/{measure}/series-by-place", places=["E07000080", "E07000078"])
    assert [(each["place"]["code"], [point["value"] for point in each["points"]]) for each in found["data"]] == [
        ("E07000080", [21.2]), ("E07000078", [18.0, 17.0]),
    ]  # fmt: skip
    assert found["data"][1] == await measures.series(measure, "E07000078")


async def test_each_reporter_has_its_own_figure(app: FastAPI, vouching: Secrets, measures: Caller) -> None:
    await measures.places()
    measure, version = await measures.version()
    body = "org_01j5x3m0e8f7v9q2k4t6w8y0ab"
    async with Caller(app, vouching, measures.movement, organisation=body) as partner:
        assert (await measures.figures(version, rows("E07000080,2015/16,21.2")))["new"] == 1
        assert (await partner.figures(version, rows("E07000080,2015/16,25.0")))["new"] == 1
    values = {point["reporter"]: point["value"] for point in await measures.points(measure)}
    assert values == {measures.movement: 21.2, body: 25.0}
    only = await measures.points(measure, reporter=measures.movement)
    assert [point["value"] for point in only] == [21.2]


async def test_what_cannot_be_shown_is_a_clear_problem(measures: Caller) -> None:
    await measures.places()
    measure, _ = await measures.version()
    for query, status in (
        ("", 422),
        ("?place=forest", 422),
        ("?place=E07999999", 404),
        ("?place=E07000080&version=mver_01j5x3m0e8f7v9q2k4t6w8y0ab", 404),
        ("?place=E07000080&as_of=2026-05-01T12:00:00", 422),
    ):
        assert (await measures.refused(f"/v1/measures/{measure}/series{query}", method="GET"))[0] == status, query


async def test_a_measure_without_a_published_version_has_no_series(measures: Caller) -> None:
    await measures.places()
    measure = (await measures.post("/v1/measures", {"key": "new", "title": "New"}))["id"]
    status, problem = await measures.refused(f"/v1/measures/{measure}/series?place=E07000080", method="GET")
    assert (status, problem["code"]) == (409, "version_not_published")
