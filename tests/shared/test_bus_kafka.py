"""Apache Kafka itself: restarts, silence, what the topics are made of, and a log that was cut short."""

import asyncio
import time
from collections.abc import AsyncIterator, Collection, Iterator, Mapping

import pytest
from confluent_kafka import TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.admin._config import ConfigResource

from shared.bus import Bus, NotAppended, Outgoing, Partition, StaleCursor, Subscription, open_bus
from shared.bus.kafka import KafkaBus, open_kafka
from shared.bus.partition import PARTITIONS, partition_of
from shared.testing.eventually import eventually
from shared.testing.kafka import KafkaServer
from tests.plugins.parts import scale

TOPIC = "backbone.grants"
AWARD_1: Partition = (TOPIC, partition_of(b"award_1"))
RECOVERY = 60.0


@pytest.fixture
async def bus(real_kafka: str) -> AsyncIterator[KafkaBus]:
    opened = open_kafka(real_kafka.removeprefix("kafka://"))
    await opened.ensure_topics([TOPIC])
    yield opened
    await opened.close()


@pytest.fixture
def broker(kafka_server: KafkaServer) -> Iterator[KafkaServer]:
    """A broker that may be stopped; it runs again when the test ends."""
    if not kafka_server.ours:
        pytest.skip("the broker at BACKBONE_TEST_KAFKA is not ours to stop")
    yield kafka_server
    kafka_server.ensure_running()


@pytest.fixture
def admin(kafka_server: KafkaServer) -> AdminClient:
    return AdminClient({"bootstrap.servers": kafka_server.servers})


async def from_the_start(partitions: Collection[Partition]) -> Mapping[Partition, int]:
    return {}


def awards(*numbers: int) -> list[Outgoing]:
    return [Outgoing(b"award_1", [], b"%d" % number) for number in numbers]


async def append_until_it_works(bus: Bus, number: int) -> None:
    async def appended() -> bool:
        return await bus.append(TOPIC, awards(number)) == [None]

    await eventually(appended, within=RECOVERY)


async def read_until(subscription: Subscription, value: bytes) -> list[bytes]:
    found: list[bytes] = []

    async def arrived() -> bool:
        found.extend(record.value for record in (await subscription.poll(100, 0.5)).records)
        return value in found

    await eventually(arrived, within=RECOVERY)
    return found


@pytest.mark.parametrize("ending", ["stop", "kill"])
async def test_writers_and_readers_recover_from_a_restart_of_the_broker_by_themselves(
    bus: KafkaBus, broker: KafkaServer, ending: str
) -> None:
    subscription = bus.subscribe("readers", [TOPIC], from_the_start)
    await append_until_it_works(bus, 0)
    await read_until(subscription, b"0")

    await asyncio.to_thread(broker.stop if ending == "stop" else broker.kill)
    reading = asyncio.create_task(read_until(subscription, b"1"))
    writing = asyncio.create_task(append_until_it_works(bus, 1))
    assert await bus.check() is not None
    await asyncio.to_thread(broker.start)
    started = time.monotonic()

    await writing
    assert set(await reading) == {b"1"}
    assert time.monotonic() - started < RECOVERY
    assert await bus.check() is None
    await subscription.close()


async def test_a_broker_that_falls_silent_is_noticed_in_time_and_its_return_too(
    bus: KafkaBus, broker: KafkaServer
) -> None:
    subscription = bus.subscribe("readers", [TOPIC], from_the_start)
    await append_until_it_works(bus, 0)
    await read_until(subscription, b"0")
    broker.freeze()

    started = time.monotonic()
    checking = asyncio.create_task(bus.check())
    (answer,) = await bus.append(TOPIC, awards(1))
    assert isinstance(answer, NotAppended)
    assert time.monotonic() - started < 12
    assert "did not answer in time" in (await checking or "")
    started = time.monotonic()
    assert not (await subscription.poll(10, 0.5)).records
    assert time.monotonic() - started < 8

    broker.thaw()
    await append_until_it_works(bus, 2)
    found = await read_until(subscription, b"2")
    # The broker had the unacknowledged record in hand: it may be there, which the inbox of a consumer forgives.
    assert [value for value in found if value != b"1"][-1] == b"2"
    await subscription.close()


