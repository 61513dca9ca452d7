"""What every backend of the bus must do: one suite, on the SQLite log, on the mock of Kafka and on Apache Kafka."""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from pathlib import Path

import pytest

from shared.bus import Bus, NotAppended, Outgoing, Partition, Record, StaleCursor, Subscription, open_bus
from shared.bus.partition import PARTITIONS, partition_of
from shared.testing.eventually import eventually
from shared.testing.mock_kafka import MockKafka

TOPIC, OTHER = "backbone.grants", "backbone.members"
WAIT = 20.0
"""Long enough for a group to form on a busy machine; a poll returns as soon as there is something."""


@pytest.fixture(params=["sqlite", "mock", "real"])
def bus_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'bus.db'}"
    if request.param == "real":
        url: str = request.getfixturevalue("real_kafka")
        return url
    mock: MockKafka = request.getfixturevalue("mock_kafka")
    for topic in (TOPIC, OTHER):
        mock.create_topic(topic)
    return mock.url


@pytest.fixture
async def bus(bus_url: str) -> AsyncIterator[Bus]:
    opened = open_bus(bus_url)
    await opened.ensure_topics([TOPIC, OTHER])
    yield opened
    await opened.close()


class Cursors:
    """A consumer's own database: where it is in each partition."""

    def __init__(self, stored: Mapping[Partition, int] | None = None) -> None:
        self.stored = dict(stored or {})
        self.asked: list[Collection[Partition]] = []

    async def load(self, partitions: Collection[Partition]) -> Mapping[Partition, int]:
        self.asked.append(list(partitions))
        return {partition: self.stored[partition] for partition in partitions if partition in self.stored}


def numbered(key: str, numbers: range) -> list[Outgoing]:
    return [Outgoing(key.encode(), [("ce_type", b"award.offered")], f"{key} {number}".encode()) for number in numbers]


def at(key: str, topic: str = TOPIC) -> Partition:
    return topic, partition_of(key.encode())


async def append(bus: Bus, records: Sequence[Outgoing], topic: str = TOPIC) -> None:
    assert set(await bus.append(topic, records)) <= {None}


async def read(subscription: Subscription, count: int) -> list[Record]:
    """Poll until there are ``count`` records."""
    records: list[Record] = []
    deadline = time.monotonic() + WAIT
    while len(records) < count and time.monotonic() < deadline:
        records += (await subscription.poll(500, 1.0)).records
    return records


async def read_all(bus: Bus, group: str, count: int) -> list[Record]:
    subscription = bus.subscribe(group, [TOPIC, OTHER], Cursors().load)
    try:
        return await read(subscription, count)
    finally:
        await subscription.close()


def values(records: Sequence[Record], key: str) -> list[str]:
    return [record.value.decode() for record in records if record.key == key.encode()]


async def test_a_record_is_read_back_as_it_was_appended(bus: Bus) -> None:
    headers = [("ce_id", b"evt_1"), ("traceparent", b"\x00\xff"), ("ce_actor", b"")]
    await append(bus, [Outgoing(b"award_1", headers, b"\x00 anything \xff")])

    (record,) = await read_all(bus, "readers", 1)

    assert (record.topic, record.partition, record.offset) == (*at("award_1"), 0)
    assert (record.key, list(record.headers), record.value) == (b"award_1", headers, b"\x00 anything \xff")


async def test_records_of_a_key_are_read_in_the_order_in_which_they_were_appended(bus: Bus) -> None:
    for start in range(0, 60, 20):
        batches = [numbered(f"award_{key}", range(start, start + 20)) for key in range(10)]
        await append(bus, [record for row in zip(*batches, strict=True) for record in row])

    records = await read_all(bus, "readers", 600)

    for key in range(10):
        assert values(records, f"award_{key}") == [f"award_{key} {number}" for number in range(60)]


async def test_offsets_count_up_from_0_without_gaps_in_each_partition(bus: Bus) -> None:
    await append(bus, [record for key in range(100) for record in numbered(f"award_{key}", range(3))])

    offsets = defaultdict(list)
    for record in await read_all(bus, "readers", 300):
        offsets[record.partition].append(record.offset)

    assert len(offsets) == PARTITIONS
    assert all(found == list(range(len(found))) for found in offsets.values())


async def test_a_key_always_goes_to_the_partition_that_its_murmur2_names(bus: Bus) -> None:
    await append(bus, [record for key in range(50) for record in numbered(f"award_{key}", range(2))])

    for record in await read_all(bus, "readers", 100):
        assert record.partition == partition_of(record.key)


