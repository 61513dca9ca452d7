"""Slots and series: on the clock of the movement's zone, made ahead, moved, resized and cancelled."""

from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI

from services.members.engagement.gatherings.slots.ahead import make_due_slots
from shared import clock
from shared.events.gateway import MovementCreated
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.gateway.log import Log
from tests.members.caller import Caller
from tests.members.engagement.gatherings.steps import WALK, book, edit, local, published
from tests.members.test_days import told

IN_MARCH = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
"""London's clocks go forward on 29 March 2026 and back on 25 October."""


async def drafted(members: Caller) -> str:
    """The path of a gathering without slots."""
    return f"/v1/gatherings/{(await members.post('/v1/gatherings', WALK))['id']}"


async def starts(members: Caller, path: str) -> list[tuple[str, str]]:
    """When each slot starts: on its clock, and the hour in UTC."""
    rows = await members.every(f"{path}/slots", limit=7)
    return [(row["starts"], row["starts_at"][11:16]) for row in rows]


async def test_a_weekly_walk_at_noon_stays_at_noon_when_the_clocks_change(members: Caller) -> None:
    path = await drafted(members)
    with clock.frozen(IN_MARCH):
        weekly = {"rule": "RRULE:FREQ=WEEKLY;BYDAY=WE;COUNT=3", "first": "2026-03-25T12:00:00", "minutes": 60}
        await members.post(f"{path}/series", weekly)
    assert await starts(members, path) == [
        ("2026-03-25T12:00:00", "12:00"),
        ("2026-04-01T12:00:00", "11:00"),
        ("2026-04-08T12:00:00", "11:00"),
    ]


@ON_ONE_DATABASE
async def test_slots_are_on_the_clock_of_the_movements_own_zone(app: FastAPI, members: Caller) -> None:
    zone = MovementCreated(movement=members.movement, time_zone="Pacific/Auckland")
    await told(app, Log(app.state.parts.bus), members.movement, zone)
    made = await members.post(f"{await drafted(members)}/slots", {"starts": "2026-07-01T12:00:00", "minutes": 90})
    assert (made["time_zone"], made["starts_at"]) == ("Pacific/Auckland", "2026-07-01T00:00:00Z")
    assert (made["starts"], made["ends"]) == ("2026-07-01T12:00:00", "2026-07-01T13:30:00")


@ON_ONE_DATABASE
async def test_an_hour_that_the_clocks_skip_is_refused_and_one_that_comes_twice_is_the_first(members: Caller) -> None:
    path = await drafted(members)
    status, problem = await members.refused(f"{path}/slots", {"starts": "2026-03-29T01:30:00", "minutes": 60})
    assert (status, faults(problem)) == (422, {"/starts": "no_such_time"})
    twice = await members.post(f"{path}/slots", {"starts": "2026-10-25T01:30:00", "minutes": 60})
    assert twice["starts_at"] == "2026-10-25T00:30:00Z"


async def test_a_series_is_made_as_far_ahead_as_the_setting_says_and_further_as_time_goes_on(
    app: FastAPI, members: Caller
) -> None:
    path, ahead = await drafted(members), timedelta(days=app.state.parts.settings.slots_ahead_days)
    with clock.frozen(IN_MARCH) as now:
        daily = {"rule": "FREQ=DAILY", "first": "2026-03-21T08:00:00", "minutes": 30, "capacity": 4}
        series = await members.post(f"{path}/series", daily)
        assert len(await starts(members, path)) == ahead.days
        now.advance(timedelta(days=3))
        await make_due_slots(app.state.parts)
        await make_due_slots(app.state.parts)
        made = await starts(members, path)
        assert len(made) == len(set(made)) == ahead.days + 3
        await edit(members, f"{path}/series/{series['id']}/end")
        now.advance(timedelta(days=3))
        await make_due_slots(app.state.parts)
        assert len(await starts(members, path)) == len(made)


