"""The embedded log's file: a table of records, the one thread that writes it, and the reads that subscribers need.

A record's id is its place in the whole log. One thread writes, so ids become visible in their order, and a reader of
every partition scans one range of ids instead of forty-eight. Everything here is synchronous and safe from any thread.
"""

import queue
import sqlite3
import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from shared.bus.partition import PARTITIONS, partition_of
from shared.bus.records import NotAppended, Outgoing, Partition, Record, StaleCursor
from shared.filelock import FileLock

_SCHEMA = """
CREATE TABLE IF NOT EXISTS record (
    id INTEGER PRIMARY KEY, topic TEXT NOT NULL, partition INTEGER NOT NULL, position INTEGER NOT NULL,
    key BLOB NOT NULL, headers BLOB NOT NULL, value BLOB NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS record_position ON record (topic, partition, position);
"""
_INSERT = "INSERT INTO record (id, topic, partition, position, key, headers, value) VALUES (?, ?, ?, ?, ?, ?, ?)"
_ENDS = "SELECT topic, partition, max(position) + 1 FROM record GROUP BY topic, partition"
_EARLIEST = "SELECT min(position) FROM record WHERE topic = ? AND partition = ?"
_FIRST_FROM = (
    "SELECT id, position FROM record WHERE topic = ? AND partition = ? AND position >= ? ORDER BY position LIMIT 1"
)
_RECORDS_A_COMMIT = 5_000
_IDS_A_SCAN = 10_000
"""Bounds one read where most of the log belongs to topics that the reader does not want."""

_encode_headers = msgspec.msgpack.Encoder().encode
_decode_headers = msgspec.msgpack.Decoder(list[tuple[str, bytes]]).decode

_Row = tuple[int, str, int, int, bytes, bytes, bytes]


class _Append(NamedTuple):
    topic: str
    records: Sequence[Outgoing]
    answer: Callable[[NotAppended | None], None]


class Scan(NamedTuple):
    """What lies between two ids: records of the topics asked for, and the id up to which the log was searched."""

    records: list[Record]
    until: int


