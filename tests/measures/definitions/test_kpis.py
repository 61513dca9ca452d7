"""KPIs: a number across the services, rated by a rule that is data, and its history."""

import json
from collections.abc import Iterator
from decimal import Decimal

import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from services.measures.kpis.rating import Band, NotRatable, Rates, rate
from shared.in_process import register, unregister
from shared.secrets import Secrets
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.gateway.standin import StandIn
from tests.measures.caller import Caller, rows
from tests.neighbours import Neighbours

FOREST = "E07000080"
BANDS = [{"word": "on track", "least": None}, {"word": "close", "least": 20}, {"word": "behind", "least": "22.5"}]
CHAMPIONS: Json = {
    "key": "champions", "title": "Champions", "owner": "Head of partnerships", "source": "people_on_ladder",
    "counted": "champion", "target": 50, "rates": "share_of_target",
    "bands": [{"word": "behind", "least": None}, {"word": "close", "least": 60}, {"word": "there", "least": 100}],
}  # fmt: skip
LADDER = [{"rung": "observer", "people": 90}, {"rung": "champion", "people": 24}, {"rung": "co_owner", "people": 7}]


def answering(service: str, answer: Json) -> Iterator[StandIn]:
    standin = StandIn(body=json.dumps(answer).encode())
    register(service, standin)
    yield standin
    unregister(service, standin)


@pytest.fixture
def members() -> Iterator[StandIn]:
    """The members service, which says who stands on which rung."""
    yield from answering("members", {"policy": {}, "rungs": LADDER, "without_rung": 3})


@pytest.fixture
def grants() -> Iterator[StandIn]:
    """The grants service, which has three awards."""
    yield from answering("grants", {"data": [{"id": f"award_{n}"} for n in range(3)], "next_cursor": None})


def inactive(version: str, **said: object) -> Json:
    about = {"key": "inactive", "title": "Inactive adults", "owner": "Insight lead", "source": "figure"}
    return {**about, "measure_version": version, "place": FOREST, "bands": BANDS} | said


async def test_a_figure_is_rated_by_its_rule_and_every_rating_is_kept(measures: Caller, neighbours: Neighbours) -> None:
    await measures.places()
    _, version = await measures.version()
    whose = await neighbours.organisation(measures.movement)
    kpi = await measures.post("/v1/kpis", inactive(version, organisation=whose), status=201)
    path = f"/v1/kpis/{kpi['id']}"
    assert (kpi["rating"], kpi["organisation"], kpi["cell"]) == (None, whose, "all")
    status, problem = await measures.refused(f"{path}/ratings")
    assert (status, problem["code"]) == (409, "no_value")
    await measures.figures(version, rows(f"{FOREST},2015/16,23.1", f"{FOREST},2016/17,22.5"))
    aim = {"measure_version": version, "place": FOREST, "period": "2016/17", "value": 21}
    await measures.post("/v1/targets", aim)
    first = await measures.post(f"{path}/ratings", status=201)
    assert (first["value"], first["period"], first["target"], first["word"]) == (22.5, "2016/17", 21.0, "behind")
    rule = {"bands": [{"word": "red"}, {"word": "green", "least": 30}], "target": 18}
    changed = await measures.client.patch(path, json=rule, headers={"If-Match": '"1"'})
    assert changed.json()["rating"] == first
    second = await measures.post(f"{path}/ratings")
    assert (second["word"], second["target"], second["kpi_version"]) == ("red", 18.0, 2)
    assert await measures.every(f"{path}/ratings", limit=1) == [second, first]
    assert (await measures.get(path))["rating"] == second
    assert (await measures.client.patch(path, json=rule, headers={"If-Match": '"1"'})).status_code == 412
    told = await measures.published(kpi["id"])
    assert [event for event, _ in told] == ["kpi.entered", "kpi.rated", "kpi.changed", "kpi.rated"]
    assert "22.5" not in json.dumps(told)


