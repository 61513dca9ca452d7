"""Kafka answering with errors, on the mock cluster: what is acknowledged, what is not, and what comes after."""

import asyncio
import time
from collections.abc import AsyncIterator, Collection, Mapping

import pytest

from shared.bus import Bus, BusUnavailable, NotAppended, Outgoing, Partition, open_bus
from shared.bus.partition import partition_of
from shared.testing.eventually import eventually
from shared.testing.mock_kafka import NOT_LEADER, PRODUCE, TOO_LARGE, MockKafka

TOPIC = "backbone.grants"


@pytest.fixture
async def bus(mock_kafka: MockKafka) -> AsyncIterator[Bus]:
    mock_kafka.create_topic(TOPIC)
    opened = open_bus(mock_kafka.url)
    yield opened
    await opened.close()


async def from_the_start(partitions: Collection[Partition]) -> Mapping[Partition, int]:
    return {}


def awards(*numbers: int, key: bytes = b"award_1", size: int = 1) -> list[Outgoing]:
    return [Outgoing(key, [], (b"%d" % number).ljust(size)) for number in numbers]


async def values(bus: Bus, count: int) -> list[bytes]:
    subscription = bus.subscribe("readers", [TOPIC], from_the_start)
    found: list[bytes] = []
    while len(found) < count:
        found += [record.value for record in (await subscription.poll(500, 5)).records]
    await subscription.close()
    return found


async def test_an_error_that_passes_is_outlasted(bus: Bus, mock_kafka: MockKafka) -> None:
    await bus.append(TOPIC, awards(0))
    mock_kafka.fail_next(PRODUCE, NOT_LEADER, NOT_LEADER)

    assert await bus.append(TOPIC, awards(1, 2)) == [None, None]
    assert await values(bus, 3) == [b"0", b"1", b"2"]


async def test_records_that_the_broker_refuses_are_answered_one_by_one_and_appends_go_on(
    bus: Bus, mock_kafka: MockKafka
) -> None:
    await bus.append(TOPIC, awards(0))
    mock_kafka.fail_next(PRODUCE, TOO_LARGE)

    refused = await bus.append(TOPIC, awards(1, 2))

    assert all(isinstance(answer, NotAppended) and "MessageSizeTooLarge" in str(answer) for answer in refused)
    assert "MessageSizeTooLarge" in (await bus.check() or "")
    assert await bus.append(TOPIC, awards(1, 2)) == [None, None]
    assert await bus.check() is None
    assert await values(bus, 3) == [b"0", b"1", b"2"]


async def test_no_record_of_a_key_is_acknowledged_after_one_that_failed(bus: Bus, mock_kafka: MockKafka) -> None:
    await bus.append(TOPIC, awards(0))
    mock_kafka.fail_next(PRODUCE, TOO_LARGE)

    # Three batches of one partition in one append, and another append that was waiting for it.
    first, second = await asyncio.gather(
        bus.append(TOPIC, awards(*range(1, 9), size=90_000)), bus.append(TOPIC, awards(9))
    )

    assert all(isinstance(answer, NotAppended) for answer in [*first, *second])
    assert await bus.append(TOPIC, awards(*range(1, 10))) == [None] * 9
    assert [int(value) for value in await values(bus, 10)] == list(range(10))


async def test_other_partitions_of_a_failed_append_are_acknowledged_where_they_arrived(
    bus: Bus, mock_kafka: MockKafka
) -> None:
    keys = [b"award_%d" % number for number in range(40)]
    await bus.append(TOPIC, awards(0))
    large = awards(1, key=keys[0], size=300_000)
    small = [record for key in keys if partition_of(key) != partition_of(keys[0]) for record in awards(1, key=key)]

    answers = await bus.append(TOPIC, [*large, *small])

    assert all(answer is None for answer in answers)  # a batch may hold one record that is larger than the batches are


async def test_while_the_broker_is_down_appends_fail_in_time_polls_answer_nothing_and_both_recover(
    bus: Bus, mock_kafka: MockKafka
) -> None:
    subscription = bus.subscribe("readers", [TOPIC], from_the_start)
    await bus.append(TOPIC, awards(0))
    assert (await subscription.poll(10, 20)).records
    mock_kafka.go_down()

    started = time.monotonic()
    (answer,) = await bus.append(TOPIC, awards(1))
    assert isinstance(answer, NotAppended)
    assert time.monotonic() - started < 12

    started = time.monotonic()
    assert "Kafka" in (await bus.check() or "")
    with pytest.raises(BusUnavailable):
        await bus.end_offsets([TOPIC])
    assert not (await subscription.poll(10, 0.5)).records
    assert time.monotonic() - started < 9

    mock_kafka.come_up()

    async def appended() -> bool:
        return await bus.append(TOPIC, awards(1)) == [None]

    async def arrived() -> bool:
        return any(record.value == b"1" for record in (await subscription.poll(10, 0.5)).records)

    await eventually(appended, within=30)
    await eventually(arrived, within=30)
    assert await bus.check() is None
    await subscription.close()


async def test_a_poll_of_a_broker_that_is_away_lasts_as_long_as_it_was_given(mock_kafka: MockKafka) -> None:
    mock_kafka.go_down()
    bus = open_bus(mock_kafka.url)
    subscription = bus.subscribe("readers", [TOPIC], from_the_start)
    for _ in range(2):
        started = time.monotonic()
        assert not (await subscription.poll(10, 0.4)).records
        assert 0.35 < time.monotonic() - started < 3
    await subscription.close()
    await bus.close()


async def test_an_append_that_is_given_up_does_not_let_a_later_one_overtake_it(bus: Bus, mock_kafka: MockKafka) -> None:
    await bus.append(TOPIC, awards(0))
    mock_kafka.go_down()
    given_up = asyncio.create_task(bus.append(TOPIC, awards(1)))
    behind = asyncio.create_task(bus.append(TOPIC, awards(2)))
    await asyncio.sleep(0)  # both have begun, in this order
    mock_kafka.come_up()
    given_up.cancel()

    assert [type(answer) for answer in await behind] == [NotAppended]
    assert await bus.append(TOPIC, awards(1, 2)) == [None, None]