class Log:
    """One file, owned by this process until :meth:`close`. Raises :class:`AlreadyOwned` where another has it."""

    def __init__(self, path: Path) -> None:
        self.head = 0
        """The id of the last committed record."""
        self.ends: dict[Partition, int] = {}
        """The offset of the next record of each partition that has any; committed records only."""
        self.failure: str | None = None
        """Why the last commit failed, until one succeeds."""
        self._path = path
        self._queue: queue.SimpleQueue[_Append | None] = queue.SimpleQueue()
        self._local = threading.local()
        self._readers: list[sqlite3.Connection] = []
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = FileLock(path)
        self._lock.acquire()
        try:
            self._connection: sqlite3.Connection | None = self._open_for_writing()
        except BaseException:
            self._lock.release()
            raise
        self._writer = threading.Thread(target=self._write_until_closed, name="bus-writer", daemon=True)
        self._writer.start()

    def append(self, topic: str, records: Sequence[Outgoing], answer: Callable[[NotAppended | None], None]) -> None:
        """Queue records; ``answer`` is called by the writer once they are on the disk, or with why they are not."""
        self._queue.put(_Append(topic, records, answer))

    def scan(self, topics: Collection[str], after: int, limit: int) -> Scan:
        """At most ``limit`` records of the topics with ids above ``after``, in the order of the log."""
        until = min(self.head, after + _IDS_A_SCAN)
        marks = ", ".join("?" * len(topics))
        rows: list[_Row] = self._reader().execute(
            # The unary plus keeps SQLite on the range of ids: the index would have to be sorted.
            f"SELECT id, topic, partition, position, key, headers, value FROM record"
            f" WHERE id > ? AND id <= ? AND +topic IN ({marks}) ORDER BY id LIMIT ?",
            (after, until, *topics, limit),
        ).fetchall()  # fmt: skip
        records = [
            Record(topic, partition, position, key, _decode_headers(headers), value)
            for _, topic, partition, position, key, headers, value in rows
        ]
        return Scan(records, rows[-1][0] if len(rows) == limit else until)

    def locate(self, wanted: Mapping[Partition, int]) -> int:
        """The id after which a scan meets every record from these offsets on; raises :class:`StaleCursor`."""
        before, ends = self.head, self.ends  # from before we look: a commit may come between a look and its end
        for partition, position in wanted.items():
            row: tuple[int, int] | None = self._reader().execute(_FIRST_FROM, (*partition, position)).fetchone()
            # Offsets have no gaps: the record wanted is there, or is the next to come.
            if (row[1] if row else ends.get(partition, 0)) != position:
                raise StaleCursor(partition, position)
            if row:
                before = min(before, row[0] - 1)
        return before

    def earliest(self, partitions: Iterable[Partition]) -> dict[Partition, int]:
        """The first offset that each partition holds; its end where it holds none."""
        reader, ends = self._reader(), self.ends  # from before we look: whatever is committed meanwhile comes after it
        first = {partition: reader.execute(_EARLIEST, partition).fetchone()[0] for partition in partitions}
        return {partition: ends.get(partition, 0) if at is None else at for partition, at in first.items()}

    @property
    def closed(self) -> bool:
        return not self._writer.is_alive()

    def close(self) -> None:
        """End the writer after what is queued, and give the file back."""
        self._queue.put(None)
        self._writer.join()
        for reader in self._readers:
            reader.close()
        if self._connection is not None:
            self._connection.close()
        self._lock.release()

    def _open_for_writing(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA journal_size_limit = 67108864")
        connection.executescript(_SCHEMA)
        (self.head,) = connection.execute("SELECT coalesce(max(id), 0) FROM record").fetchone()
        self.ends = {(topic, number): end for topic, number, end in connection.execute(_ENDS)}
        return connection

    def _reader(self) -> sqlite3.Connection:
        """This thread's connection: it can neither write nor checkpoint."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
            connection.execute("PRAGMA query_only = ON")
            connection.execute("PRAGMA wal_autocheckpoint = 0")
            self._local.connection = connection
            self._readers.append(connection)
        return connection

    def _write_until_closed(self) -> None:
        while (append := self._queue.get()) is not None:
            group, count = [append], len(append.records)
            while count < _RECORDS_A_COMMIT and not self._queue.empty():
                following = self._queue.get()
                if following is None:
                    self._commit(group)
                    return
                group.append(following)
                count += len(following.records)
            self._commit(group)

    def _commit(self, group: Sequence[_Append]) -> None:
        """Write what several callers queued in one transaction: the sync to the disk is the whole cost."""
        failed: NotAppended | None = None
        try:
            if self._connection is None:
                self._connection = self._open_for_writing()
            self._insert(self._connection, group)
            self.failure = None
        except Exception as error:  # whatever it is, the callers wait for an answer and the writer must live on
            self._discard_connection()
            self.failure = f"the log cannot be written: {error}"
            failed = NotAppended(self.failure)
        for append in group:
            append.answer(failed)

    def _insert(self, connection: sqlite3.Connection, group: Sequence[_Append]) -> None:
        head, ends = self.head, dict(self.ends)
        rows: list[_Row] = []
        for topic, records, _ in group:
            for record in records:
                number = partition_of(record.key)
                position = ends.get((topic, number), 0)
                ends[topic, number] = position + 1
                head += 1
                rows.append((head, topic, number, position, record.key, _encode_headers(record.headers), record.value))
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(_INSERT, rows)
        connection.execute("COMMIT")
        # Readers bound their scans by the head: what it covers is committed.
        self.ends, self.head = ends, head

    def _discard_connection(self) -> None:
        """After a failed statement or COMMIT nothing is sure of the transaction but that closing undoes it."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def partitions_of(topics: Iterable[str]) -> list[Partition]:
    return [(topic, number) for topic in topics for number in range(PARTITIONS)]