@ON_ONE_DATABASE
async def test_people_on_the_ladder_are_counted_where_they_are_known(measures: Caller, members: StandIn) -> None:
    kpi = await measures.post("/v1/kpis", CHAMPIONS)
    rated = await measures.post(f"/v1/kpis/{kpi['id']}/ratings")
    assert (rated["value"], rated["period"], rated["word"]) == (31.0, None, "close")
    assert [(asked.method, asked.path) for asked in members.asked] == [("GET", "/v1/ladder")]
    lost = await measures.post("/v1/kpis", CHAMPIONS | {"key": "lost", "counted": "admiral"})
    assert (await measures.refused(f"/v1/kpis/{lost['id']}/ratings"))[1]["code"] == "no_value"


@ON_ONE_DATABASE
async def test_awards_are_counted_in_the_state_that_is_asked_for(measures: Caller, grants: StandIn) -> None:
    awards = CHAMPIONS | {"source": "awards", "counted": "accepted", "target": None, "rates": "value", "bands": BANDS}
    kpi = await measures.post("/v1/kpis", awards)
    assert (await measures.post(f"/v1/kpis/{kpi['id']}/ratings"))["value"] == 3.0
    assert [(asked.path, asked.query) for asked in grants.asked] == [("/v1/awards", "limit=200&state=accepted")]


@ON_ONE_DATABASE
async def test_a_service_that_does_not_answer_is_said_and_nothing_is_rated(measures: Caller, members: StandIn) -> None:
    kpi = await measures.post("/v1/kpis", CHAMPIONS)
    path = f"/v1/kpis/{kpi['id']}/ratings"
    members.status = 500
    status, problem = await measures.refused(path)
    assert (status, problem["code"]) == (502, "upstream_refused")
    members.status, members.body = 200, b'{"rungs": "many"}'
    assert (await measures.refused(path))[0] == 502
    assert await measures.every(path) == []


@ON_ONE_DATABASE
async def test_a_count_is_for_whoever_may_see_it_where_it_is_kept(
    measures: Caller, members: StandIn, app: FastAPI, vouching: Secrets
) -> None:
    kpi = await measures.post("/v1/kpis", CHAMPIONS)
    async with Caller(app, vouching, measures.movement, frozenset({"kpis:*"})) as partner:
        status, problem = await partner.refused(f"/v1/kpis/{kpi['id']}/ratings")
        assert (status, problem["scope"], members.asked) == (403, "ladder:read", [])
        rated = await measures.post(f"/v1/kpis/{kpi['id']}/ratings")
        for shown in (
            (await partner.get(f"/v1/kpis/{kpi['id']}"))["rating"],
            (await partner.every("/v1/kpis"))[0]["rating"],
            (await partner.every(f"/v1/kpis/{kpi['id']}/ratings"))[0],
        ):
            assert (shown["id"], shown["value"], shown["word"], shown["withheld"]) == (rated["id"], None, None, True)


@ON_ONE_DATABASE
async def test_the_movements_figure_is_withheld_from_a_partners_key(
    measures: Caller, neighbours: Neighbours, app: FastAPI, vouching: Secrets
) -> None:
    await measures.places()
    _, version = await measures.version()
    kpi = await measures.post("/v1/kpis", inactive(version))
    await measures.figures(version, rows(f"{FOREST},2015/16,23.1"))
    await measures.post(f"/v1/kpis/{kpi['id']}/ratings")
    partner = await neighbours.organisation(measures.movement)
    async with Caller(app, vouching, measures.movement, organisation=partner) as theirs:
        shown = await theirs.get(f"/v1/kpis/{kpi['id']}")
        assert (shown["rating"]["value"], shown["rating"]["withheld"]) == (None, True)
        assert (await theirs.refused(f"/v1/kpis/{kpi['id']}/ratings"))[0] == 403


