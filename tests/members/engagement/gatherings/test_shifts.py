"""Which slots fit whom: a hospital's porters cannot come at noon, and it is said why."""

from datetime import date, datetime

import pytest

from services.members.engagement.gatherings.shifts.matching import Span, at_work, is_free
from services.members.engagement.gatherings.shifts.models import Free, Shift
from shared.ids import new_id
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.engagement.gatherings.steps import edit, published

EARLY: Json = {
    "name": "Porters, early",
    "cycle_days": 1,
    "first_day": "2026-01-01",
    "works": [{"day": 1, "begins": "07:00", "minutes": 480}],
}
NIGHTS = EARLY | {
    "name": "Porters, four nights on and four off",
    "cycle_days": 8,
    "works": [{"day": day, "begins": "20:00", "minutes": 720} for day in (1, 2, 3, 4)],
}


def span(begins: str, ends: str) -> Span:
    return Span(datetime.fromisoformat(begins), datetime.fromisoformat(ends))


@pytest.mark.parametrize(
    ("begins", "ends", "busy"),
    [
        ("2026-01-01T19:00", "2026-01-01T20:00", False),  # ends as the first night begins
        ("2026-01-01T19:30", "2026-01-01T20:30", True),
        ("2026-01-05T07:00", "2026-01-05T09:00", True),  # the fourth night lasts until eight in the morning
        ("2026-01-05T08:00", "2026-01-05T09:00", False),
        ("2026-01-08T22:00", "2026-01-08T23:00", False),  # the fourth day off
        ("2026-01-09T22:00", "2026-01-09T23:00", True),  # the next cycle
        ("2025-12-24T22:00", "2025-12-24T23:00", True),  # the cycle before the first day that was named
        ("2026-01-08T12:00", "2026-01-10T12:00", True),
    ],
)
def test_a_cycle_of_nights_is_reckoned_on_the_clock(begins: str, ends: str, busy: bool) -> None:
    works = [{"day": day, "begins": "20:00", "minutes": 720} for day in (1, 2, 3, 4)]
    shift = Shift(cycle_days=8, first_day=date(2026, 1, 1), works=works)
    assert bool(at_work(shift, span(begins, ends))) is busy


def test_a_slot_lies_whole_within_a_time_in_which_somebody_can_come() -> None:
    wednesdays = [Free(day="we", begins="12:00", ends="13:00")]
    assert is_free(wednesdays, span("2026-07-01T12:00", "2026-07-01T13:00"))
    assert not is_free(wednesdays, span("2026-07-01T12:30", "2026-07-01T13:30"))
    assert not is_free(wednesdays, span("2026-07-02T12:00", "2026-07-02T13:00"))
    assert is_free([], span("2026-07-02T12:00", "2026-07-02T13:00"))


async def test_a_walk_at_noon_leaves_out_the_early_shift_and_says_when_it_works(members: Caller) -> None:
    gathering, noon = await published(members, starts="2027-07-07T12:00:00")
    early = (await members.post("/v1/shifts", EARLY))["id"]
    late = (await members.post("/v1/shifts", EARLY | {"works": [{"day": 1, "begins": "13:00", "minutes": 480}]}))["id"]
    (slot,) = (await members.get(f"/v1/gatherings/{gathering}/fit"))["slots"]
    working = {"begins": "2027-07-07T07:00:00", "ends": "2027-07-07T15:00:00"}
    assert slot == {
        "slot": noon,
        "starts": "2027-07-07T12:00:00",
        "fits": [late],
        "left_out": [{"shift": early, "at_work": [working]}],
    }
    assert (await members.get(f"/v1/gatherings/{gathering}/fit"))["never_reached"] == [early]
    at_four = {"starts": "2027-07-07T16:00:00", "minutes": 60}
    await members.post(f"/v1/gatherings/{gathering}/slots", at_four)
    assert (await members.get(f"/v1/gatherings/{gathering}/fit"))["never_reached"] == []


async def test_people_are_told_which_slots_fit_what_they_said(members: Caller) -> None:
    _, noon = await published(members, starts="2027-07-07T12:00:00")
    _, evening = await published(members, starts="2027-07-07T18:00:00")
    shift, person = (await members.post("/v1/shifts", EARLY))["id"], await members.person()
    path = f"/v1/people/{person}/availability"

    async def why() -> dict[str, str | None]:
        rows = (await members.get(f"/v1/people/{person}/fitting-slots"))["data"]
        return {row["slot"]: row["why"] for row in rows}

    assert await why() == {noon: None, evening: None}
    assert (await members.client.get(path)).headers["etag"] == '"0"'
    said = await edit(members, path, {"shift": shift}, method="PUT", tag='"0"')
    assert (said["version"], await why()) == (1, {noon: "at_work", evening: None})
    mornings = {"shift": shift, "free": [{"day": "we", "begins": "08:00", "ends": "16:00"}]}
    await edit(members, path, mornings, method="PUT", tag='"1"')
    assert await why() == {noon: "at_work", evening: "not_free"}
    await edit(members, path, {}, method="PUT", tag='"1"', status=412)


@ON_ONE_DATABASE
async def test_shifts_are_replaced_and_impossible_ones_refused(members: Caller) -> None:
    shift = await members.post("/v1/shifts", EARLY)
    path = f"/v1/shifts/{shift['id']}"
    changed = await edit(members, path, NIGHTS, method="PUT", tag='"1"')
    assert (changed["cycle_days"], changed["version"], await members.get(path)) == (8, 2, changed)
    status, problem = await members.refused("/v1/shifts", EARLY | {"works": [{"day": 2, "begins": "7", "minutes": 0}]})
    assert (status, set(faults(problem))) == (422, {"/works/0/begins", "/works/0/minutes"})
    outside = EARLY | {"works": [{"day": 2, "begins": "07:00", "minutes": 60}]}
    assert (await members.refused("/v1/shifts", outside))[0] == 422
    person = await members.person()
    unknown = {"shift": new_id("shift")}
    refused = await edit(members, f"/v1/people/{person}/availability", unknown, method="PUT", status=422)
    assert faults(refused) == {"/shift": "unknown_shift"}
    nobody = f"/v1/people/{new_id('person')}"
    for read in (f"{nobody}/availability", f"{nobody}/fitting-slots"):
        assert (await members.client.get(read)).status_code == 404
