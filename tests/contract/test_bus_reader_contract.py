"""What every backend of the bus owes its readers: positions of their own, a gate before them, partitions shared."""

import asyncio
from collections.abc import Collection, Mapping

import pytest

from shared.bus import Bus, Partition, Record, StaleCursor, open_bus
from shared.bus.partition import PARTITIONS
from shared.testing.eventually import eventually
from tests.contract.reading import OTHER, TOPIC, WAIT, Cursors, append, at, numbered, read, read_all, values


async def test_nothing_is_polled_before_the_positions_are_known(bus: Bus) -> None:
    await append(bus, numbered("award_1", range(10)))
    known = asyncio.Event()

    async def slow(partitions: Collection[Partition]) -> Mapping[Partition, int]:
        await known.wait()
        return {at("award_1"): 7}

    subscription = bus.subscribe("readers", [TOPIC], slow)
    polling = asyncio.create_task(subscription.poll(100, WAIT))
    done, _ = await asyncio.wait([polling], timeout=0.5)
    assert not done

    known.set()

    assert [record.offset for record in (await polling).records] == [7, 8, 9]
    await subscription.close()


async def test_positions_that_cannot_be_loaded_fail_the_poll_and_are_asked_for_again(bus: Bus) -> None:
    await append(bus, numbered("award_1", range(3)))
    failures = iter([ConnectionRefusedError("the database is away"), None])

    async def load(partitions: Collection[Partition]) -> Mapping[Partition, int]:
        if (failure := next(failures)) is not None:
            raise failure
        return {at("award_1"): 1}

    subscription = bus.subscribe("readers", [TOPIC], load)
    with pytest.raises(ConnectionRefusedError):
        await subscription.poll(10, WAIT)

    assert [record.offset for record in await read(subscription, 2)] == [1, 2]
    await subscription.close()


async def test_a_group_goes_on_from_its_positions_and_partitions_without_one_from_their_start(bus: Bus) -> None:
    assert at("award_1") != at("award_2")
    await append(bus, numbered("award_1", range(6)) + numbered("award_2", range(2)))
    cursors = Cursors({at("award_1"): 4})
    subscription = bus.subscribe("readers", [TOPIC], cursors.load)

    records = await read(subscription, 4)

    assert values(records, "award_1") == ["award_1 4", "award_1 5"]
    assert values(records, "award_2") == ["award_2 0", "award_2 1"]
    assert sorted(cursors.asked[0]) == [(TOPIC, number) for number in range(PARTITIONS)]
    await subscription.close()


async def test_a_position_outside_the_log_stops_the_reader_and_is_not_reset(bus: Bus) -> None:
    await append(bus, numbered("award_1", range(3)))
    subscription = bus.subscribe("readers", [TOPIC], Cursors({at("award_1"): 50}).load)

    for _ in range(2):
        with pytest.raises(StaleCursor) as stopped:
            await read(subscription, 1)
        assert (stopped.value.partition, stopped.value.position) == (at("award_1"), 50)
    await subscription.close()


async def test_every_group_reads_everything(bus: Bus) -> None:
    await append(bus, numbered("award_1", range(3)))
    await append(bus, numbered("person_1", range(2)), OTHER)

    for group in ("overview", "webhooks"):
        records = await read_all(bus, group, 5)
        assert sorted(record.value for record in records) == [
            b"award_1 0", b"award_1 1", b"award_1 2", b"person_1 0", b"person_1 1",
        ]  # fmt: skip


async def test_a_member_knows_its_partitions_and_its_batches_are_current_until_it_leaves(bus: Bus) -> None:
    await append(bus, numbered("award_1", range(1)))
    subscription = bus.subscribe("readers", [TOPIC], Cursors().load)
    batch = await subscription.poll(10, WAIT)

    assert sorted(subscription.assignment()) == [(TOPIC, number) for number in range(PARTITIONS)]
    assert subscription.current(batch.generation)

    await subscription.close()
    assert not subscription.current(batch.generation)
    assert not subscription.assignment()


