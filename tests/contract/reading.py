"""Appending to a bus and reading it, as the bus's contract does."""

import time
from collections.abc import Collection, Mapping, Sequence

from shared.bus import Bus, Outgoing, Partition, Record, Subscription
from shared.bus.partition import partition_of

TOPIC, OTHER = "backbone.grants", "backbone.members"
WAIT = 20.0
"""Long enough for a group to form on a busy machine; a poll returns as soon as there is something."""


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
