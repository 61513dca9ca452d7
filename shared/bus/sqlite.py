"""The embedded bus: the asyncio side of one :class:`shared.bus.sqlite_log.Log`, shared by the services of a process.

An append wakes the subscribers of its topic; nothing polls on an interval. What is more than a point read runs on a
thread, so that a subscriber catching up does not hold up the loop.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeVar

from shared.bus.records import Batch, NotAppended, Outgoing, Partition, Positions, Record
from shared.bus.sqlite_log import Log, Scan, partitions_of

_POINT_READ = 16
"""A scan of so few ids costs less than the hop to a thread."""

_T = TypeVar("_T")

_opening = threading.Lock()
_open: dict[Path, "SqliteBus"] = {}


def open_sqlite(path: str) -> "SqliteBus":
    """The bus of this file, one object for all that open it in this process."""
    file = Path(path).resolve()
    with _opening:
        bus = _open.get(file)
        if bus is None:
            bus = _open[file] = SqliteBus(file)
        bus.openers += 1
        return bus


class SqliteBus:
    """See :class:`shared.bus.Bus`; made by :func:`open_sqlite`."""

    def __init__(self, path: Path) -> None:
        self.openers = 0
        self.log = Log(path)
        self.readers = ThreadPoolExecutor(2, "bus-reader")
        self._path = path
        self._groups: dict[str, list[SqliteSubscription]] = {}
        self._subscriptions: tuple[SqliteSubscription, ...] = ()

    async def append(self, topic: str, records: Sequence[Outgoing]) -> Sequence[BaseException | None]:
        if self.log.closed:
            return [NotAppended("the bus is closed")] * len(records)
        if not records:
            return []
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[NotAppended | None] = loop.create_future()

        def settle(failed: NotAppended | None) -> None:
            if not answered.done():
                answered.set_result(failed)
            if failed is None:
                for subscription in self._subscriptions:
                    subscription.woken_by(topic, loop)

        # One call for all: each wakes the loop, and costs as much as what the loop then does.
        self.log.append(topic, records, partial(_call, loop, settle))
        return [await answered] * len(records)

    def subscribe(self, group: str, topics: Sequence[str], positions: Positions) -> "SqliteSubscription":
        """The newest member of a group reads all of its partitions, and gives them back when it closes."""
        subscription = SqliteSubscription(self, group, topics, positions)
        self._groups.setdefault(group, []).append(subscription)
        self._reassign(group)
        return subscription

    def leave(self, group: str, subscription: "SqliteSubscription") -> None:
        """End a membership; harmless when it has ended."""
        if subscription in self._groups.get(group, ()):
            self._groups[group].remove(subscription)
            subscription.reassigned(to_it=False)
            self._reassign(group)

    def _reassign(self, group: str) -> None:
        members = self._groups[group]
        for member in members:
            member.reassigned(to_it=member is members[-1])
        self._subscriptions = tuple(member for members in self._groups.values() for member in members)

    async def end_offsets(self, topics: Sequence[str]) -> Mapping[Partition, int]:
        ends = self.log.ends
        return {partition: ends.get(partition, 0) for partition in partitions_of(topics)}

    async def earliest_offsets(self, topics: Sequence[str]) -> Mapping[Partition, int]:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.readers, self.log.earliest, partitions_of(topics))

    async def ensure_topics(self, topics: Sequence[str]) -> None:
        """Nothing to do: a topic is a value of a column."""

    async def check(self) -> str | None:
        return "the bus is closed" if self.log.closed else self.log.failure

    async def close(self) -> None:
        """Close for one opener. The last one's call returns once the log is closed and its lock given back."""
        with _opening:
            if self.openers == 0:
                return
            self.openers -= 1
            if self.openers == 0:
                self.readers.shutdown()
                self.log.close()
                del _open[self._path]