async def test_a_paused_partition_is_passed_over_and_resumed_without_loss(bus: Bus) -> None:
    subscription = bus.subscribe("readers", [TOPIC], Cursors().load)
    await append(bus, numbered("award_1", range(2)) + numbered("award_2", range(2)))
    assert len(await read(subscription, 4)) == 4

    subscription.pause([at("award_1")])
    await append(bus, numbered("award_1", range(2, 4)))
    await append(bus, numbered("award_2", range(2, 4)))
    assert values(await read(subscription, 2), "award_2") == ["award_2 2", "award_2 3"]
    assert not (await subscription.poll(10, 0.7)).records

    subscription.resume([at("award_1")])
    assert values(await read(subscription, 2), "award_1") == ["award_1 2", "award_1 3"]
    await subscription.close()


async def test_seeking_back_reads_again_and_seeking_on_passes_over(bus: Bus) -> None:
    subscription = bus.subscribe("readers", [TOPIC], Cursors().load)
    await append(bus, numbered("award_1", range(5)) + numbered("award_2", range(5)))
    assert len(await read(subscription, 10)) == 10

    await subscription.seek({at("award_1"): 3})
    assert values(await read(subscription, 2), "award_1") == ["award_1 3", "award_1 4"]

    await append(bus, numbered("award_2", range(5, 8)))
    await subscription.seek({at("award_2"): 7})
    assert values(await read(subscription, 1), "award_2") == ["award_2 7"]
    assert not (await subscription.poll(10, 0.5)).records
    await subscription.close()


class Worker:
    """A member that applies what it polls as a consumer does: current batches only, each from where the cursor is."""

    def __init__(self, bus: Bus, cursors: Cursors, applied: list[Record]) -> None:
        self.subscription = bus.subscribe("workers", [TOPIC], cursors.load)
        self.strays: list[Record] = []
        self._cursors = cursors
        self._applied = applied

    async def work(self) -> None:
        while True:
            batch = await self.subscription.poll(7, 0.2)
            await asyncio.sleep(0)  # a transaction takes its time: here a rebalance may come in between
            if not self.subscription.current(batch.generation):
                continue
            for record in batch.records:
                partition = record.topic, record.partition
                if record.offset != self._cursors.stored.get(partition, 0):
                    self.strays.append(record)
                    continue
                self._cursors.stored[partition] = record.offset + 1
                self._applied.append(record)


async def test_while_members_come_and_go_each_record_is_read_once_and_none_from_before_the_cursor(
    bus: Bus, bus_url: str, request: pytest.FixtureRequest
) -> None:
    if "mock_kafka" in request.fixturenames:
        pytest.skip("the mock forms no group of two")
    cursors, applied = Cursors(), list[Record]()
    others = [open_bus(bus_url) for _ in range(2)]
    workers = [Worker(bus, cursors, applied)]
    tasks = [asyncio.create_task(workers[0].work())]
    keys = [f"award_{key}" for key in range(40)]

    async def publish_and_see_applied(start: int) -> None:
        await append(bus, [record for key in keys for record in numbered(key, range(start, start + 5))])
        await eventually(lambda: len(applied) >= len(keys) * (start + 5), within=60)

    await publish_and_see_applied(0)
    for round_, other in enumerate(others, 1):
        workers.append(Worker(other, cursors, applied))
        tasks.append(asyncio.create_task(workers[-1].work()))
        await publish_and_see_applied(round_ * 5)
        await eventually(workers[-1].subscription.assignment, within=30)
    await workers[0].subscription.close()
    await publish_and_see_applied(15)

    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for worker, opened in zip(workers, [bus, *others], strict=True):
        await worker.subscription.close()
        await opened.close()
    assert not [stray for worker in workers for stray in worker.strays]
    for key in keys:
        assert values(applied, key) == [f"{key} {number}" for number in range(20)]
