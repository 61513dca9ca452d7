"""Scorecards: many measures at one place, with targets, and with trends that are believed together."""

from shared.statistics import holm
from shared.testing.service import ON_ONE_DATABASE
from tests.measures.caller import Caller, rows

YEARS = range(2015, 2021)


def fall(start: int) -> str:
    return rows(*(f"E07000080,{year}/{year - 1999},{start - year}" for year in YEARS))


async def test_each_measure_has_its_last_figure_target_and_course(measures: Caller) -> None:
    await measures.places()
    shares = rows("E07000080,2018/19,40,100", "E07000080,2020/21,80,100", header="place,period,numerator,denominator")
    first, one = await measures.version("inactive", direction="lower_is_better")
    second, other = await measures.version("active", direction="higher_is_better")
    third, _ = await measures.version("nothing")
    await measures.figures(one, fall(2040))
    await measures.figures(other, shares)
    aim = {"measure_version": one, "place": "E07000080", "period": "2022/23", "value": "21"}
    await measures.post("/v1/targets", aim)
    found = await measures.get("/v1/scorecard", place="E07000080")
    inactive, active, nothing = found["lines"]
    assert [line["measure"]["id"] for line in found["lines"]] == [first, second, third]
    assert (inactive["figure"]["value"], inactive["previous"]["value"]) == (20.0, 21.0)
    assert (inactive["target"]["period"], inactive["target"]["value"], inactive["target_met"]) == (
        "2022/23",
        21.0,
        True,
    )
    assert (inactive["course"], inactive["change"]) == ("improving", None)
    assert (active["change"]["value"], active["no_trend"], active["course"]) == (40.0, "too_few_periods", "uncertain")
    assert active["completeness"] == {"expected": 3, "present": 2, "missing": ["2019/20"]}
    assert (nothing["figure"], nothing["no_figure"]) == (None, "no_figures")
    series = await measures.series(first)
    assert [(each["kind"], each["value"]) for each in series["targets"]] == [("target", 21.0)]


@ON_ONE_DATABASE
async def test_a_trend_that_stands_alone_may_not_stand_among_many(measures: Caller) -> None:
    await measures.places()
    asked = []
    for number in range(5):
        measure, version = await measures.version(f"measure_{number}")
        five = rows(*(f"E07000080,{year}/{year - 1999},{2040 - year}" for year in range(2015, 2020)))
        await measures.figures(version, five)
        asked.append(measure)
    alone = (await measures.get("/v1/scorecard", place="E07000080", measures=asked[:1]))["lines"]
    together = (await measures.get("/v1/scorecard", place="E07000080", measures=asked))["lines"]
    assert (alone[0]["course"], alone[0]["holm_p"]) == ("falling", alone[0]["trend"]["p"])
    assert [line["holm_p"] for line in together] == holm([line["trend"]["p"] for line in together])
    assert {line["course"] for line in together} == {"uncertain"}


@ON_ONE_DATABASE
async def test_a_scorecard_looks_back_so_far_and_no_further(measures: Caller) -> None:
    await measures.places()
    _, version = await measures.version()
    await measures.figures(version, fall(2040))
    await measures.figures(version, rows("E07000080,2020/21,30"))
    line = (await measures.get("/v1/scorecard", place="E07000080", periods=3))["lines"][0]
    assert (line["completeness"]["expected"], line["figure"]["value"], line["figure"]["revision"]) == (3, 30.0, 2)
    path = "/v1/scorecard?place=E07000080&measures=measure_01j5x3m0e8f7v9q2k4t6w8y0ab"
    status, problem = await measures.refused(path, method="GET")
    assert (status, problem["errors"][0]["code"]) == (422, "unknown_measure")


@ON_ONE_DATABASE
async def test_a_figure_that_was_revised_many_times_costs_no_period(measures: Caller) -> None:
    await measures.places()
    _, version = await measures.version()
    await measures.figures(version, fall(2040))
    for value in range(12):
        await measures.figures(version, rows(f"E07000080,2020/21,{value}"))
    line = (await measures.get("/v1/scorecard", place="E07000080", periods=4))["lines"][0]
    assert [each["value"] for each in line["history"]] == [23.0, 22.0, 21.0, 11.0]
