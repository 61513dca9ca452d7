"""Checking a file in the CPU process, piece by piece: good rows to one file on disk, faults back to the job.

Nothing here grows with the file but what is on disk, and sixteen bytes an id to find two rows of one by.
"""

import pickle
import sys
from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from itertools import islice, pairwise
from pathlib import Path
from typing import BinaryIO, NamedTuple

import msgspec

from services.members.directory.imports.columns import Column, found
from services.members.directory.imports.reading import delimiter_of, records, to_utf8, unreadable
from services.members.directory.imports.rows import CheckedRow, Plan, check, ids_of
from shared.errors import Fault

ROWS_A_PIECE = 3_000
"""Some half a second of the CPU process, which others wait for as well."""
_KEY_BYTES = 8


class Prepared(msgspec.Struct, frozen=True):
    """A file that can be read: the encoding and delimiter it has, its columns, and where its rows begin."""

    encoding: str
    delimiter: str
    columns: Sequence[Column]
    width: int
    begins: int


class Cursor(msgspec.Struct, frozen=True):
    """How far checking has come: rows seen, and the bytes of each file that belong to them."""

    rows: int
    read: int
    checked: int = 0
    keys: int = 0
    faulty: int = 0
    done: bool = False


class Piece(msgspec.Struct, frozen=True):
    """What a piece of the file came to."""

    cursor: Cursor
    faults: Sequence[Fault]


class Repeated(NamedTuple):
    """A row that has an id of another row, and whether something else is wrong with it as well."""

    number: int
    other: int
    faulty: bool


class Paths(msgspec.Struct, frozen=True):
    """The files of one job: as it was sent, in UTF-8, its good rows, and their ids."""

    folder: str

    @property
    def sent(self) -> Path:
        return Path(self.folder) / "sent.csv"

    @property
    def text(self) -> Path:
        return Path(self.folder) / "text.csv"

    @property
    def checked(self) -> Path:
        return Path(self.folder) / "checked"

    @property
    def keys(self) -> Path:
        return Path(self.folder) / "keys"


def prepare(paths: Paths, pairs: Sequence[tuple[str, str]]) -> Prepared:
    """Make the file readable and find its columns. Raises UnreadableFile and MissingColumns."""
    encoding = to_utf8(paths.sent, paths.text)
    with paths.text.open("rb") as file:
        first = file.readline(1024 * 1024).decode("utf-8", "replace")
        delimiter = delimiter_of(first)
        file.seek(0)
        _, header = next(records(file, delimiter, 0), (0, []))
        if not any(name.strip() for name in header):
            raise unreadable("empty_file", "the file is empty", 0)
        return Prepared(encoding, delimiter, found(header, pairs), len(header), file.tell())


def check_piece(paths: Paths, delimiter: str, plan: Plan, start: Cursor) -> Piece:
    """Check the next rows. What was written behind ``start``, by a life before this one, is written anew."""
    faults: list[Fault] = []
    rows, faulty = start.rows, start.faulty
    with (
        paths.text.open("rb") as file,
        _from(paths.checked, start.checked) as checked,
        _from(paths.keys, start.keys) as keys,
    ):
        file.seek(start.read)
        for number, record in islice(records(file, delimiter, start.rows + 1), ROWS_A_PIECE):
            rows = number
            if not record:  # an empty line is no row
                continue
            result = check(number, record, plan)
            if isinstance(result, list):
                faults += result
                faulty += 1
            else:
                pickle.dump(result, checked, pickle.HIGHEST_PROTOCOL)
            _write_keys(keys, ids_of(record, plan), number, faulty=isinstance(result, list))
        done = rows - start.rows < ROWS_A_PIECE
        if done and rows == 0:
            raise unreadable("empty_file", "the file has a header and no row", 1)
        cursor = Cursor(rows, file.tell(), checked.tell(), keys.tell(), faulty, done)
    return Piece(cursor, faults)


def repeated(paths: Paths) -> Sequence[Repeated]:
    """The rows that share an id of one system, also where one has another fault: nobody knows which one is right."""
    pairs = array("Q", paths.keys.read_bytes())
    keys, numbers = pairs[::2], pairs[1::2]
    in_order = sorted(keys)
    twice = {one for one, following in pairwise(in_order) if one == following}
    having: dict[int, list[int]] = defaultdict(list)
    for key, number in zip(keys, numbers, strict=True):
        if key in twice:
            having[key].append(number)
    others = {number: rows[1] if number == rows[0] else rows[0] for rows in having.values() for number in rows}
    return [Repeated(number >> 1, others[number] >> 1, bool(number & 1)) for number in sorted(others)]


def intact(paths: Paths, cursor: Cursor) -> bool:
    """Whether the files on disk are there as far as checking had come."""
    wanted = ((paths.text, cursor.read), (paths.checked, cursor.checked), (paths.keys, cursor.keys))
    return all(path.exists() and path.stat().st_size >= size for path, size in wanted)


def checked_rows(paths: Paths, without: frozenset[int], after: int) -> Iterator[CheckedRow]:
    """The good rows of a file behind a row, in its order, but for those of some numbers."""
    with paths.checked.open("rb") as file:
        while True:
            try:
                row: CheckedRow = pickle.load(file)
            except EOFError:
                return
            if row.number > after and row.number not in without:
                yield row


def _from(path: Path, place: int) -> BinaryIO:
    """The file, open for writing at a place; what stands behind it is gone."""
    path.touch(mode=0o600)
    file = path.open("r+b")
    file.truncate(place)
    file.seek(place)
    return file


def _write_keys(keys: BinaryIO, ids: Sequence[tuple[str, str]], number: int, *, faulty: bool) -> None:
    for system, external_id in ids:
        digest = blake2b(f"{system} {external_id}".encode(), digest_size=_KEY_BYTES).digest()
        keys.write(digest + (number << 1 | faulty).to_bytes(8, sys.byteorder))
