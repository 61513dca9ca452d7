"""What every backend of the bus must keep: one suite, on the SQLite log, on the mock of Kafka and on Apache Kafka."""

import asyncio
import time
from collections import defaultdict

from shared.bus import Bus, NotAppended, Outgoing, open_bus
from shared.bus.partition import PARTITIONS, partition_of
from tests.contract.reading import OTHER, TOPIC, WAIT, Cursors, append, at, numbered, read, read_all, values


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


async def test_a_reader_of_one_topic_is_given_nothing_of_another(bus: Bus) -> None:
    subscription = bus.subscribe("readers", [OTHER], Cursors().load)
    await append(bus, numbered("award_1", range(30)))
    await append(bus, numbered("person_1", range(2)), OTHER)

    assert [record.topic for record in await read(subscription, 2)] == [OTHER, OTHER]
    await subscription.close()


async def test_the_ends_of_the_log_are_told_for_every_partition(bus: Bus) -> None:
    await append(bus, numbered("award_1", range(5)))

    ends, starts = await bus.end_offsets([TOPIC, OTHER]), await bus.earliest_offsets([TOPIC, OTHER])

    everywhere = {(topic, number) for topic in (TOPIC, OTHER) for number in range(PARTITIONS)}
    assert set(ends) == set(starts) == everywhere
    assert {partition: end for partition, end in ends.items() if end} == {at("award_1"): 5}
    assert set(starts.values()) == {0}


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
