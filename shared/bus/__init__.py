"""The bus: a log of records by topic and partition, kept for ever, behind one Protocol with two backends.

The backends are :mod:`shared.bus.sqlite` for the embedded suite and :mod:`shared.bus.kafka` at scale. Both keep the
order of a key and deliver at least once; neither keeps a consumer's position, which lives in the consumer's database.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from shared.bus.records import (
    Batch,
    BusUnavailable,
    Headers,
    NotAppended,
    Outgoing,
    Partition,
    Positions,
    Record,
    StaleCursor,
)

__all__ = [
    "Batch", "Bus", "BusUnavailable", "Headers", "NotAppended", "Outgoing", "Partition", "Positions", "Record",
    "StaleCursor", "Subscription", "open_bus",
]  # fmt: skip


class Subscription(Protocol):
    """One member of a group. The group's partitions are shared among its members, and each has one reader at a time."""

    async def poll(self, max_records: int, wait: float) -> Batch:
        """Records that follow the positions, or none after ``wait`` seconds; raises :class:`StaleCursor`.

        Closed from the moment an assignment is revoked until the positions of the next are loaded and sought.
        """

    def current(self, generation: int) -> bool:
        """Whether a batch of this generation is still ours to apply. Ask just before committing its effects."""

    def assignment(self) -> Collection[Partition]:
        """The partitions that this member reads now."""

    def pause(self, partitions: Collection[Partition]) -> None:
        """Deliver nothing from these until they are resumed or assigned anew."""

    def resume(self, partitions: Collection[Partition]) -> None: ...

    async def seek(self, positions: Mapping[Partition, int]) -> None:
        """Go on from these offsets; partitions of other members are passed over."""

    async def close(self) -> None:
        """Leave the group."""


class Bus(Protocol):
    """A connection to the log. What only asks or creates raises :class:`BusUnavailable`, in bounded time."""

    async def append(self, topic: str, records: Sequence[Outgoing]) -> Sequence[BaseException | None]:
        """Append, durably, and answer for each record: None, or why it must be appended again.

        Of one key, no record is acknowledged after one that failed. Fails in bounded time while the log is away.
        """

    def subscribe(self, group: str, topics: Sequence[str], positions: Positions) -> Subscription:
        """Join a group. ``positions`` is asked at each assignment, before anything is polled under it."""

    async def end_offsets(self, topics: Sequence[str]) -> Mapping[Partition, int]:
        """The offset that the next record of each partition will have."""

    async def earliest_offsets(self, topics: Sequence[str]) -> Mapping[Partition, int]:
        """The offset of the first record that each partition still holds."""

    async def ensure_topics(self, topics: Sequence[str]) -> None:
        """Create the topics that are missing."""

    async def check(self) -> str | None:
        """None where the log answers, else why it does not, within two seconds."""

    async def close(self) -> None: ...


def open_bus(url: str) -> Bus:
    """The bus at ``sqlite:///path`` or ``kafka://host:port,host:port?replication_factor=3``. Close it once an opening.

    The SQLite bus is one object a file and a process; another process is refused (:class:`AlreadyOwned`).
    """
    scheme, _, rest = url.partition("://")
    match scheme:
        case "sqlite":
            from shared.bus.sqlite import open_sqlite

            return open_sqlite(rest.removeprefix("/"))
        case "kafka":
            from shared.bus.kafka import open_kafka

            return open_kafka(rest)
    raise ValueError(f"BUS_URL must begin with sqlite:// or kafka://, not {scheme}://")