async def test_appends_of_many_callers_are_all_kept_and_each_callers_order_with_them(bus: Bus) -> None:
    await asyncio.gather(*(append(bus, numbered(f"award_{caller}", range(25))) for caller in range(20)))

    records = await read_all(bus, "readers", 500)

    assert len(records) == 500
    for caller in range(20):
        assert values(records, f"award_{caller}") == [f"award_{caller} {number}" for number in range(25)]


async def test_a_poll_answers_nothing_when_its_time_is_up(bus: Bus) -> None:
    subscription = bus.subscribe("readers", [TOPIC], Cursors().load)
    started = time.monotonic()

    batch = await subscription.poll(10, 0.3)

    assert not batch.records
    assert time.monotonic() - started < 3
    await subscription.close()


async def test_an_append_wakes_a_poll_that_waits(bus: Bus) -> None:
    subscription = bus.subscribe("readers", [TOPIC], Cursors().load)
    await append(bus, numbered("award_1", range(1)))
    assert len(await read(subscription, 1)) == 1
    waiting = asyncio.create_task(subscription.poll(10, WAIT))
    started = time.monotonic()

    await append(bus, numbered("award_1", range(1, 2)))
    batch = await waiting

    assert [record.value for record in batch.records] == [b"award_1 1"]
    assert time.monotonic() - started < 2
    await subscription.close()


async def test_a_poll_answers_no_more_than_was_asked_for_and_goes_on_from_there(bus: Bus) -> None:
    await append(bus, numbered("award_1", range(25)))
    subscription = bus.subscribe("readers", [TOPIC], Cursors().load)

    pages = [(await subscription.poll(10, WAIT)).records for _ in range(3)]

    assert [len(page) for page in pages] == [10, 10, 5]
    assert values([record for page in pages for record in page], "award_1") == [f"award_1 {n}" for n in range(25)]
    await subscription.close()


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


async def test_a_reader_of_one_topic_is_given_nothing_of_another(bus: Bus) -> None:
    subscription = bus.subscribe("readers", [OTHER], Cursors().load)
    await append(bus, numbered("award_1", range(30)))
    await append(bus, numbered("person_1", range(2)), OTHER)

    assert [record.topic for record in await read(subscription, 2)] == [OTHER, OTHER]
    await subscription.close()


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


async def test_the_ends_of_the_log_are_told_for_every_partition(bus: Bus) -> None:
    await append(bus, numbered("award_1", range(5)))

    ends, starts = await bus.end_offsets([TOPIC, OTHER]), await bus.earliest_offsets([TOPIC, OTHER])

    everywhere = {(topic, number) for topic in (TOPIC, OTHER) for number in range(PARTITIONS)}
    assert set(ends) == set(starts) == everywhere
    assert {partition: end for partition, end in ends.items() if end} == {at("award_1"): 5}
    assert set(starts.values()) == {0}


async def test_a_member_knows_its_partitions_and_its_batches_are_current_until_it_leaves(bus: Bus) -> None:
    await append(bus, numbered("award_1", range(1)))
    subscription = bus.subscribe("readers", [TOPIC], Cursors().load)
    batch = await subscription.poll(10, WAIT)

    assert sorted(subscription.assignment()) == [(TOPIC, number) for number in range(PARTITIONS)]
    assert subscription.current(batch.generation)

    await subscription.close()
    assert not subscription.current(batch.generation)
    assert not subscription.assignment()


async def test_creating_topics_that_exist_changes_nothing(bus: Bus) -> None:
    await append(bus, numbered("award_1", range(2)))
    await bus.ensure_topics([TOPIC, OTHER])
    assert len(await read_all(bus, "readers", 2)) == 2


async def test_a_bus_that_answers_is_healthy(bus: Bus) -> None:
    await append(bus, numbered("award_1", range(1)))
    assert await bus.check() is None


async def test_a_closed_bus_acknowledges_nothing_and_closes_at_once(bus_url: str) -> None:
    bus = open_bus(bus_url)
    await bus.ensure_topics([TOPIC])
    await append(bus, numbered("award_1", range(1)))
    started = time.monotonic()

    await bus.close()

    assert time.monotonic() - started < 2
    (answer,) = await bus.append(TOPIC, numbered("award_1", range(1)))
    assert isinstance(answer, NotAppended)
    await bus.close()


async def test_what_was_appended_is_there_for_the_next_process(bus_url: str) -> None:
    first = open_bus(bus_url)
    await first.ensure_topics([TOPIC, OTHER])
    await append(first, numbered("award_1", range(3)))
    await first.close()

    second = open_bus(bus_url)
    await append(second, numbered("award_1", range(3, 5)))
    records = await read_all(second, "readers", 5)
    await second.close()

    assert [(record.offset, record.value) for record in records] == [(n, b"award_1 %d" % n) for n in range(5)]


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
