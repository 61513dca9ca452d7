"""The bus at scale: Apache Kafka, through aiokafka. One topic a service, kept for ever."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeVar
from urllib.parse import parse_qsl

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import IncompatibleBrokerVersion, KafkaError, NoError, TopicAlreadyExistsError, for_code

from shared.bus.kafka_clients import Clients, Consumer
from shared.bus.kafka_subscription import KafkaSubscription
from shared.bus.kafka_writer import KafkaWriter
from shared.bus.partition import PARTITIONS
from shared.bus.records import BusUnavailable, Outgoing, Partition, Positions

_ANSWERED_WITHIN = 5.0
_CHECKED_WITHIN = 2.0
_CREATED_WITHIN = 30.0
_RETRY = 0.1

T = TypeVar("T")


def open_kafka(address: str) -> "KafkaBus":
    """A bus for ``host:port,host:port`` with, after ``?``, ``replication_factor`` and ``prefix``.

    The replication factor of new topics defaults to the cluster's own. The prefix goes before the names of topics and
    groups, where several suites share a cluster.
    """
    servers, _, query = address.partition("?")
    options = dict(parse_qsl(query))
    replication_factor, prefix = int(options.pop("replication_factor", "-1")), options.pop("prefix", "")
    if options or not servers:
        raise ValueError(f"BUS_URL is not understood: {', '.join(options) or 'it names no broker'}")
    return KafkaBus(servers.split(","), replication_factor, prefix)


class _Observer(Consumer):
    """A consumer of nothing, in no group, that answers questions about the log."""

    async def partitions(self, topics: Sequence[str]) -> list[TopicPartition]:
        """All partitions of the topics; waits, without a bound, for a topic that does not exist yet."""
        found = []
        for topic in topics:
            await self._client.add_topic(topic)
            while (numbers := self._client.cluster.partitions_for_topic(topic)) is None:
                await asyncio.sleep(_RETRY)
                await self._client.force_metadata_update()
            found += [TopicPartition(topic, number) for number in numbers]
        return found


class _Administrator(AIOKafkaAdminClient):
    """aiokafka's administrator; see :class:`shared.bus.kafka_clients.Client`."""

    async def end(self) -> None:
        await self.close()


