"""Several processes that send keep an endpoint's limits together, and leave it alone together."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.webhooks import lanes, sender
from services.gateway.webhooks.models import Endpoint
from services.gateway.webhooks.processes import Peers
from shared import clock
from shared.events.grants.funds import FundCreated
from shared.settings import Settings
from shared.testing.eventually import eventually
from tests.gateway.outward import Outward, running
from tests.gateway.receiver import Got, Receiver, Say

ON_POSTGRES = pytest.mark.parametrize("gateway_url", ["postgres"], indirect=True)
"""SQLite's file is one process's."""


@given(living=st.integers(1, 20), whole=st.integers(1, 100), endpoint=st.text(max_size=30))
def test_the_parts_of_all_processes_are_the_whole_and_one_of_them_probes(
    living: int, whole: int, endpoint: str
) -> None:
    all_of_them = [Peers(living, place) for place in range(living)]
    parts = [each.part(whole, endpoint) for each in all_of_them]
    assert sum(parts) == whole
    assert max(parts) - min(parts) <= 1
    assert sum(each.probes(endpoint) for each in all_of_them) == 1


@pytest.fixture
async def two(
    gateway_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Outward, Outward]]:
    """Two processes that send, on one database, and know of one another; neither holds much at a time."""
    monkeypatch.setattr(sender, "_TICK_SECONDS", 0.3)
    monkeypatch.setattr(lanes, "HELD", 4)
    beside = gateway_settings.model_copy(
        update={"data_dir": tmp_path / "beside", "secrets_dir_set": gateway_settings.secrets_dir}
    )
    async with (
        Receiver().running() as receiver,
        running(gateway_settings, receiver) as one,
        running(beside, receiver, one.us.movement) as other,
    ):
        lives = [each.sender._running for each in (one, other)]
        await eventually(lambda: all(life is not None and life.peers[::2] == (2, True) for life in lives))
        yield one, other


@ON_POSTGRES
async def test_two_processes_together_send_no_more_at_once_and_a_second_than_the_owner_wants(
    two: tuple[Outward, Outward],
) -> None:
    one, other = two
    began: list[float] = []

    async def slowly(got: Got) -> Say:
        began.append(time.monotonic())
        await asyncio.sleep(0.1)  # so that they are under way at the same time
        return Say()

    one.receiver.answers["/hook"] = slowly
    endpoint = await one.us.endpoint(one.receiver.url("/hook"))
    await one.us.change(endpoint, in_flight=3, per_second=20, status="paused")
    await one.publish(*[FundCreated(fund=f"fund_{number}", currency="GBP") for number in range(24)])
    await one.fed(24)
    await one.us.change(endpoint, status="enabled")
    other.sender.wake()
    await eventually(lambda: len(began) == 24, within=30)
    await one.nothing_pending(endpoint)

    assert one.receiver.most_under_way <= 3
    assert began[-1] - began[0] >= 23 / 20 - 0.2


@ON_POSTGRES
async def test_what_only_fails_is_left_alone_by_both_and_gets_one_probe_of_one_of_them(
    two: tuple[Outward, Outward],
) -> None:
    one, other = two
    one.receiver.says("/hook", 500)
    with clock.frozen(clock.now()) as time_:
        endpoint = await one.us.endpoint(one.receiver.url("/hook"))
        await one.us.change(endpoint, status="paused")
        await one.publish(*[FundCreated(fund=f"fund_{number}", currency="GBP") for number in range(60)])
        await one.fed(60)
        await one.us.change(endpoint, status="enabled")
        other.sender.wake()
        await _resting(one, other, endpoint["id"])
        tried = len(one.receiver.got)
        for number in (1, 2):
            await _wake_after(time_, one, other)
            await one.received("/hook", tried + number)
            await _resting(one, other, endpoint["id"])
            await one.received("/hook", tried + number)
        one.receiver.says("/hook", 200)
        await _wake_after(time_, one, other)
        await eventually(lambda: len({got.headers["webhook-id"] for got in one.receiver.got}) == 60, within=30)


async def _resting(one: Outward, other: Outward, endpoint: str) -> None:
    """Wait until both leave an endpoint alone, of which the database says so."""

    async def look() -> bool:
        for each in (one, other):
            each.sender.wake()
        until = await one.parts.db.read(
            lambda session: session.scalar(sa.select(Endpoint.rests_until).where(Endpoint.id == endpoint))
        )
        lives = [each.sender._running for each in (one, other)]
        lanes = [life.lanes.get(endpoint) for life in lives if life is not None]
        return until is not None and all(
            lane is not None and lane.resting and lane.failing and not lane.started for lane in lanes
        )

    await eventually(look, within=30, every=0.1)


async def _wake_after(time_: clock.Frozen, one: Outward, other: Outward) -> None:
    """Let the longest rest be over."""
    time_.advance(timedelta(seconds=41))
    for each in (one, other):
        each.sender.wake()
