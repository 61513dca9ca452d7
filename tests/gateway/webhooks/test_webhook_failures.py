"""Receivers that fail: how often they are tried, what is logged, when it ends, and that nobody else waits for them."""

import time
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from services.gateway.webhooks import lanes, sending
from services.gateway.webhooks.models import IN_FLIGHT, Endpoint
from services.gateway.webhooks.schedule import DELAYS
from shared import clock
from shared.events.gateway import WebhookEndpointDisabled
from shared.events.grants.funds import FundCreated
from shared.testing.eventually import eventually
from tests.gateway.outward import Json, Outward
from tests.gateway.receiver import Got, Say
from tests.gateway.running import ON_ONE_DATABASE

FUND = FundCreated(fund="fund_1", currency="GBP")


def funds(count: int) -> list[FundCreated]:
    return [FundCreated(fund=f"fund_{number}", currency="GBP") for number in range(count)]


async def test_a_failing_delivery_is_tried_ten_times_on_schedule_and_then_stays_listed(outward: Outward) -> None:
    outward.receiver.says("/hook", 500)
    with clock.frozen(clock.now()) as present:
        endpoint = await outward.us.endpoint(outward.receiver.url("/hook"))
        await outward.publish(FUND)
        for number, delay in enumerate(DELAYS, 1):
            delivery = await outward.attempts(endpoint, number)
            assert _moment(delivery["next_attempt_at"]) - clock.now() == timedelta(microseconds=delay)
            present.advance(timedelta(microseconds=delay))
            outward.sender.wake()
        delivery = await outward.attempts(endpoint, 10)

        assert (delivery["status"], delivery["next_attempt_at"]) == ("exhausted", None)
        assert [attempt["status"] for attempt in await outward.us.log(endpoint, delivery)] == [500] * 10
        ids = {(got.headers["webhook-id"], got.headers["webhook-timestamp"]) for got in outward.receiver.got}
        assert len(ids) == 10  # a timestamp of its own for each attempt …
        assert {id_ for id_, _ in ids} == {delivery["id"]}  # … under one id


async def test_a_retry_that_succeeds_ends_it(outward: Outward) -> None:
    outward.receiver.says("/hook", 500, 200)
    with clock.frozen(clock.now()) as present:
        endpoint = await outward.us.endpoint(outward.receiver.url("/hook"))
        await outward.publish(FUND)
        await outward.attempts(endpoint, 1)
        assert (await _read(outward, endpoint))["failing_since"] is not None
        present.advance(timedelta(seconds=5))
        outward.sender.wake()
        (delivery,) = await outward.settled(endpoint, "succeeded")

        assert delivery["attempts"] == 2
        assert (await _read(outward, endpoint))["failing_since"] is None


async def test_a_redirect_is_a_failure_and_is_never_followed(outward: Outward) -> None:
    outward.receiver.says("/hook", 301, location=outward.receiver.url("/elsewhere"))
    endpoint = await outward.us.endpoint(outward.receiver.url("/hook"))
    await outward.publish(FUND)

    delivery = await outward.attempts(endpoint, 1)

    assert delivery["status"] == "pending"
    assert outward.receiver.at("/elsewhere") == []


async def test_gone_disables_the_endpoint_and_says_so_in_an_event(outward: Outward) -> None:
    outward.receiver.says("/hook", 410)
    endpoint = await outward.us.endpoint(outward.receiver.url("/hook"))
    await outward.us.endpoint(outward.receiver.url("/watch"), "webhook_endpoint.disabled")
    await outward.publish(FUND)

    (told,) = await outward.received("/watch")

    assert told.event["type"] == WebhookEndpointDisabled.event_type
    assert told.event["data"] == {"endpoint": endpoint["id"], "reason": "gone"}
    read = await _read(outward, endpoint)
    assert (read["status"], read["disabled_reason"]) == ("disabled", "gone")
    (delivery,) = await outward.us.deliveries(endpoint)
    assert (delivery["status"], delivery["attempts"]) == ("exhausted", 1)