class KafkaBus:
    """See :class:`shared.bus.Bus`; made by :func:`open_kafka`. It connects when it is first used."""

    def __init__(self, servers: Sequence[str], replication_factor: int, prefix: str) -> None:
        self.servers = servers
        self.prefix = prefix
        self.clients = Clients()
        self._replication_factor = replication_factor
        self._writer = KafkaWriter(servers, self.clients)
        self._observer: _Observer | None = None
        self._starting = asyncio.Lock()

    def physical(self, partition: Partition) -> TopicPartition:
        """The partition as the cluster names it."""
        return TopicPartition(self.prefix + partition[0], partition[1])

    def logical(self, at: TopicPartition) -> Partition:
        """The partition as this suite names it."""
        return at.topic[len(self.prefix) :], at.partition

    async def append(self, topic: str, records: Sequence[Outgoing]) -> Sequence[BaseException | None]:
        return await self._writer.append(self.prefix + topic, records)

    def subscribe(self, group: str, topics: Sequence[str], positions: Positions) -> KafkaSubscription:
        return KafkaSubscription(self, group, topics, positions)

    async def end_offsets(self, topics: Sequence[str]) -> Mapping[Partition, int]:
        return await self._ends(topics, _ANSWERED_WITHIN)

    async def earliest_offsets(self, topics: Sequence[str]) -> Mapping[Partition, int]:
        async def starts(observer: _Observer) -> Mapping[TopicPartition, int]:
            partitions = await self._partitions(observer, topics)
            found: Mapping[TopicPartition, int] = await observer.beginning_offsets(partitions)
            return found

        return self._logical(await self._ask(starts, _ANSWERED_WITHIN))

    async def ensure_topics(self, topics: Sequence[str]) -> None:
        """Create the topics that are missing, to be kept for ever; raises :class:`BusUnavailable`."""
        try:
            async with asyncio.timeout(_CREATED_WITHIN):
                await self._create(topics)
                while not await self._known(topics):  # nobody created them: asked while no controller was elected
                    await self._create(topics)
        except TimeoutError as error:
            raise BusUnavailable(f"the topics {', '.join(topics)} were not created in time") from error

    async def _create(self, topics: Sequence[str]) -> None:
        admin = _Administrator(bootstrap_servers=list(self.servers), request_timeout_ms=int(_CREATED_WITHIN * 1000))
        try:
            await self.clients.start(admin)
            answer = await admin.create_topics([self._new_topic(topic) for topic in topics])
            for topic in answer.to_object()["topic_errors"]:
                error = for_code(topic["error_code"])
                if error not in (NoError, TopicAlreadyExistsError):
                    raise BusUnavailable(f"topic {topic['topic']} could not be created: {error.__name__}")
        except (IncompatibleBrokerVersion, AttributeError):
            pass  # no administration, or no controller (which aiokafka does not ask): a mock that creates topics itself
        except (KafkaError, OSError) as error:
            raise BusUnavailable(_why(error)) from error
        finally:
            self.clients.end(admin)

    async def _known(self, topics: Sequence[str]) -> bool:
        """Whether each topic is there and its partitions have leaders."""
        try:
            await self._ends(topics, _ANSWERED_WITHIN)
        except BusUnavailable:
            return False
        return True

    async def check(self) -> str | None:
        try:
            await self._ask(_Observer.topics, _CHECKED_WITHIN)
        except BusUnavailable as error:
            return str(error)
        return self._writer.failure

    async def close(self) -> None:
        self._writer.close()
        self._give_observer_up()
        await self.clients.close()

    def _new_topic(self, topic: str) -> NewTopic:
        settings = {"retention.ms": "-1", "retention.bytes": "-1"}
        if self._replication_factor > 2:
            settings["min.insync.replicas"] = "2"  # acks=all means all of those in sync: one alone is not durable
        replicas: dict[int, list[int]] | None = (
            {} if self._replication_factor == -1 else None
        )  # aiokafka allows "the cluster's own" only so
        return NewTopic(self.prefix + topic, PARTITIONS, self._replication_factor, replicas, settings)

    async def _ends(self, topics: Sequence[str], within: float) -> Mapping[Partition, int]:
        async def ends(observer: _Observer) -> Mapping[TopicPartition, int]:
            found: Mapping[TopicPartition, int] = await observer.end_offsets(await self._partitions(observer, topics))
            return found

        return self._logical(await self._ask(ends, within))

    async def _partitions(self, observer: _Observer, topics: Sequence[str]) -> list[TopicPartition]:
        return await observer.partitions([self.prefix + topic for topic in topics])

    def _logical(self, offsets: Mapping[TopicPartition, int]) -> Mapping[Partition, int]:
        return {self.logical(at): offset for at, offset in offsets.items()}

    async def _ask(self, question: Callable[[_Observer], Awaitable[T]], within: float) -> T:
        try:
            async with asyncio.timeout(within):
                return await question(await self._started())
        except (KafkaError, OSError) as error:  # OSError: a TimeoutError too
            self._give_observer_up()
            raise BusUnavailable(_why(error)) from error

    async def _started(self) -> _Observer:
        async with self._starting:
            if self._observer is None:
                observer = _Observer(bootstrap_servers=self.servers, request_timeout_ms=int(_ANSWERED_WITHIN * 1000))
                await self.clients.start(observer)
                self._observer = observer
            return self._observer

    def _give_observer_up(self) -> None:
        if self._observer is not None:
            observer, self._observer = self._observer, None
            self.clients.end(observer)


def _why(error: Exception) -> str:
    return "Kafka did not answer in time" if isinstance(error, TimeoutError) else f"Kafka: {error!r}"