@ON_ONE_DATABASE
async def test_the_first_slot_is_made_however_far_ahead_it_is(members: Caller) -> None:
    path = await drafted(members)
    with clock.frozen(IN_MARCH):
        yearly = {"rule": "FREQ=MONTHLY;INTERVAL=12;BYDAY=1SA", "first": "2027-06-05T10:00:00", "minutes": 60}
        await members.post(f"{path}/series", yearly)
    assert await starts(members, path) == [("2027-06-05T10:00:00", "09:00")]


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("every Wednesday", "invalid_rule"),
        ("FREQ=SECONDLY", "invalid_rule"),
        ("FREQ=WEEKLY;FREQ=DAILY", "invalid_rule"),
        ("INTERVAL=2", "invalid_rule"),
        ("FREQ=WEEKLY;COUNT=3;UNTIL=20270101", "invalid_rule"),
        ("FREQ=WEEKLY;BYDAY=1WE", "invalid_rule"),
        ("FREQ=MONTHLY;BYDAY=WE;BYMONTHDAY=13", "invalid_rule"),
        ("FREQ=MONTHLY;BYSETPOS=5;BYMONTHDAY=1", "invalid_rule"),
        ("FREQ=WEEKLY;UNTIL=20261399", "invalid_rule"),
        ("FREQ=WEEKLY;COUNT=501", "invalid_rule"),
        ("FREQ=WEEKLY;BYDAY=TU", "does_not_fit_rule"),
        ("FREQ=WEEKLY;UNTIL=20260324", "does_not_fit_rule"),
    ],
)
async def test_an_impossible_rule_is_refused_and_makes_nothing(members: Caller, rule: str, code: str) -> None:
    path = await drafted(members)
    body = {"rule": rule, "first": "2026-03-25T12:00:00", "minutes": 60}
    status, problem = await members.refused(f"{path}/series", body)
    assert (status, faults(problem)) == (422, {"/rule": code})
    assert (await members.get(f"{path}/slots"))["data"] == (await members.get(f"{path}/series"))["data"] == []


@ON_ONE_DATABASE
async def test_a_slot_is_moved_and_its_length_stays(members: Caller) -> None:
    gathering, slot = await published(members)
    path = f"/v1/gatherings/{gathering}/slots/{slot}"
    moved = await edit(members, path, {"starts": "2027-01-06T15:00:00"}, method="PATCH", tag='"1"')
    assert (moved["starts"], moved["ends"], moved["version"]) == ("2027-01-06T15:00:00", "2027-01-06T16:00:00", 2)
    longer = await edit(members, path, {"minutes": 90}, method="PATCH")
    assert (longer["starts"], longer["ends"]) == ("2027-01-06T15:00:00", "2027-01-06T16:30:00")
    await edit(members, path, {"minutes": 30}, method="PATCH", tag='"1"', status=412)


async def test_a_slot_holds_no_fewer_than_booked_it(members: Caller) -> None:
    gathering, slot = await published(members, capacity=3)
    for _ in range(2):
        await book(members, gathering, slot)
    path = f"/v1/gatherings/{gathering}/slots/{slot}"
    refused = await edit(members, path, {"capacity": 1}, method="PATCH", status=409)
    assert (refused["code"], refused["booked"]) == ("capacity_below_booked", 2)
    assert (await members.get(path))["capacity"] == 3
    assert (await edit(members, path, {"capacity": 2}, method="PATCH"))["capacity"] == 2


@ON_ONE_DATABASE
@pytest.mark.parametrize("bound", ["=", "≥", ">="])
async def test_heads_are_counted_once_it_has_begun_exactly_or_at_least(members: Caller, bound: str) -> None:
    gathering, slot = await published(members)
    path = f"/v1/gatherings/{gathering}/slots/{slot}"
    counted: Json = {"head_count": {"people": 30, "bound": bound}}
    assert (await edit(members, path, counted, method="PATCH", status=409))["code"] == "not_begun"
    with clock.frozen(clock.now() + timedelta(days=2)):
        shown = await edit(members, path, counted, method="PATCH")
    assert shown["head_count"] == {"people": 30, "bound": "=" if bound == "=" else "≥"}
    assert (await edit(members, path, {"head_count": None}, method="PATCH"))["head_count"] is None


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, {"/starts", "/minutes"}),
        ({"starts": "2026-07-01T12:00:00Z", "minutes": 60}, {"/starts"}),
        ({"starts": "9999-12-31T23:59:00", "minutes": 60}, {"/starts"}),
        ({"starts": local(days=1), "minutes": 0, "capacity": 0}, {"/minutes", "/capacity"}),
    ],
)
async def test_faults_of_a_slot_are_named_by_pointer(members: Caller, body: Json, pointers: set[str]) -> None:
    status, problem = await members.refused(f"{await drafted(members)}/slots", body)
    assert (status, set(faults(problem))) == (422, pointers)
