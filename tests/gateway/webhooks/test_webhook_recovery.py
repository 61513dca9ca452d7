"""Recoveries: what an endpoint did not get is queued again, once, as far back as asked, across restarts."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from services.gateway.webhooks import domain, recovery
from services.gateway.webhooks.models import Delivery
from shared import clock
from shared.db import Session
from shared.events.grants.funds import FundCreated
from shared.settings import Settings
from shared.testing.eventually import eventually
from tests.gateway.outward import Json, Outward, offline, running
from tests.gateway.receiver import Receiver

ENDPOINTS = "/v1/webhook-endpoints"


def funds(first: int, last: int) -> list[FundCreated]:
    return [FundCreated(fund=f"fund_{number}", currency="GBP") for number in range(first, last + 1)]


async def test_recover_resends_what_was_given_up_and_nothing_else(outward: Outward) -> None:
    with clock.frozen(clock.now()) as time:
        outward.receiver.says("/hook", 200)
        endpoint = await outward.us.endpoint(outward.receiver.url("/hook"))
        await outward.publish(*funds(1, 3))
        await outward.settled(endpoint, "succeeded", 3)
        await outward.parts.db.write(_give_up, 2)
        await outward.parts.db.write(_give_up, 3)
        given_up = {one["id"] for one in await outward.us.deliveries(endpoint, status="exhausted")}
        time.advance(timedelta(minutes=1))

        job = await outward.us.post(f"{ENDPOINTS}/{endpoint['id']}/recover", {"since": "2026-01-01T00:00:00Z"})

        await outward.received("/hook", 5)
        done = await _done(outward, endpoint, job)
        assert done["resent"] == 2
        fresh = [one for one in await outward.us.deliveries(endpoint) if one["resend_of"]]
        assert {one["resend_of"] for one in fresh} == given_up


async def test_recover_reaches_back_to_the_moment_asked_for(outward: Outward) -> None:
    with clock.frozen(clock.now()) as time:
        endpoint = await outward.us.endpoint(outward.receiver.url("/hook"))
        await outward.publish(*funds(1, 2))
        await outward.settled(endpoint, "succeeded", 2)
        time.advance(timedelta(hours=1))
        since = clock.now()
        await outward.publish(*funds(3, 4))
        await outward.settled(endpoint, "succeeded", 4)
        for position in (1, 2, 3, 4):
            await outward.parts.db.write(_give_up, position)

        job = await outward.us.post(f"{ENDPOINTS}/{endpoint['id']}/recover", {"since": since.isoformat()})

        await _done(outward, endpoint, job)
        got = await outward.received("/hook", 6)
        assert {one.event["subject"] for one in got[4:]} == {"fund_3", "fund_4"}


async def test_recover_brings_what_happened_while_the_endpoint_was_disabled(outward: Outward) -> None:
    outward.receiver.says("/hook", 410)
    await outward.publish(*funds(1, 1))
    await outward.fed(1)
    endpoint = await outward.us.endpoint(outward.receiver.url("/hook"), "fund.*")
    await outward.publish(*funds(2, 2))
    await outward.settled(endpoint, "exhausted")
    await outward.publish(*funds(3, 4))
    await outward.fed(5)  # and that the endpoint was disabled
    assert len(await outward.us.deliveries(endpoint)) == 1
    outward.receiver.says("/hook", 200)

    await outward.us.change(endpoint, status="enabled")
    job = await outward.us.post(f"{ENDPOINTS}/{endpoint['id']}/recover", {"since": "2026-01-01T00:00:00Z"})

    await _done(outward, endpoint, job)
    got = await outward.received("/hook", 4)
    assert {one.event["subject"] for one in got[1:]} == {"fund_2", "fund_3", "fund_4"}


async def test_a_recovery_goes_on_after_a_restart(gateway_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recovery, "SLICE", 2)
    async with Receiver().running() as receiver:
        async with running(gateway_settings, receiver) as before:
            endpoint = await before.us.endpoint(receiver.url("/hook"))
            await before.publish(*funds(1, 5))
            await before.settled(endpoint, "succeeded", 5)
            for position in range(1, 6):
                await before.parts.db.write(_give_up, position)
        async with offline(gateway_settings) as db:
            job = await db.write(_recover, before.us.movement, endpoint["id"])
            assert await db.write(recovery.advance)  # one slice, and then the process died
        async with running(gateway_settings, receiver, before.us.movement) as after:
            await after.received("/hook", 10)
            done = await _done(after, endpoint, {"id": job})

    assert done["resent"] == 5


async def test_a_recovery_of_a_deleted_endpoint_ends(outward: Outward) -> None:
    endpoint = await outward.us.endpoint(outward.receiver.url("/hook"))
    await outward.publish(*funds(1, 1))
    await outward.settled(endpoint, "succeeded")
    await outward.parts.db.write(_give_up, 1)
    await outward.parts.db.write(_recover, outward.us.movement, endpoint["id"])
    await outward.us.client.delete(f"{ENDPOINTS}/{endpoint['id']}", headers={"if-match": "*"})

    async def none_open() -> bool:
        return not await outward.parts.db.read(recovery.any_open)

    await eventually(none_open)
    assert len(outward.receiver.got) == 1


async def _done(outward: Outward, endpoint: Json, job: Json) -> Json:
    """Wait until a recovery is done; the recovery."""

    async def look() -> Json | None:
        read = await outward.us.get(f"{ENDPOINTS}/{endpoint['id']}/recoveries/{job['id']}")
        return read if read["status"] == "done" else None

    done = await eventually(look)
    assert done is not None
    return done


def _recover(session: Session, movement: str, endpoint: str) -> str:
    return domain.recover(session, movement, endpoint, datetime(2026, 1, 1, tzinfo=UTC), lambda: None).id


def _give_up(session: Session, position: int) -> None:
    """Have a delivery been given up, as ten failed attempts do."""
    session.execute(sa.update(Delivery).where(Delivery.position == position).values(status="exhausted"))
