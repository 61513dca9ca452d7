"""What passes over the bus, in either backend: the records, where they lie, and the two ways a log can refuse."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence

import msgspec

Partition = tuple[str, int]
"""A topic and the number of one of its partitions."""

Headers = Sequence[tuple[str, bytes]]

Positions = Callable[[Collection[Partition]], Awaitable[Mapping[Partition, int]]]
"""Asked for the offset of the next record wanted from each partition; one left out starts where the log starts."""


class Outgoing(msgspec.Struct, frozen=True, gc=False):
    """A record to append. Its key decides its partition, by murmur2; records of one key keep their order."""

    key: bytes
    headers: list[tuple[str, bytes]]
    value: bytes


class Record(msgspec.Struct, frozen=True, gc=False):
    """A record of the log. Offsets count up from 0 within a partition."""

    topic: str
    partition: int
    offset: int
    key: bytes
    headers: Headers
    value: bytes


class Batch(msgspec.Struct, frozen=True):
    """Records in the order of their partitions, and the assignment under which they were fetched."""

    records: Sequence[Record]
    generation: int


class StaleCursor(Exception):
    """A stored position lies outside the log: what it points at was deleted, or the log is another one.

    Nothing resets it: to skip or to replay events is a person's decision.
    """

    def __init__(self, partition: Partition, position: int) -> None:
        topic, number = partition
        super().__init__(f"position {position} of {topic}/{number} lies outside the log; it is not reset by itself")
        self.partition = partition
        self.position = position


class NotAppended(Exception):
    """The record may not be in the log: append it again. The message says why."""


class BusUnavailable(Exception):
    """The log did not answer in time; the message says why."""
