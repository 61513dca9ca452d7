"""A movement's day is that of its own time zone, as the gateway announces it."""

from datetime import UTC, date, datetime

from fastapi import FastAPI

from services.members import days
from shared import clock
from shared.events.gateway import MovementChanged, MovementCreated
from shared.testing.eventually import eventually
from tests.gateway.log import Log
from tests.members.caller import Caller

TEN_AT_NIGHT_IN_LONDON = datetime(2026, 7, 1, 21, 0, tzinfo=UTC)
"""Nine in the morning of the day after in Auckland."""


async def told(app: FastAPI, log: Log, movement: str, event: MovementCreated | MovementChanged) -> None:
    """Publish as the gateway does, and wait until the members service has heard."""
    await log.publish(movement, event)

    async def heard() -> bool:
        zone: str = await app.state.parts.db.read(days.zone, movement)
        return zone == event.time_zone

    await eventually(heard)


async def test_activities_are_dated_by_the_movements_own_day(app: FastAPI, members: Caller, other: Caller) -> None:
    log = Log(app.state.parts.bus)
    await told(app, log, members.movement, MovementCreated(movement=members.movement, time_zone="Pacific/Auckland"))
    with clock.frozen(TEN_AT_NIGHT_IN_LONDON):
        in_auckland, in_london = await members.person(), await other.person()
        tomorrow = date(2026, 7, 2)
        await members.did(in_auckland, tomorrow)
        status, problem = await other.refused(
            "/v1/activities", {"person": in_london, "kind": "walk", "on": tomorrow.isoformat()}
        )
    assert (status, problem["errors"][0]["code"]) == (422, "in_the_future")


async def test_a_movement_that_moves_reckons_by_its_new_zone(app: FastAPI, members: Caller) -> None:
    movement, log = members.movement, Log(app.state.parts.bus)
    await told(app, log, movement, MovementCreated(movement=movement, time_zone="Pacific/Auckland"))
    await told(app, log, movement, MovementChanged(movement=movement, time_zone="America/Los_Angeles"))
    with clock.frozen(datetime(2026, 7, 1, 6, 0, tzinfo=UTC)):
        assert await app.state.parts.db.read(days.today, movement) == date(2026, 6, 30)


async def test_before_the_announcement_a_movement_has_the_gateways_default_zone(app: FastAPI, members: Caller) -> None:
    with clock.frozen(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)):
        assert await app.state.parts.db.read(days.today, members.movement) == date(2026, 7, 2)
