"""Finding assets: by what they are about, where and when they are, and what is nearest."""

import pytest

from services.members.community.geography import Point, district
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.community.mapped import DOCKS, MATSON, published

SEARCHES: list[tuple[dict[str, str | int], list[str]]] = [
    ({}, ["Matson gardeners", "Docks walkers", "Somewhere"]),
    ({"kind": "activity"}, ["Docks walkers"]),
    ({"interest": "walking"}, ["Docks walkers"]),
    ({"tag": "outdoors", "day": "tuesday"}, ["Matson gardeners"]),
    ({"day": "sunday"}, ["Docks walkers"]),
    ({"area": "MATSON"}, ["Matson gardeners"]),
    ({"postcode": "GL1 2EH"}, ["Docks walkers"]),
    ({"q": "VEG libr"}, ["Matson gardeners"]),
    ({"q": "cafe"}, ["Somewhere"]),
    ({"q": "cook"}, ["Matson gardeners"]),
    ({"state": "stale"}, []),
    ({"latitude": "51.8613", "longitude": "-2.2519"}, ["Docks walkers", "Matson gardeners", "Somewhere"]),
    ({"latitude": "51.8394", "longitude": "-2.2180"}, ["Matson gardeners", "Docks walkers", "Somewhere"]),
    ({"latitude": "51.8613", "longitude": "-2.2519", "within_km": 1}, ["Docks walkers"]),
    ({"updated_since": "2100-01-01T00:00:00Z"}, []),
]


async def test_the_map_is_searched(members: Caller) -> None:
    await published(members)
    sundays = [{"day": "sunday", "week": -1}]
    walk = {
        "kind": "activity",
        "title": "Docks walkers",
        "description": "",
        "interests": ["walking"],
        "tags": [],
        "times": sundays,
    }
    await published(members, **walk, place={"postcode": "GL12EH", **DOCKS})
    await published(members, title="Somewhere", description="A café", interests=[], tags=[], times=[], place={})
    for sought, found in SEARCHES:
        assert [one["title"] for one in await members.every("/v1/assets", **sought, limit=2)] == found, sought


async def test_what_is_changed_is_found_by_its_new_words_alone(members: Caller) -> None:
    path = f"/v1/assets/{(await published(members))['id']}"
    await members.client.patch(path, json={"description": "Now we keep bees."}, headers={"If-Match": "*"})
    assert len((await members.get("/v1/assets", q="bees"))["data"]) == 1
    assert (await members.get("/v1/assets", q="vegetables"))["data"] == []


async def test_the_nearest_says_how_near(members: Caller) -> None:
    await published(members)
    (near,) = (await members.get("/v1/assets", latitude="51.8613", longitude="-2.2519"))["data"]
    assert near["distance_m"] == Point(**DOCKS).metres_to(Point(**MATSON))
    assert near["distance_m"] == pytest.approx(3369, rel=0.005)  # by the haversine formula


@ON_ONE_DATABASE
async def test_half_a_point_is_refused(members: Caller) -> None:
    for query in ({"latitude": "51"}, {"within_km": "3"}, {"latitude": "nan", "longitude": "0"}):
        assert (await members.refused("/v1/assets", method="GET", **query))[0] == 422, query


@pytest.mark.parametrize(
    ("postcode", "its_district"),
    [("GL1 2EH", "GL1"), ("gl12eh", "GL1"), ("EC1A 1BB", "EC1A"), ("M1 1AE", "M1"), ("M11AE", "M1"), ("GL1", "GL1")],
)
def test_the_district_is_all_of_a_postcode_but_its_last_three_characters(postcode: str, its_district: str) -> None:
    assert district(postcode) == its_district