@ON_ONE_DATABASE
async def test_a_figure_of_two_partners_is_no_one_value(
    measures: Caller, neighbours: Neighbours, app: FastAPI, vouching: Secrets
) -> None:
    await measures.places()
    _, version = await measures.version()
    kpi = await measures.post("/v1/kpis", inactive(version))
    await measures.figures(version, rows(f"{FOREST},2015/16,23.1"))
    partner = await neighbours.organisation(measures.movement)
    async with Caller(app, vouching, measures.movement, organisation=partner) as reporter:
        await reporter.figures(version, rows(f"{FOREST},2015/16,24.0"))
    status, problem = await measures.refused(f"/v1/kpis/{kpi['id']}/ratings")
    assert (status, problem["code"]) == (409, "no_value")
    assert "2 partners" in problem["detail"]


async def test_kpis_are_listed_with_their_ratings_and_archived_ones_apart(measures: Caller, other: Caller) -> None:
    one = await measures.post("/v1/kpis", CHAMPIONS)
    two = await measures.post("/v1/kpis", CHAMPIONS | {"key": "another"})
    assert [each["id"] for each in await measures.every("/v1/kpis", limit=1)] == [one["id"], two["id"]]
    path = f"/v1/kpis/{one['id']}"
    await measures.client.patch(path, json={"archived": True}, headers={"If-Match": "*"})
    assert [each["id"] for each in await measures.every("/v1/kpis")] == [two["id"]]
    assert [each["id"] for each in await measures.every("/v1/kpis", archived="true")] == [one["id"]]
    assert (await measures.refused("/v1/kpis", CHAMPIONS))[1]["code"] == "key_taken"
    await other.post("/v1/kpis", CHAMPIONS)
    for elsewhere in (path, f"{path}/ratings"):
        assert (await other.refused(elsewhere, method="GET"))[0] == 404


NONE_OPEN = [{"word": "a", "least": 1}]
SENSELESS: list[tuple[Json, str]] = [
    ({"bands": NONE_OPEN}, "/bands"),
    ({"bands": [{"word": "a"}, {"word": "b"}]}, "/bands"),
    ({"bands": [{"word": "a"}, {"word": "b", "least": 1}, {"word": "c", "least": "1.0"}]}, "/bands"),
    ({"source": "figure"}, ""),
    ({"place": FOREST}, ""),
    ({"source": "weather"}, "/source"),
    ({"counted": "a&b=c"}, "/counted"),
]


@ON_ONE_DATABASE
async def test_a_kpi_that_makes_no_sense_is_refused_by_its_pointer(measures: Caller, other: Caller) -> None:
    for change, pointer in SENSELESS:
        status, problem = await measures.refused("/v1/kpis", CHAMPIONS | change)
        assert (status, [fault["pointer"] for fault in problem["errors"]]) == (422, [pointer]), change
    _, theirs = await other.version()
    unknown = inactive(theirs, organisation="org_01j5x3m0e8f7v9q2k4t6w8y0ab")
    assert faults((await measures.refused("/v1/kpis", unknown))[1]) == {
        "/organisation": "unknown_organisation",
        "/measure_version": "unknown_version",
        "/place": "unknown_place",
    }


NUMBERS = st.decimals(-1000, 1000, places=2)


@given(NUMBERS, st.lists(NUMBERS, max_size=5, unique=True))
def test_every_value_has_the_word_of_the_highest_band_that_it_reaches(value: Decimal, ends: list[Decimal]) -> None:
    bands = [Band(word="lowest", least=None), *(Band(word=str(end), least=str(end)) for end in ends)]
    reached = [end for end in ends if end <= value]
    assert rate(value, None, Rates.VALUE, bands) == (str(max(reached)) if reached else "lowest")


def test_a_share_of_no_target_or_of_zero_is_not_rated() -> None:
    bands = [Band(word="far", least=None), Band(word="there", least="100")]
    assert rate(Decimal(5), Decimal(5), Rates.SHARE_OF_TARGET, bands) == "there"
    assert rate(Decimal("4.99"), Decimal(5), Rates.SHARE_OF_TARGET, bands) == "far"
    for target in (None, Decimal(0)):
        with pytest.raises(NotRatable):
            rate(Decimal(5), target, Rates.SHARE_OF_TARGET, bands)
