"""The border: true inside its own controller, as released to everybody else, and the same however it is asked for."""

from fastapi import FastAPI

from shared.secrets import Secrets
from shared.testing.service import ON_ONE_DATABASE
from tests.measures.caller import Caller
from tests.measures.releases.steps import county, known, published, step

PARTNER = "org_01j5x3m0e8f7v9q2k4t6w8y0ab"


async def seen(caller: Caller, measure: str, place: str) -> tuple[float | None, str, str]:
    (point,) = await caller.points(measure, place=place)
    return point["value"], point["status"], point["sharing"]


async def test_to_others_a_figure_is_what_a_release_shows_of_it(
    app: FastAPI, vouching: Secrets, measures: Caller
) -> None:
    measure, version = await county(measures)
    async with Caller(app, vouching, measures.movement, organisation=PARTNER) as partner:
        assert await seen(measures, measure, "E07000080") == (4.0, "reported", "not_for_sharing")
        assert await seen(partner, measure, "E07000078") == (None, "suppressed", "withheld"), "nothing is released"
        out = await published(measures, version, audience="partners")
        assert await seen(partner, measure, "E07000078") == (60.0, "reported", "released")
        assert await seen(partner, measure, "E07000080") == (None, "suppressed", "released")
        await known(measures, version, {"E07000078": 70, "E10000013": 110})
        assert await seen(partner, measure, "E07000078") == (60.0, "reported", "released"), "as it was released"
        assert (await partner.series(measure, place="E07000078"))["sharing"] == "released"
        await step(measures, out, "withdraw", {"because": "the wrong year"})
        assert await seen(partner, measure, "E07000078") == (None, "suppressed", "withheld")


@ON_ONE_DATABASE
async def test_an_organisation_sees_its_own_as_it_is(app: FastAPI, vouching: Secrets, measures: Caller) -> None:
    measure, version = await county(measures)
    async with Caller(app, vouching, measures.movement, organisation=PARTNER) as partner:
        await known(partner, version, {"E07000080": 3})
        points = await partner.points(measure, place="E07000080")
        assert {(point["reporter"], point["value"], point["sharing"]) for point in points} == {
            (PARTNER, 3.0, "not_for_sharing"), (measures.movement, None, "withheld"),
        }  # fmt: skip
        assert (await partner.series(measure, place="E07000080"))["sharing"] == "not_for_sharing"


@ON_ONE_DATABASE
async def test_a_roll_up_across_the_border_is_made_of_what_is_shown(
    app: FastAPI, vouching: Secrets, measures: Caller
) -> None:
    measure, version = await county(measures, roll_ups={"place": "sum"})
    await published(measures, version)
    query = {"place": "E10000013", "from": "2025", "over": "place"}
    inside = await measures.get(f"/v1/measures/{measure}/roll-up", **query)
    assert inside["figure"]["value"] == 100.0
    async with Caller(app, vouching, measures.movement, organisation=PARTNER) as partner:
        outside = await partner.get(f"/v1/measures/{measure}/roll-up", **query)
        assert (outside["figure"]["value"], outside["completeness"]["present"]) == (60.0, 1)


async def test_no_other_way_out_says_more(app: FastAPI, vouching: Secrets, measures: Caller) -> None:
    """The log of observations, its files, a scorecard and a comparison: what no release shows is nowhere."""
    measure, version = await county(measures)
    await published(measures, version)
    async with Caller(app, vouching, measures.movement, organisation=PARTNER) as partner:
        listed = {each["place"]: each for each in await partner.every("/v1/observations")}
        assert {place: each["value"] for place, each in listed.items()} == {
            "E10000013": 100.0, "E07000078": 60.0, "E07000079": None, "E07000080": None,
        }  # fmt: skip
        hidden = listed["E07000080"]
        assert (hidden["status"], hidden["sharing"]) == ("suppressed", "released")
        one = await partner.get(f"/v1/observations/{hidden['id']}")
        revisions = await partner.every(f"/v1/observations/{hidden['id']}/revisions")
        assert (one["value"], [each["value"] for each in revisions]) == (None, [None])
        scorecard = await partner.get("/v1/scorecard", place="E07000080")
        assert [line["figure"]["value"] for line in scorecard["lines"]] == [None]
        query = {"within": "E10000013", "period": "2025"}
        compared = await partner.get(f"/v1/measures/{measure}/comparison", **query)
        assert {row["place"]["code"]: row["figure"]["value"] for row in compared["rows"]} == {
            "E07000078": 60.0, "E07000079": None, "E07000080": None,
        }  # fmt: skip
        file = await partner.client.get("/v1/observations/export", params={"measure_version": version, "format": "csv"})
        assert file.status_code == 200
        assert ",4," not in file.text
        await known(measures, version, {"E07000078": 70, "E10000013": 110})
        fresh = {each["place"]: each["sharing"] for each in await partner.every("/v1/observations")}
        assert fresh["E07000078"] == "withheld", "that revision is in no release"
