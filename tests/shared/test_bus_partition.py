import random

from confluent_kafka import Message, Producer

from shared.bus.partition import PARTITIONS, murmur2, partition_of
from shared.testing.mock_kafka import MockKafka


def test_murmur2_is_that_of_kafkas_java_client() -> None:
    # Values of org.apache.kafka.common.utils.UtilsTest, as unsigned numbers.
    known = {b"21": -973932308, b"foobar": -790332482, b"a-little-bit-long-string": -985981536,
             b"a-little-bit-longer-string": -1486304829, b"abc": 479470107}  # fmt: skip
    assert {key: murmur2(key) for key in known} == {key: digest % 2**32 for key, digest in known.items()}


def test_kafkas_own_client_puts_keys_of_every_length_where_we_do(mock_kafka: MockKafka) -> None:
    mock_kafka.create_topic("backbone.grants")
    dice = random.Random(7)
    delivered: list[Message] = []
    producer = Producer({"bootstrap.servers": mock_kafka.servers, "partitioner": "murmur2"})
    for length in range(1, 130):
        producer.produce(
            "backbone.grants", key=dice.randbytes(length), on_delivery=lambda _, message: delivered.append(message)
        )
    producer.flush(10)

    placed = {message.key() or b"": message.partition() for message in delivered}
    assert len(placed) == 129
    assert placed == {key: partition_of(key) for key in placed}


def test_keys_spread_over_all_partitions_and_stay_where_they_are() -> None:
    placed = {key: partition_of(b"award_%d" % key) for key in range(1000)}
    assert set(placed.values()) == set(range(PARTITIONS))
    assert placed == {key: partition_of(b"award_%d" % key) for key in range(1000)}