@ON_ONE_DATABASE
async def test_gone_disables_the_endpoint_whatever_it_still_took_at_the_same_time(outward: Outward) -> None:
    async def gone_for_one(got: Got) -> Say:
        return Say(410 if got.event["subject"] == "fund_0" else 200)

    outward.receiver.answers["/hook"] = gone_for_one
    endpoint = await outward.us.endpoint(outward.receiver.url("/hook"), "fund.*")
    await outward.publish(*funds(2))
    await outward.fed(3)
    assert (await _read(outward, endpoint))["disabled_reason"] == "gone"


async def test_five_days_after_the_first_failure_the_endpoint_is_disabled(outward: Outward) -> None:
    outward.receiver.says("/hook", 500)
    with clock.frozen(clock.now()) as present:
        endpoint = await outward.us.endpoint(outward.receiver.url("/hook"), "fund.created")
        await outward.us.endpoint(outward.receiver.url("/watch"), "webhook_endpoint.*")
        await outward.publish(FUND)
        await outward.attempts(endpoint, 1)
        present.advance(timedelta(days=4, hours=23))
        outward.sender.wake()
        await outward.attempts(endpoint, 2)
        assert (await _read(outward, endpoint))["status"] == "enabled"
        present.advance(timedelta(hours=1))
        outward.sender.wake()
        (told,) = await outward.received("/watch")

    assert told.event["data"] == {"endpoint": endpoint["id"], "reason": "failing"}
    assert (await _read(outward, endpoint))["status"] == "disabled"


async def test_retry_after_is_obeyed(outward: Outward) -> None:
    outward.receiver.says("/hook", 429, retry_after="3600")
    with clock.frozen(clock.now()):
        endpoint = await outward.us.endpoint(outward.receiver.url("/hook"))
        await outward.publish(FUND)
        delivery = await outward.attempts(endpoint, 1)

        assert _moment(delivery["next_attempt_at"]) - clock.now() == timedelta(hours=1)


async def test_a_connection_that_breaks_off_is_logged_as_that(outward: Outward) -> None:
    outward.receiver.breaks_off("/hook")
    endpoint = await outward.us.endpoint(outward.receiver.url("/hook"))
    await outward.publish(FUND)

    (attempt,) = await outward.us.log(endpoint, await outward.attempts(endpoint, 1))

    assert attempt["error"].startswith("broken_off: ")
    assert (attempt["status"], attempt["address"]) == (None, "127.0.0.1")


async def test_a_receiver_that_is_not_there_is_logged_as_that(outward: Outward) -> None:
    endpoint = await outward.us.endpoint("http://127.0.0.1:1/hook")
    await outward.publish(FUND)

    (attempt,) = await outward.us.log(endpoint, await outward.attempts(endpoint, 1))

    assert attempt["error"].startswith("connect_failed: ")


async def test_a_receiver_that_does_not_answer_in_time_has_failed(
    outward: Outward, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "TIMEOUT_SECONDS", 0.2)
    outward.receiver.holds("/hook")
    endpoint = await outward.us.endpoint(outward.receiver.url("/hook"))
    await outward.publish(FUND)

    (attempt,) = await outward.us.log(endpoint, await outward.attempts(endpoint, 1))

    assert attempt["error"].startswith("timeout: ")
    assert attempt["duration_ms"] >= 200


async def test_a_dead_endpoint_delays_no_other_and_gets_no_more_than_its_share(outward: Outward) -> None:
    outward.receiver.holds("/dead")
    await outward.us.endpoint(outward.receiver.url("/dead"))
    await outward.us.endpoint(outward.receiver.url("/alive"))
    await outward.publish(*funds(200))

    await outward.received("/alive", 200)  # long before the dead one's first timeout

    assert len(outward.receiver.at("/dead")) == lanes.AT_FIRST


async def test_an_endpoint_that_takes_what_it_is_sent_is_sent_more_at_once(outward: Outward) -> None:
    endpoint = await outward.us.endpoint(outward.receiver.url("/hook"))
    await outward.publish(*funds(IN_FLIGHT))
    await outward.settled(endpoint, "succeeded", IN_FLIGHT)
    outward.receiver.holds("/hook")
    await outward.publish(*funds(2 * IN_FLIGHT))

    await eventually(lambda: outward.receiver.under_way == IN_FLIGHT)


