"""What no crash, restart or outage of a receiver loses: leases taken over, resends, recoveries."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from services.gateway.webhooks import domain, recovery, sender
from services.gateway.webhooks.models import Delivery, Endpoint, Sending
from shared import clock
from shared.db import Database, Session, open_database
from shared.events.grants import FundCreated
from shared.settings import Settings
from shared.testing.eventually import eventually
from tests.gateway.outward import Json, Outward, running
from tests.gateway.receiver import Receiver

ENDPOINTS = "/v1/webhook-endpoints"


def funds(first: int, last: int) -> list[FundCreated]:
    return [FundCreated(fund=f"fund_{number}", currency="GBP") for number in range(first, last + 1)]


async def test_what_was_under_way_at_a_restart_is_sent_again_under_the_same_id(
    gateway_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "_LAST_ATTEMPTS_SECONDS", 0.1)
    async with Receiver().running() as receiver:
        receiver.holds("/hook")
        async with running(gateway_settings, receiver) as before:
            endpoint = await before.us.endpoint(receiver.url("/hook"))
            await before.publish(*funds(1, 1))
            (first,) = await before.received("/hook")
        receiver.says("/hook", 200)
        async with running(gateway_settings, receiver, before.us.movement) as after:
            await after.settled(endpoint, "succeeded")

    second = receiver.got[-1]
    assert second.headers["webhook-id"] == first.headers["webhook-id"]
    assert second.body == first.body


async def test_a_stop_waits_for_what_is_under_way_and_records_it(gateway_settings: Settings) -> None:
    async with Receiver().running() as receiver:
        receiver.holds("/hook")
        async with running(gateway_settings, receiver) as before:
            endpoint = await before.us.endpoint(receiver.url("/hook"))
            await before.publish(*funds(1, 1))
            await before.received("/hook")
            receiver.let_go()
        async with running(gateway_settings, receiver, before.us.movement) as after:
            (delivery,) = await after.us.deliveries(endpoint)

    assert delivery["status"] == "succeeded"
    assert len(receiver.got) == 1


@pytest.mark.parametrize("gateway_url", ["sqlite"], indirect=True)
async def test_the_next_owner_of_a_file_sends_at_once_what_the_one_before_held_when_it_died(
    gateway_settings: Settings,
) -> None:
    async with Receiver().running() as receiver:
        async with running(gateway_settings, receiver) as before:
            endpoint = await before.us.endpoint(receiver.url("/hook"))
            await before.us.change(endpoint, status="paused")
            await before.publish(*funds(1, 1))
            await before.fed(1)
        async with _offline(gateway_settings) as db:
            await db.write(_as_if_killed, db.owner)
        async with running(gateway_settings, receiver, before.us.movement) as after:
            await after.received("/hook")


async def test_what_a_dead_process_held_is_sent_by_another(outward: Outward) -> None:
    endpoint = await outward.us.endpoint(outward.receiver.url("/hook"))
    await outward.us.change(endpoint, status="paused")
    await outward.publish(*funds(1, 1))
    await outward.fed(1)
    await outward.parts.db.write(_leave_to, "a process that died", until=clock.now())
    await outward.us.change(endpoint, status="enabled")

    await outward.received("/hook")

    assert await outward.parts.db.read(_processes) == [outward.parts.db.owner]


async def test_what_a_living_process_holds_is_left_to_it(outward: Outward) -> None:
    endpoint = await outward.us.endpoint(outward.receiver.url("/hook"))
    await outward.us.change(endpoint, status="paused")
    await outward.publish(*funds(1, 1))
    await outward.fed(1)
    await outward.parts.db.write(_leave_to, "a process that lives", until=clock.now() + timedelta(hours=1))
    await outward.us.change(endpoint, status="enabled")
    await outward.publish(*funds(2, 2))

    (got,) = await outward.received("/hook")

    assert got.event["subject"] == "fund_2"


async def test_a_process_that_was_taken_for_dead_lets_go_and_nothing_is_lost(outward: Outward) -> None:
    outward.receiver.holds("/hook")
    endpoint = await outward.us.endpoint(outward.receiver.url("/hook"))
    await outward.publish(*funds(1, 100))
    await outward.fed(100)
    await outward.parts.db.write(_bury_everybody)
    await eventually(lambda: outward.parts.db.read(_processes))  # it says again that it lives
    outward.receiver.let_go()
    await outward.nothing_pending(endpoint)

    assert {got.event["subject"] for got in outward.receiver.got} == {f"fund_{number}" for number in range(1, 101)}


async def test_a_late_failure_does_not_decide_over_what_another_process_took(outward: Outward) -> None:
    release = outward.receiver.holds("/hook", 500)
    endpoint = await outward.us.endpoint(outward.receiver.url("/hook"))
    await outward.publish(*funds(1, 1))
    await outward.received("/hook")
    await outward.parts.db.write(_leave_to, "another process", until=clock.now() + timedelta(hours=1))
    release.set()

    (delivery,) = await outward.us.deliveries(endpoint)
    await eventually(lambda: outward.us.log(endpoint, delivery))

    assert [one["attempts"] for one in await outward.us.deliveries(endpoint)] == [0]
    assert await outward.leased() == 1


@pytest.mark.parametrize("gateway_url", ["postgres"], indirect=True)
async def test_two_processes_share_the_queue_and_send_nothing_twice(gateway_settings: Settings, tmp_path: Path) -> None:
    beside = gateway_settings.model_copy(
        update={"data_dir": tmp_path / "beside", "secrets_dir_set": gateway_settings.secrets_dir}
    )
    async with (
        Receiver().running() as receiver,
        running(gateway_settings, receiver) as one,
        running(beside, receiver, one.us.movement) as other,
    ):
        endpoint = await one.us.endpoint(receiver.url("/hook"))
        await one.us.change(endpoint, status="paused")
        await one.publish(*funds(1, 200))
        await one.fed(200)
        await one.us.change(endpoint, status="enabled")
        other.sender.wake()

        await one.received("/hook", 200)
        await one.nothing_pending(endpoint)

    assert len({got.headers["webhook-id"] for got in receiver.got}) == 200


async def test_a_resend_is_a_delivery_of_its_own(outward: Outward) -> None:
    endpoint = await outward.us.endpoint(outward.receiver.url("/hook"))
    await outward.publish(*funds(1, 1))
    (delivery,) = await outward.settled(endpoint, "succeeded")

    again = await outward.us.post(f"{ENDPOINTS}/{endpoint['id']}/deliveries/{delivery['id']}/resend")

    first, second = await outward.received("/hook", 2)
    assert again["resend_of"] == delivery["id"]
    assert [first.headers["webhook-id"], second.headers["webhook-id"]] == [delivery["id"], again["id"]]
    assert first.body == second.body
    await outward.settled(endpoint, "succeeded", 2)


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
        async with _offline(gateway_settings) as db:
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


@asynccontextmanager
async def _offline(settings: Settings) -> AsyncIterator[Database]:
    """The gateway's database while no gateway runs."""
    db = open_database(settings.database_url("gateway"))
    await db.open()
    yield db
    await db.close()


def _recover(session: Session, movement: str, endpoint: str) -> str:
    return domain.recover(session, movement, endpoint, datetime(2026, 1, 1, tzinfo=UTC), lambda: None).id


def _leave_to(session: Session, worker: str, *, until: datetime) -> None:
    """Make every waiting delivery another process's."""
    session.add(Sending(id=worker, until=until))
    session.execute(sa.update(Delivery).values(worker=worker))


def _give_up(session: Session, position: int) -> None:
    """Have a delivery been given up, as ten failed attempts do."""
    session.execute(sa.update(Delivery).where(Delivery.position == position).values(status="exhausted"))


def _as_if_killed(session: Session, worker: str) -> None:
    """Leave everything as a process leaves it that is killed while it sends: held, and its lease not run out."""
    session.execute(sa.update(Endpoint).values(status="enabled"))
    session.execute(sa.update(Sending).values(until=clock.now() + timedelta(hours=1)))
    session.execute(sa.update(Delivery).values(worker=worker))


def _bury_everybody(session: Session) -> None:
    session.execute(sa.delete(Sending))


def _processes(session: Session) -> Sequence[str]:
    return session.scalars(sa.select(Sending.id)).all()
