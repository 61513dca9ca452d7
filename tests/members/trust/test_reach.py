"""Reach: who takes part beside who might, and no published combination tells a group of one to four."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.members.trust.reach.models import Cadence
from services.members.trust.reach.periods import Period, parsed
from services.members.trust.reach.shares import groups, protected
from shared import clock
from shared.disclosure import Redacting
from shared.ids import new_id
from shared.testing.caller import Json, faults, json_of
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.directory.steps import change
from tests.members.trust.test_equality import answers
from tests.plugins.parts import scale

LATER = datetime(2027, 1, 10, 12, tzinfo=UTC)
WORKFORCE = {
    "name": "Royal Free London", "edition": "ESR, March 2026", "dimension": "pay_band", "cadence": "quarter",
    "as_of": "2026-03-31", "source": "Electronic Staff Record, headcount",
    "people": [{"option": "band_1", "people": 200}, {"option": "band_2", "people": 500},
               {"option": "band_3", "people": 300}],
}  # fmt: skip
REDACTING = Redacting(7, 5)


async def publish(members: Caller, population: str, period: str = "2026-Q4", status: int = 201, **said: str) -> Json:
    """Publish reach after the period is over."""
    with clock.frozen(LATER):
        body = {"population": population, "period": period, **said}
        return json_of(await members.client.post("/v1/reach", json=body), status)


async def of_band(members: Caller, band: str | None, count: int) -> None:
    """So many people who joined and answered so; None: who were not asked."""
    people = await asyncio.gather(*(members.person() for _ in range(count)))
    if band is not None:
        await asyncio.gather(*(answers(members, person, pay_band=band) for person in people))


def counts(published: Json) -> dict[str, int | None]:
    """What is shown of each group and of those in none."""
    return {row["option"]: row["participants"] for row in [*published["groups"], *published["unknown"]]}


async def test_reach_is_shares_of_what_is_shown_beside_the_population(members: Caller) -> None:
    population = (await members.post("/v1/reach/populations", WORKFORCE))["id"]
    for band, count in (("band_1", 4), ("band_2", 12), ("band_3", 21), (None, 9), ("prefer_not_to_say", 1)):
        await of_band(members, band, count)
    published = await publish(members, population)
    assert counts(published) == {"band_1": None, "band_2": 10, "band_3": 20, "not_asked": 10, "prefer_not_to_say": None}
    small, second, third = published["groups"]
    assert (small["population_share"], small["ratio"], small["interval"]) == (0.2, None, None)
    assert (second["participant_share"], third["participant_share"]) == (10 / 30, 20 / 30)
    assert third["ratio"] == pytest.approx((20 / 30) / 0.3)
    assert third["interval"]["low"] == pytest.approx(0.487805 / 0.3, rel=1e-4), (
        "Wilson's of 20 in 30, over 300 in 1,000"
    )
    assert (published["edition"], published["chance_only"]) == ("ESR, March 2026", True)


async def test_it_is_published_once_and_for_periods_that_are_over(members: Caller) -> None:
    population = (await members.post("/v1/reach/populations", WORKFORCE))["id"]
    await of_band(members, "band_2", 8)
    published = await publish(members, population)
    assert (counts(published)["band_2"], published["groups"][1]["participant_share"]) == (10, None), "too small a base"
    await of_band(members, "band_2", 8)
    assert await publish(members, population, status=200) == published
    assert await members.get(f"/v1/reach/{published['id']}") == published
    assert (await members.get("/v1/reach", population=population))["data"] == [published]
    assert (await publish(members, population, who="active"))["who"] == "active"
    for said, pointer, code in (
        ({"period": "2027-Q1"}, "/period", "not_over"),
        ({"period": "2026"}, "/period", "not_a_period"),
        ({"population": new_id("population")}, "/population", "unknown_population"),
    ):
        problem = await publish(members, **{"population": population, "status": 422, **said})
        assert faults(problem) == {pointer: code}


@ON_ONE_DATABASE
async def test_only_who_did_something_in_the_period_is_active_and_who_left_is_no_member(members: Caller) -> None:
    population = (await members.post("/v1/reach/populations", WORKFORCE))["id"]
    today = clock.now().date()
    quarter = f"{today.year}-Q{(today.month + 2) // 3}"
    await of_band(members, "band_1", 23)
    people = await members.every("/v1/people")
    for person in people[:9]:
        await members.did(person["id"], today)
    for person in people[18:]:
        await change(members, f"/v1/memberships/{person['membership']['id']}", {"state": "left"})
    with clock.frozen(clock.now() + timedelta(days=100)):
        shown = [
            counts(await members.post("/v1/reach", {"population": population, "period": quarter, "who": who}))["band_1"]
            for who in ("active", "members")
        ]
    assert shown == [10, 20], "9, and 18 without the 5 who left"


@ON_ONE_DATABASE
async def test_two_records_of_one_person_count_once_and_notice_counts_as_not_asked(members: Caller) -> None:
    population = (await members.post("/v1/reach/populations", WORKFORCE))["id"]
    await of_band(members, "band_1", 12)
    ada, *twice = [await members.person("Ada") for _ in range(4)]
    for each in (ada, *twice):
        await answers(members, each, pay_band="band_1")
    for each in twice:
        await members.post(f"/v1/people/{ada}/merge", {"merged": each}, status=None)
    await members.post_nothing(f"/v1/people/{ada}/equality-answers/stop", {})
    assert counts(await publish(members, population))["band_1"] == 10, "12, and neither 13 nor 16"


@ON_ONE_DATABASE
async def test_deciles_come_from_postcodes_by_an_edition_and_unknowns_are_shown(members: Caller) -> None:
    said = {"name": "Gloucestershire", "edition": "mid-2024", "dimension": "deprivation_decile", "cadence": "year",
            "directory": "IMD 2025", "as_of": "2024-06-30", "source": "ONS mid-year estimates",
            "people": [{"option": "1", "people": 500}, {"option": "10", "people": 500}]}  # fmt: skip
    status, problem = await members.refused("/v1/reach/populations", said)
    assert (status, faults(problem)) == (422, {"/directory": "unknown_directory"})
    postcodes = [{"postcode": "GL1 6AA", "decile": 1}, {"postcode": "gl2 7bb", "decile": 9}]
    await members.post_nothing("/v1/reach/postcodes", {"directory": "IMD 2025", "postcodes": postcodes})
    postcodes[1]["decile"] = 10
    await members.post_nothing("/v1/reach/postcodes", {"directory": "IMD 2025", "postcodes": postcodes})
    population = (await members.post("/v1/reach/populations", said))["id"]
    for postcode in ("GL16AA", "GL2 7BB", "ZZ9 9ZZ", None):
        lives = {"postcode": postcode} if postcode else {}
        await asyncio.gather(*(members.person(**lives) for _ in range(8)))
    shown = counts(await publish(members, population, "2026"))
    assert shown == {"1": 10, "10": 10, "not_asked": 10, "not_in_directory": 10}


@ON_ONE_DATABASE
async def test_a_population_is_entered_once_an_edition_with_options_that_are_asked(members: Caller) -> None:
    known = (await members.post("/v1/reach/populations", WORKFORCE))["id"]
    status, problem = await members.refused("/v1/reach/populations", WORKFORCE)
    assert (status, problem["code"], problem["population"]) == (409, "edition_known", known)
    twice = [{"option": "band_1", "people": 1}] * 2
    for wrong, pointer, code in (
        ({"dimension": "shoe_size"}, "/dimension", "unknown_dimension"),
        ({"as_of": "2099-01-01"}, "/as_of", "in_the_future"),
        ({"people": [*WORKFORCE["people"], {"option": "band_77", "people": 1}]}, "/people/3/option", "unknown_option"),
        ({"people": twice}, "/people", "repeated"),
    ):
        status, problem = await members.refused("/v1/reach/populations", WORKFORCE | {"edition": "2", **wrong})
        assert (status, faults(problem)) == (422, {pointer: code})


@settings(max_examples=scale(60))
@given(
    true=st.lists(st.integers(0, 30), min_size=2, max_size=6), other=st.lists(st.integers(0, 7), min_size=6, max_size=6)
)
def test_cells_of_one_to_four_publish_what_any_other_small_cells_would(true: list[int], other: list[int]) -> None:
    """Everything that is published follows from the protected counts, and those are the same: none of it tells one."""
    population = {str(place): 100 for place in range(len(true))}
    counted = {str(place): count for place, count in enumerate(true)}
    instead = {key: other[int(key)] if count <= 7 else count for key, count in counted.items()}
    shown = protected(counted, REDACTING)
    assert protected(instead, REDACTING) == shown
    published = groups(population, shown, 30)
    assert published == groups(population, protected(instead, REDACTING), 30)
    assert not any(group.participants in range(1, 8) for group in published)


def test_no_difference_of_two_publications_tells_a_group_of_one_to_four() -> None:
    """Members who were not active, or who joined between two periods: each is one published number less another."""

    differences: dict[tuple[int | None, int | None], set[int]] = {}
    for more in range(50):
        for less in range(more + 1):
            published = tuple(protected({"": count}, REDACTING)[""] for count in (more, less))
            differences.setdefault((published[0], published[1]), set()).add(more - less)
    assert not any(possible <= {1, 2, 3, 4} for possible in differences.values())


@pytest.mark.parametrize(
    ("text", "cadence", "period"),
    [
        ("2026-Q1", Cadence.QUARTER, Period(date(2026, 1, 1), date(2026, 3, 31))),
        ("2026-Q2", Cadence.QUARTER, Period(date(2026, 4, 1), date(2026, 6, 30))),
        ("2026-Q3", Cadence.QUARTER, Period(date(2026, 7, 1), date(2026, 9, 30))),
        ("2026-Q4", Cadence.QUARTER, Period(date(2026, 10, 1), date(2026, 12, 31))),
        ("2026", Cadence.YEAR, Period(date(2026, 1, 1), date(2026, 12, 31))),
        ("2026-Q5", Cadence.QUARTER, None),
        ("0000", Cadence.YEAR, None),
        ("2026-Q1", Cadence.YEAR, None),
    ],
)
def test_periods_are_whole_years_and_quarters(text: str, cadence: Cadence, period: Period | None) -> None:
    assert parsed(text, cadence) == period
