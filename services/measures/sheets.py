"""CSV files as partners really send them: decoded, split into rows, and their columns found. Pure.

What makes the whole file unreadable is raised; what is wrong with one row is that row's fault and the others go on.
Rows are counted as in :class:`~shared.errors.Fault`: the header is 0, the first row of data 1, an empty line counts.
"""

import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from shared.errors import Fault, Invalid

Cells = Mapping[str, str]


class UnreadableFile(Invalid):
    """Nothing of the file can be taken: it is empty, is not UTF-8, breaks its quoting, or lacks a column."""

    code, title = "unreadable_file", "The file cannot be read"


class WrongColumns(Invalid):
    """The `columns` parameter does not say which column is which."""

    code, title = "invalid_columns", "The column mapping has faults"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file's rows, each with its number and its cells by what they mean, and the faults of rows without shape."""

    columns: Mapping[str, str]  # what a cell means -> the file's own name for that column
    rows: list[tuple[int, Cells]]
    faults: list[Fault]
    odd: dict[int, frozenset[str]] = field(default_factory=dict)
    """Of rows that have such a fault already: in which cells, so that what else is wrong with them is told too."""

    @property
    def row_count(self) -> int:
        """Rows of data, good and bad."""
        return len({number for number, _ in self.rows} | {fault.row for fault in self.faults})


def column_mapping(text: str, meanings: Collection[str]) -> dict[str, str]:
    """Read :func:`column_pairs` of these meanings. Raises :class:`WrongColumns` for an unknown one too."""
    mapping = column_pairs(text)
    if not mapping.keys() <= set(meanings):
        raise _wrong_columns(f"maps something unknown; known are {', '.join(meanings)}")
    return mapping


def column_pairs(text: str) -> dict[str, str]:
    """Read ``place:area_code,period:period``: meaning, colon, the file's column; a name with a comma is quoted.

    Raises :class:`WrongColumns` for a repeated meaning and for a part without a colon.
    """
    mapping: dict[str, str] = {}
    for part in next(csv.reader([" ".join(text.splitlines())], skipinitialspace=True), []):
        meaning, colon, column = (piece.strip() for piece in part.partition(":"))
        if not colon or not column:
            raise _wrong_columns("is written like place:area_code,value:value")
        if meaning in mapping:
            raise _wrong_columns(f"maps {meaning} twice")
        mapping[meaning] = column
    return mapping


def read_sheet(
    body: bytes, mapping: Mapping[str, str], meanings: Collection[str] | None, required: Collection[str]
) -> Sheet:
    """Split a file into rows.

    Without a mapping the columns are found by their meanings' own names; without meanings, each column is its own.
    Raises :class:`UnreadableFile`, which names the row, and the column where it is one.
    """
    records = _records(_decode(body))
    _, header = next(records, (0, []))
    names = [name.strip() for name in header]
    if not any(names):
        raise _unreadable("empty_file", "the file is empty")
    columns = find_columns(names, mapping, names if meanings is None else meanings, required)
    positions = {meaning: names.index(column) for meaning, column in columns.items()}
    sheet = Sheet(columns, [], [])
    for number, record in records:
        if len(record) == len(names):
            sheet.rows.append((number, {meaning: record[at].strip() for meaning, at in positions.items()}))
        elif record:  # an empty line is no row
            reason = f"the row has {len(record)} cells and the header {len(names)}"
            sheet.faults.append(Fault(None, reason, "cell_count", number))
    if not sheet.row_count:
        raise _unreadable("empty_file", "the file has a header and no row", 1)
    return sheet


def find_columns(
    names: Sequence[str], mapping: Mapping[str, str], meanings: Collection[str], required: Collection[str]
) -> Mapping[str, str]:
    """The column of each meaning, among these. Raises :class:`UnreadableFile` for what is missing or there twice."""
    columns = dict(mapping) or {meaning: meaning for meaning in meanings if meaning in names}
    faults = [*_missing(columns, required), *_column_faults(names, columns.values())]
    if faults:
        raise UnreadableFile("a column is missing or there twice", faults=faults)
    return columns


def _decode(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")  # with or without a byte order mark
    except UnicodeDecodeError as error:
        row = body.count(b"\n", 0, error.start)
        reason = "a character of this row is not UTF-8; save the file as UTF-8 (not Latin-1 or Windows-1252)"
        raise _unreadable("not_utf8", reason, row) from None


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    number = -1
    try:
        for number, record in enumerate(csv.reader(io.StringIO(text, newline=""), strict=True)):
            yield number, record
        return
    except csv.Error:
        pass
    # Raised here and not above, where the csv module's own text, which can repeat what was sent, would be its cause.
    reason = "the row cannot be split into cells: a quotation mark is not closed or not doubled, or a cell has no end"
    raise _unreadable("broken_row", reason, number + 1)


def _missing(columns: Collection[str], required: Collection[str]) -> Iterator[Fault]:
    for need in required:
        if need not in columns:
            yield Fault(None, "the file needs this column", "missing_column", 0, need)


def _column_faults(names: Sequence[str], wanted: Collection[str]) -> Iterator[Fault]:
    for column in wanted:
        if column not in names:
            yield Fault(None, "the file has no column of this name", "missing_column", 0, column)
        elif names.count(column) > 1:
            yield Fault(None, "the file has two columns of this name", "ambiguous_column", 0, column)


def _unreadable(code: str, reason: str, row: int = 0) -> UnreadableFile:
    return UnreadableFile(reason, faults=[Fault(None, reason, code, row)])


def _wrong_columns(reason: str) -> WrongColumns:
    return WrongColumns(faults=[Fault("?columns", reason, "invalid_columns")])
