"""Checking a large file in the CPU process, piece by piece: faults back to the job, good figures to disk in order."""

import csv
import heapq
import pickle
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import lru_cache, partial
from itertools import groupby, islice
from pathlib import Path
from typing import BinaryIO, NamedTuple

import msgspec

from services.measures.formats.reading import Reading
from services.measures.observations.large import lines
from services.measures.observations.models import Figure
from services.measures.observations.reading import MEANINGS, FigureReader, Rules
from services.measures.observations.rows import REQUIRED, require_amounts
from services.measures.places.models import Span
from services.measures.sheets import UnreadableFile, column_mapping, find_columns
from shared.errors import Fault

ROWS_A_PIECE = 20_000
"""Some half a second of the CPU process, which others wait for as well."""
_LONGEST_LINE = 1024 * 1024


class Cursor(msgspec.Struct, frozen=True):
    """How far checking has come: rows seen, bytes read, runs written; faulty rows, and whether it is at the end."""

    rows: int = 0
    read: int = 0
    runs: int = 0
    faulty: int = 0
    done: bool = False


class Settled(msgspec.Struct, frozen=True):
    """How far settling has come: bytes of the merged lines read and of the figures written; what was found."""

    read: int = 0
    written: int = 0
    figures: int = 0
    repeated: int = 0
    faulty: int = 0
    done: bool = False


class Piece(msgspec.Struct, frozen=True):
    """What a piece of the file came to."""

    cursor: Cursor
    faults: Sequence[Fault]


class SettledPiece(msgspec.Struct, frozen=True):
    """What a piece of the merged lines came to."""

    settled: Settled
    faults: Sequence[Fault]


class Plan(NamedTuple):
    """How rows are read: the file's columns by meaning, its width, the version's rules, and every place's days."""

    columns: Mapping[str, str]
    positions: Mapping[str, int]
    width: int
    rules: Rules
    places: Mapping[str, Span]


class Paths(msgspec.Struct, frozen=True):
    """The files of one job."""

    folder: str

    @property
    def sent(self) -> Path:
        return Path(self.folder) / "sent.csv"

    @property
    def plan(self) -> Path:
        return Path(self.folder) / "plan"

    @property
    def merged(self) -> Path:
        return Path(self.folder) / "merged"

    @property
    def figures(self) -> Path:
        return Path(self.folder) / "figures"

    def run(self, number: int) -> Path:
        return Path(self.folder) / f"run_{number:06}"


def prepare(paths: Paths, how: Reading, rules: Rules, places: Mapping[str, Span]) -> Cursor:
    """Find the file's columns and write down how its rows are read. Raises UnreadableFile and WrongColumns."""
    mapping = column_mapping(how.columns, MEANINGS)
    with paths.sent.open("rb") as file:
        if file.read(len(BOM_UTF8)) != BOM_UTF8:
            file.seek(0)
        _, header = next(_records(file, 0), (0, []))
        names = [name.strip() for name in header]
        if not any(names):
            raise _unreadable("empty_file", "the file is empty", 0)
        columns = find_columns(names, mapping, MEANINGS, REQUIRED)
        require_amounts(columns, rules.kind)
        positions = {meaning: names.index(column) for meaning, column in columns.items()}
        paths.plan.write_bytes(pickle.dumps(Plan(columns, positions, len(names), rules, places)))
        return Cursor(read=file.tell())


def check_piece(paths: Paths, start: Cursor) -> Piece:
    """Check the next rows, and write the good ones, sorted, to a run. Raises UnreadableFile."""
    plan, reader = _planned(str(paths.plan))
    good: list[bytes] = []
    faults: list[Fault] = []
    rows, faulty = start.rows, start.faulty
    with paths.sent.open("rb") as file:
        file.seek(start.read)
        for rows, record in islice(_records(file, start.rows + 1), ROWS_A_PIECE):
            if not record:  # an empty line is no row
                continue
            found = _checked(rows, record, plan, reader)
            if isinstance(found, bytes):
                good.append(found)
            else:
                faults += found
                faulty += 1
        read = file.tell()
    if rows == 0:
        raise _unreadable("empty_file", "the file has a header and no row", 1)
    good.sort()
    paths.run(start.runs).write_bytes(b"".join(good))
    return Piece(Cursor(rows, read, start.runs + 1, faulty, rows - start.rows < ROWS_A_PIECE), faults)