class SqliteSubscription:
    """See :class:`shared.bus.Subscription`; made by :meth:`SqliteBus.subscribe`."""

    def __init__(self, bus: SqliteBus, group: str, topics: Sequence[str], ask_positions: Positions) -> None:
        self._bus = bus
        self._group = group
        self._topics = tuple(topics)
        self._ask_positions = ask_positions
        self._loop = asyncio.get_running_loop()
        self._woken = asyncio.Event()
        self._generation = 0
        self._mine = False
        self._gate_open = False
        self._positions: dict[Partition, int] = {}
        self._paused: set[Partition] = set()
        self._scanned = 0
        """The id up to which everything wanted was delivered; must be found again after each move of a position."""
        self._moves = 0
        self._moves_located = -1

    async def poll(self, max_records: int, wait: float) -> Batch:
        deadline = time.monotonic() + wait
        while True:
            # Cleared before looking: what is appended or reassigned meanwhile sets it again and is looked at next.
            self._woken.clear()
            generation = self._generation
            if self._mine and not self._gate_open:
                await self._open_gate(generation)
            if self._gate_open:
                records = await self._next(max_records)
                if records and self.current(generation):
                    return Batch(records, generation)
            if not await self._woken_before(deadline):
                return Batch((), generation)

    def current(self, generation: int) -> bool:
        return self._mine and generation == self._generation

    def assignment(self) -> Collection[Partition]:
        return partitions_of(self._topics) if self._mine else []

    def pause(self, partitions: Collection[Partition]) -> None:
        self._paused.update(partitions)

    def resume(self, partitions: Collection[Partition]) -> None:
        self._paused.difference_update(partitions)
        self._moved()

    async def seek(self, positions: Mapping[Partition, int]) -> None:
        self._positions.update({at: position for at, position in positions.items() if at in self._positions})
        self._moved()

    async def close(self) -> None:
        self._bus.leave(self._group, self)

    def reassigned(self, *, to_it: bool) -> None:
        """Begin another assignment: what was fetched before is no longer this member's to apply."""
        self._generation += 1
        self._mine = to_it
        self._gate_open = False
        self._moved()

    def woken_by(self, topic: str, here: asyncio.AbstractEventLoop) -> None:
        """Called after a commit, on the loop of whoever appended."""
        if topic not in self._topics:
            return
        if here is self._loop:
            self._woken.set()
        else:
            _call(self._loop, self._woken.set)

    def _moved(self) -> None:
        self._moves += 1
        self._woken.set()

    async def _open_gate(self, generation: int) -> None:
        wanted = partitions_of(self._topics)
        known = await self._ask_positions(wanted)
        missing = [partition for partition in wanted if partition not in known]
        start = await self._on_thread(partial(self._bus.log.earliest, missing))
        if self.current(generation):
            self._positions = {**start, **{at: known[at] for at in wanted if at in known}}
            self._paused.clear()
            self._gate_open = True

    async def _next(self, max_records: int) -> Sequence[Record]:
        """What follows the positions; empty at the end of the log or where an assignment ended meanwhile."""
        log = self._bus.log
        while self._gate_open:
            moves = self._moves
            if self._moves_located != moves:
                wanted = {at: position for at, position in self._positions.items() if at not in self._paused}
                located = await self._on_thread(partial(log.locate, wanted))
                if moves == self._moves:
                    self._scanned, self._moves_located = located, moves
                continue
            if self._scanned >= log.head:
                return ()
            scan = await self._scan(max_records)
            if moves == self._moves:
                self._scanned = scan.until
                if records := self._take(scan.records):
                    return records
        return ()

    async def _scan(self, max_records: int) -> Scan:
        log, scanned = self._bus.log, self._scanned
        if log.head - scanned <= _POINT_READ:
            return log.scan(self._topics, scanned, max_records)
        return await self._on_thread(partial(log.scan, self._topics, scanned, max_records))

    def _take(self, records: Sequence[Record]) -> Sequence[Record]:
        """Those that are next in their partition: a scan begins with the partition that is furthest behind."""
        positions, paused, taken = self._positions, self._paused, []
        for record in records:
            at = (record.topic, record.partition)
            if record.offset == positions[at] and at not in paused:
                positions[at] = record.offset + 1
                taken.append(record)
        return taken

    async def _on_thread(self, read: Callable[[], _T]) -> _T:
        return await self._loop.run_in_executor(self._bus.readers, read)

    async def _woken_before(self, deadline: float) -> bool:
        try:
            async with asyncio.timeout(deadline - time.monotonic()):
                return await self._woken.wait()
        except TimeoutError:
            return False


def _call(loop: asyncio.AbstractEventLoop, function: Callable[..., object], *arguments: object) -> None:
    """Run a function on a loop from another thread. A loop that is closed has nobody left who waits."""
    try:
        loop.call_soon_threadsafe(function, *arguments)
    except RuntimeError:
        return