async def test_an_endpoint_that_only_fails_rests_and_what_waits_for_it_uses_up_no_attempts(outward: Outward) -> None:
    outward.receiver.says("/hook", 500)
    with clock.frozen(clock.now()) as present:
        endpoint = await outward.us.endpoint(outward.receiver.url("/hook"))
        await outward.publish(*funds(50))
        await _nothing_under_way(outward, endpoint)
        tried = len(outward.receiver.got)
        assert tried == lanes.RESTS_AFTER
        for probes in (1, 2):  # after 5 s, and after 10 s more
            present.advance(timedelta(seconds=5 * probes))
            outward.sender.wake()
            await outward.received("/hook", tried + probes)
            await _nothing_under_way(outward, endpoint)
        outward.receiver.says("/hook", 200)
        present.advance(timedelta(seconds=20))
        outward.sender.wake()
        await outward.settled(endpoint, "succeeded", 50)
        attempts = [one["attempts"] for one in await outward.us.deliveries(endpoint, limit=50)]

    assert attempts.count(1) >= 50 - tried - 2


async def test_too_many_requests_gives_the_whole_endpoint_the_rest_that_it_asks_for(outward: Outward) -> None:
    outward.receiver.says("/hook", 429, retry_after="60")
    with clock.frozen(clock.now()) as present:
        endpoint = await outward.us.endpoint(outward.receiver.url("/hook"))
        await outward.us.change(endpoint, in_flight=1)
        await outward.publish(*funds(3))
        await _nothing_under_way(outward, endpoint)
        assert len(outward.receiver.got) == 1
        outward.receiver.says("/hook", 200)
        present.advance(timedelta(seconds=59))
        outward.sender.wake()
        await _nothing_under_way(outward, endpoint)
        assert len(outward.receiver.got) == 1
        present.advance(timedelta(seconds=1))
        outward.sender.wake()
        await outward.settled(endpoint, "succeeded", 3)


async def test_an_endpoint_has_no_more_requests_at_once_and_a_second_than_its_owner_wants(outward: Outward) -> None:
    release = outward.receiver.holds("/few")
    few = await outward.us.endpoint(outward.receiver.url("/few"), "fund.created")
    slow = await outward.us.endpoint(outward.receiver.url("/slow"), "fund.created")
    await outward.us.change(few, in_flight=2)
    await outward.us.change(slow, per_second=20)
    began = time.monotonic()
    await outward.publish(*funds(10))
    await outward.received("/slow", 10)

    assert time.monotonic() - began >= 9 / 20
    assert len(outward.receiver.at("/few")) == 2
    release.set()
    await outward.settled(few, "succeeded", 10)


async def test_what_finds_no_room_in_memory_is_fetched_later(outward: Outward, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "HELD", 20)
    endpoint = await outward.us.endpoint(outward.receiver.url("/hook"))
    await outward.publish(*funds(150))

    await outward.received("/hook", 150)
    await outward.nothing_pending(endpoint)


@ON_ONE_DATABASE
async def test_however_many_endpoints_are_behind_at_once_a_process_holds_no_more_than_it_has_room_for(
    outward: Outward, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "HELD_BY_ALL", 30)
    monkeypatch.setattr(lanes, "LEAST_HELD", 3)
    outward.receiver.holds("/hook")
    for _ in range(5):
        endpoint = await outward.us.endpoint(outward.receiver.url("/hook"))
        await outward.us.change(endpoint, status="paused")
    await outward.publish(*funds(20))
    await outward.fed(20)
    await outward.parts.db.write(lambda session: session.execute(sa.update(Endpoint).values(status="enabled")))
    outward.sender.wake()
    await eventually(lambda: outward.receiver.under_way == 5 * lanes.AT_FIRST)

    assert await outward.leased() <= 30 + 5 * (3 + lanes.AT_FIRST)


async def _nothing_under_way(outward: Outward, endpoint: Json) -> None:
    """Wait until the sender holds none of what was published for an endpoint."""

    async def look() -> bool:
        return bool(await outward.us.deliveries(endpoint)) and not await outward.leased()

    await eventually(look)


async def _read(outward: Outward, endpoint: Json) -> Json:
    return await outward.us.get(f"/v1/webhook-endpoints/{endpoint['id']}")


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