async def test_a_consumer_that_falls_silent_for_ever_is_replaced(
    bus: KafkaBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As aiokafka's can after a restart of the broker (its issue 1154): here the task that fetches has ended."""
    monkeypatch.setattr("shared.bus.kafka_subscription._STUCK_AFTER", 3.0)
    stored: dict[Partition, int] = {}

    async def load(partitions: Collection[Partition]) -> Mapping[Partition, int]:
        return stored

    subscription = bus.subscribe("readers", [TOPIC], load)
    await append_until_it_works(bus, 0)
    await read_until(subscription, b"0")
    stored[AWARD_1] = 1
    silent = subscription._consumer
    assert silent is not None
    assert silent._fetcher is not None
    silent._fetcher._fetch_task.cancel()
    await append_until_it_works(bus, 1)

    assert await read_until(subscription, b"1") == [b"1"]
    assert subscription._consumer is not silent
    await subscription.close()


async def test_a_bus_closes_at_once_although_the_broker_is_silent(bus: KafkaBus, broker: KafkaServer) -> None:
    subscription = bus.subscribe("readers", [TOPIC], from_the_start)
    await append_until_it_works(bus, 0)
    await read_until(subscription, b"0")
    broker.freeze()
    started = time.monotonic()

    await subscription.close()
    await bus.close()

    assert time.monotonic() - started < 6


async def test_what_was_acknowledged_before_the_broker_was_killed_is_read_in_order(
    bus: KafkaBus, broker: KafkaServer
) -> None:
    acknowledged: list[int] = []

    async def appending() -> None:
        number = 0
        while True:
            if await bus.append(TOPIC, awards(number)) == [None]:
                acknowledged.append(number)
                number += 1

    async def acknowledged_beyond(number: int) -> None:
        await eventually(lambda: len(acknowledged) > number, within=RECOVERY)

    writer = asyncio.create_task(appending())
    for _ in range(scale(1)):
        await acknowledged_beyond(len(acknowledged) + 50)
        await asyncio.to_thread(broker.kill)
        await asyncio.to_thread(broker.start)
    await acknowledged_beyond(len(acknowledged) + 50)
    writer.cancel()

    subscription = bus.subscribe("readers", [TOPIC], from_the_start)
    found = await read_until(subscription, b"%d" % acknowledged[-1])
    await subscription.close()
    # A record is there twice where its acknowledgement was lost; the first of each is in order, and none is missing.
    assert [int(value) for value in dict.fromkeys(found)][: len(acknowledged)] == acknowledged


async def test_topics_have_12_partitions_and_are_kept_for_ever(bus: KafkaBus, admin: AdminClient) -> None:
    resource = ConfigResource(ConfigResource.Type.TOPIC, bus.physical((TOPIC, 0)).topic)
    (described,) = admin.describe_configs([resource]).values()
    settings = {name: entry.value for name, entry in described.result(timeout=10).items()}

    assert (settings["retention.ms"], settings["retention.bytes"], settings["cleanup.policy"]) == ("-1", "-1", "delete")
    assert len(await bus.end_offsets([TOPIC])) == PARTITIONS


async def test_without_a_replication_factor_in_the_url_the_clusters_own_is_taken(kafka_server: KafkaServer) -> None:
    url = kafka_server.new_url().replace("replication_factor=1&", "")
    bus = open_bus(url)
    await bus.ensure_topics([TOPIC])
    assert await bus.append(TOPIC, awards(1)) == [None]
    await bus.close()


async def test_suites_with_prefixes_of_their_own_share_a_cluster_unseen(
    bus: KafkaBus, kafka_server: KafkaServer
) -> None:
    other = open_bus(kafka_server.new_url())
    await other.ensure_topics([TOPIC])
    await bus.append(TOPIC, awards(1))
    await other.append(TOPIC, awards(2))

    for suite, value in ((bus, b"1"), (other, b"2")):
        subscription = suite.subscribe("readers", [TOPIC], from_the_start)
        assert await read_until(subscription, value) == [value]
        await subscription.close()
    await other.close()


async def test_a_position_from_before_the_start_of_the_log_stops_the_reader(bus: KafkaBus, admin: AdminClient) -> None:
    await bus.append(TOPIC, awards(*range(10)))
    (deleting,) = admin.delete_records([TopicPartition(*bus.physical(AWARD_1), 4)]).values()
    deleting.result(timeout=10)
    assert (await bus.earliest_offsets([TOPIC]))[AWARD_1] == 4

    async def at_three(partitions: Collection[Partition]) -> Mapping[Partition, int]:
        return {AWARD_1: 3}

    subscription = bus.subscribe("behind", [TOPIC], at_three)
    for _ in range(2):
        with pytest.raises(StaleCursor, match="position 3"):
            await read_until(subscription, b"4")
    await subscription.close()

    fresh = bus.subscribe("fresh", [TOPIC], from_the_start)
    assert await read_until(fresh, b"9") == [b"%d" % number for number in range(4, 10)]
    await fresh.close()