def merge(paths: Paths, runs: int) -> None:
    """Merge the sorted runs into one file."""
    with ExitStack() as stack:
        sources = [stack.enter_context(paths.run(number).open("rb")) for number in range(runs)]
        merged = stack.enter_context(paths.merged.open("wb"))
        merged.writelines(heapq.merge(*sources))


def settle_piece(paths: Paths, start: Settled) -> SettledPiece:
    """Take each figure of the next lines once; rows that say different things of one key are all faults."""
    plan, _ = _planned(str(paths.plan))
    column = plan.columns.get("value")
    figures, repeated, faulty, seen = start.figures, start.repeated, start.faulty, 0
    faults: list[Fault] = []
    with paths.merged.open("rb") as merged, _from(paths.figures, start.written) as written:
        merged.seek(start.read)
        read, done = start.read, True
        for _, group in groupby(merged, lines.key_in):
            if seen >= ROWS_A_PIECE:
                done = False
                break
            alike = list(group)
            seen += len(alike)
            read += sum(map(len, alike))
            if len(alike) > 1 and (contradicted := _contradicted(alike, column)):
                faults += contradicted
                faulty += len(alike)
            else:
                written.write(alike[0])
                figures, repeated = figures + 1, repeated + len(alike) - 1
        return SettledPiece(Settled(read, written.tell(), figures, repeated, faulty, done), faults)


def intact(paths: Paths, settled: Settled) -> bool:
    """Whether the figures are on disk as far as settling had come, and how they were read."""
    return paths.plan.exists() and paths.figures.exists() and paths.figures.stat().st_size >= settled.written


def _contradicted(alike: Sequence[bytes], column: str | None) -> Sequence[Fault]:
    """A fault of each of these lines of one key, none where they say the same."""
    rows = [lines.read(text) for text in alike]
    if len({line.amount for line in rows}) == 1:
        return ()
    first, second = rows[0].row, rows[1].row
    others = [second, *(first for _ in rows[1:])]
    return [
        Fault(None, f"row {other} has another figure for the same key", "contradicted", line.row, column)
        for line, other in zip(rows, others, strict=True)
    ]


def _checked(number: int, record: Sequence[str], plan: Plan, reader: FigureReader) -> bytes | list[Fault]:
    """The row as a line of ours, or its faults."""
    if len(record) != plan.width:
        reason = f"the row has {len(record)} cells and the header {plan.width}"
        return [Fault(None, reason, "cell_count", number)]
    figure = reader.read({meaning: record[at].strip() for meaning, at in plan.positions.items()})
    if isinstance(figure, Figure):
        return lines.written(number, figure)
    return [Fault(None, fault.reason, fault.code, number, plan.columns.get(fault.meaning)) for fault in figure]


@lru_cache(maxsize=2)
def _planned(path: str) -> tuple[Plan, FigureReader]:
    plan: Plan = pickle.loads(Path(path).read_bytes())
    return plan, FigureReader(plan.rules, plan.places)


def _records(file: BinaryIO, first: int) -> Iterator[tuple[int, list[str]]]:
    """Records from where the file stands, numbered from `first`; behind each, the file stands behind it too."""
    number = first - 1
    try:
        texts = map(bytes.decode, iter(partial(file.readline, _LONGEST_LINE), b""))
        for number, record in enumerate(csv.reader(texts, strict=True), first):
            yield number, record
        return
    except UnicodeDecodeError:
        reason = "a character of this row is not UTF-8; save the file as UTF-8 (not Latin-1 or Windows-1252)"
        code = "not_utf8"
    except csv.Error:
        reason = "the row cannot be split into cells: a quotation mark is not closed or not doubled, or has no end"
        code = "broken_row"
    raise _unreadable(code, reason, number + 1)


def _from(path: Path, place: int) -> BinaryIO:
    """The file, open for writing at a place; what stands behind it is gone."""
    path.touch(mode=0o600)
    file = path.open("r+b")
    file.truncate(place)
    file.seek(place)
    return file


def _unreadable(code: str, reason: str, row: int) -> UnreadableFile:
    return UnreadableFile(reason, faults=[Fault(None, reason, code, row)])
