"""What no crash, restart or outage of a receiver loses: restarts, leases taken over, resends."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from services.gateway.webhooks import sender
from services.gateway.webhooks.models import Delivery, Endpoint, Sending
from shared import clock
from shared.db import Session
from shared.events.grants.funds import FundCreated
from shared.settings import Settings
from shared.testing.eventually import eventually
from tests.gateway.outward import Outward, offline, running
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
        async with offline(gateway_settings) as db:
            await db.write(_as_if_killed, db.owner)
        async with running(gateway_settings, receiver, before.us.movement) as after:
            await after.received("/hook")


async def test_what_a_dead_process_held_is_sent_by_another(outward: Outward) -> None:
    endpoint = await outward.us.endpoint(outward.receiver.url("/hook"))
    await outward.us.change(endpoint, status="paused")
    await outward.publish(*funds(1, 1))
    await outward.fed(1)
    await outward.parts.db.write(_leave_to, "a process that died", until=_by_the_machine())
    await outward.us.change(endpoint, status="enabled")

    await outward.received("/hook")

    assert await outward.parts.db.read(_processes) == [outward.parts.db.owner]


async def test_what_a_living_process_holds_is_left_to_it(outward: Outward) -> None:
    endpoint = await outward.us.endpoint(outward.receiver.url("/hook"))
    await outward.us.change(endpoint, status="paused")
    await outward.publish(*funds(1, 1))
    await outward.fed(1)
    await outward.parts.db.write(_leave_to, "a process that lives", until=_by_the_machine() + timedelta(hours=1))
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
    await outward.parts.db.write(_leave_to, "another process", until=_by_the_machine() + timedelta(hours=1))
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


def _by_the_machine() -> datetime:
    """Processes hold their leases by the machine's clock, whatever that of the schedule says."""
    return datetime.fromtimestamp(clock.timestamp(), UTC)


def _leave_to(session: Session, worker: str, *, until: datetime) -> None:
    """Make every waiting delivery another process's."""
    session.add(Sending(id=worker, until=until))
    session.execute(sa.update(Delivery).values(worker=worker))


def _as_if_killed(session: Session, worker: str) -> None:
    """Leave everything as a process leaves it that is killed while it sends: held, and its lease not run out."""
    session.execute(sa.update(Endpoint).values(status="enabled"))
    session.execute(sa.update(Sending).values(until=_by_the_machine() + timedelta(hours=1)))
    session.execute(sa.update(Delivery).values(worker=worker))


def _bury_everybody(session: Session) -> None:
    session.execute(sa.delete(Sending))


def _processes(session: Session) -> Sequence[str]:
    return session.scalars(sa.select(Sending.id)).all()
