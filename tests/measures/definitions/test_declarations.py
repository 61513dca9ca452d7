"""What a version declares besides its words: how it is broken down, rolled up, guarded, and compared."""

import pytest

from services.measures.measures.models import Kind
from services.measures.measures.rollups import Over, RollUp, senseless
from services.measures.measures.schemes import Category, Dimension, unknown_in
from shared.testing.caller import Json
from shared.testing.service import ON_ONE_DATABASE
from tests.measures.caller import PERCENT, Caller

SEX: Json = {
    "key": "sex", "title": "Sex", "ordered": False, "exhaustive": True,
    "categories": [{"key": "female", "title": "Women"}, {"key": "male", "title": "Men"}],
}  # fmt: skip
DECLARED: Json = {
    "instrument": "short_active_lives", "instrument_version": 2, "scheme": [SEX], "distinct": True,
    "roll_ups": {"place": "recompute", "period": "none"}, "profile": "small_counts",
    "comparability": "bridged", "bridge_note": "The question about walking was put differently.",
}  # fmt: skip


async def test_a_version_declares_how_its_figures_are_broken_down_rolled_up_and_guarded(measures: Caller) -> None:
    measure, first = await measures.version()
    drafted = await measures.post(f"/v1/measures/{measure}/versions", PERCENT | DECLARED)
    assert DECLARED.items() <= drafted.items()
    assert (drafted["follows"], drafted["version"]) == (None, 1)
    published = await measures.post(f"/v1/measures/{measure}/versions/{drafted['id']}/publish")
    assert DECLARED.items() <= published.items()
    assert (published["follows"], published["version"]) == (first, 2)
    assert published["updated_at"] == published["published_at"]


@ON_ONE_DATABASE
async def test_what_nobody_said_to_be_comparable_is_a_break_and_the_first_version_has_nothing_before_it(
    measures: Caller,
) -> None:
    measure = (await measures.post("/v1/measures", {"key": "walks", "title": "Walks"}))["id"]
    path = f"/v1/measures/{measure}/versions"
    first = (await measures.post(path, PERCENT | {"comparability": "same"}))["id"]
    second = (await measures.post(path, PERCENT))["id"]
    assert (await measures.post(f"{path}/{first}/publish"))["comparability"] is None
    assert (await measures.post(f"{path}/{second}/publish"))["comparability"] == "break"


@ON_ONE_DATABASE
async def test_a_version_is_not_published_behind_one_that_was_drafted_after_it(measures: Caller) -> None:
    measure = (await measures.post("/v1/measures", {"key": "walks", "title": "Walks"}))["id"]
    path = f"/v1/measures/{measure}/versions"
    first, second = [(await measures.post(path, PERCENT))["id"] for _ in range(2)]
    await measures.post(f"{path}/{second}/publish")
    status, problem = await measures.refused(f"{path}/{first}/publish")
    assert (status, problem["code"]) == (409, "later_version_published")


SENSELESS: list[tuple[Json, list[str]]] = [
    ({"roll_ups": {"place": "sum"}}, ["/roll_ups"]),
    ({"roll_ups": {"weather": "none"}}, ["/roll_ups/weather/[key]"]),
    ({"kind": "flow", "unit": "people", "roll_ups": {"place": "recompute"}}, ["/roll_ups"]),
    ({"kind": "stock", "unit": "people", "roll_ups": {"period": "sum"}}, ["/roll_ups"]),
    ({"scheme": [SEX, SEX]}, ["/scheme"]),
    ({"scheme": [SEX | {"categories": [{"key": "a", "title": "A"}] * 2}]}, ["/scheme/0/categories"]),
    ({"scheme": [SEX | {"key": "Sex"}], "profile": "Not a key"}, ["/scheme/0/key", "/profile"]),
    ({"comparability": "bridged"}, [""]),
    ({"bridge_note": "a bridge to nowhere"}, [""]),
    ({"instrument_version": 2}, [""]),
    ({"instrument": "ons4", "instrument_version": 0}, ["/instrument_version"]),
]


@ON_ONE_DATABASE
async def test_a_declaration_that_makes_no_sense_is_refused_by_its_pointer(measures: Caller) -> None:
    measure = (await measures.post("/v1/measures", {"key": "walks", "title": "Walks"}))["id"]
    for change, pointers in SENSELESS:
        status, problem = await measures.refused(f"/v1/measures/{measure}/versions", PERCENT | change)
        assert (status, [fault["pointer"] for fault in problem["errors"]]) == (422, pointers), change


@pytest.mark.parametrize("kind", [Kind.RATIO, Kind.MEAN])
def test_no_version_may_ask_for_a_sum_of_rates_or_means(kind: Kind) -> None:
    assert {over for over, _ in senseless(kind, dict.fromkeys(Over, RollUp.SUM))} == set(Over)
    assert list(senseless(kind, dict.fromkeys(Over, RollUp.RECOMPUTE))) == []


def test_a_cell_is_held_to_the_scheme_and_only_where_there_is_one() -> None:
    sex = Dimension(
        key="sex", title="Sex", ordered=False, exhaustive=True, categories=[Category(key="female", title="Women")]
    )
    assert unknown_in("age_band=16_34", []) is None
    assert unknown_in("all", [sex]) is None
    assert unknown_in("sex=female", [sex]) is None
    assert unknown_in("sex=women", [sex]) == "sex has no category women"
    assert unknown_in("age_band=16_34;sex=female", [sex]) == "the version is not broken down by age_band"
