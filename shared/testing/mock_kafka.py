"""The mock cluster inside librdkafka, of the confluent-kafka wheel: it speaks Kafka's protocol on loopback.

It proves wiring, not durability: it has one member a group at most and no admin calls, and drops old records silently.
What it can do and a real broker cannot is fail on request.
"""

import contextlib
import ctypes
from collections.abc import Iterator
from pathlib import Path

import confluent_kafka

from shared.bus.partition import PARTITIONS

_PRODUCER = 0
_BROKER = 1
PRODUCE, FETCH, METADATA = 0, 1, 3
"""The protocol's numbers of some requests."""
NOT_LEADER, TIMED_OUT, TOO_LARGE = 6, 7, 10
"""The protocol's numbers of some errors; the first two are worth another try."""


class MockMissing(Exception):
    """The wheel on this machine does not bring the library as a file of its own."""


class MockKafka:
    """A cluster of one broker."""

    def __init__(self, library: ctypes.CDLL, cluster: ctypes.c_void_p) -> None:
        self._library = library
        self._cluster = cluster
        library.rd_kafka_mock_cluster_bootstraps.restype = ctypes.c_char_p
        self.servers = library.rd_kafka_mock_cluster_bootstraps(cluster).decode()
        self.url = f"kafka://{self.servers}"

    def create_topic(self, topic: str) -> None:
        """With as many partitions as ours have: a topic that the mock creates by itself has four."""
        self._library.rd_kafka_mock_topic_create(self._cluster, topic.encode(), PARTITIONS, 1)

    def fail_next(self, request: int, *errors: int) -> None:
        """Answer the next requests of a kind with these errors, one each."""
        numbers = (ctypes.c_int * len(errors))(*errors)
        self._library.rd_kafka_mock_push_request_errors_array(self._cluster, request, len(errors), numbers)

    def go_down(self) -> None:
        """Refuse connections and cut those that are open."""
        self._library.rd_kafka_mock_broker_set_down(self._cluster, _BROKER)

    def come_up(self) -> None:
        self._library.rd_kafka_mock_broker_set_up(self._cluster, _BROKER)


@contextlib.contextmanager
def mock_cluster() -> Iterator[MockKafka]:
    """A mock cluster in this process, which ends with the block. Raises :class:`MockMissing`."""
    library = _library()
    configuration = library.rd_kafka_conf_new()
    library.rd_kafka_conf_set(ctypes.c_void_p(configuration), b"log_level", b"0", None, ctypes.c_size_t(0))
    owner = library.rd_kafka_new(_PRODUCER, ctypes.c_void_p(configuration), None, ctypes.c_size_t(0))
    cluster = ctypes.c_void_p(library.rd_kafka_mock_cluster_new(ctypes.c_void_p(owner), 1))
    library.rd_kafka_mock_group_initial_rebalance_delay_ms(cluster, 0)
    try:
        yield MockKafka(library, cluster)
    finally:
        library.rd_kafka_mock_cluster_destroy(cluster)
        library.rd_kafka_destroy(ctypes.c_void_p(owner))


def _library() -> ctypes.CDLL:
    folder = Path(confluent_kafka.__file__).parent.with_name("confluent_kafka.libs")
    found = next(iter(folder.glob("librdkafka-*.so*")), None)
    if found is None:
        raise MockMissing("the confluent-kafka wheel brings no librdkafka of its own")
    library = ctypes.CDLL(str(found))
    for maker in ("rd_kafka_conf_new", "rd_kafka_new", "rd_kafka_mock_cluster_new"):
        getattr(library, maker).restype = ctypes.c_void_p
    return library
