"""A CSV file as people really send it: in some encoding, with some delimiter, perhaps broken."""

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from shared.errors import Fault, Invalid

_PIECE = 1024 * 1024
LONGEST_CELL = 100_000
"""Characters. No field of a person is as long: in a longer one a quotation mark was not closed."""
LONGEST_LINE = 1024 * 1024
"""Bytes of one line of text. What is longer is not read on: it might be the whole rest of the file."""

_DELIMITERS = ",;\t|"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class UnreadableFile(Invalid):
    """Nothing of the file can be taken: it is empty, breaks its quoting, or a cell has no end."""

    code, title = "unreadable_file", "The file cannot be read"


def unreadable(code: str, reason: str, row: int, column: str | None = None) -> UnreadableFile:
    """The error, with its one fault."""
    return UnreadableFile(reason, faults=[Fault(None, reason, code, row, column)])


def to_utf8(source: Path, target: Path) -> str:
    """Write the file in UTF-8, and answer the encoding that it was in: by its mark, else UTF-8, else Windows-1252."""
    encoding = _marked(source)
    if encoding is None:
        try:
            _transcode(source, target, "utf-8")
        except UnicodeDecodeError:
            encoding = "windows-1252"  # what spreadsheets write where it is not UTF-8; Latin-1 is a part of it
        else:
            return "utf-8"
    try:
        _transcode(source, target, encoding)
    except UnicodeDecodeError:
        encoding = "latin-1"  # has every byte
        _transcode(source, target, encoding)
    return encoding


def delimiter_of(header: str) -> str:
    """The delimiter that the first line has most of, outside quotation marks; a comma where it has none."""
    outside = "".join(header.split('"')[::2])
    return max(_DELIMITERS, key=outside.count)


def records(file: BinaryIO, delimiter: str, first: int) -> Iterator[tuple[int, list[str]]]:
    """Records of a file in UTF-8 from where it stands, numbered from ``first``. Raises UnreadableFile.

    After each record the file stands behind it, so that reading can go on there later.
    """
    csv.field_size_limit(LONGEST_CELL)
    number = first - 1
    try:
        for number, record in enumerate(csv.reader(_lines(file), delimiter=delimiter, strict=True), first):
            yield number, record
        return
    except _LongLine as long:
        row, column = number + 1, len(_cells(long.beginning, delimiter))
    except csv.Error as error:
        row, column = number + 1, 0
        if "field limit" not in str(error):
            reason = "the row cannot be split into cells: a quotation mark is not closed or not doubled"
            raise unreadable("broken_row", reason, row) from None
    place = f"number {column}" if column else None
    raise unreadable("cell_too_long", f"a cell has at most {LONGEST_CELL} characters", row, place)


class _LongLine(Exception):
    def __init__(self, beginning: str) -> None:
        super().__init__("a line is too long")
        self.beginning = beginning


def _lines(file: BinaryIO) -> Iterator[str]:
    while line := file.readline(LONGEST_LINE + 1):
        text = line.decode("utf-8", "replace")
        if len(line) > LONGEST_LINE:
            raise _LongLine(text)
        yield text


def _cells(text: str, delimiter: str) -> list[str]:
    """The cells of a line that goes on too long: how many there are, whatever is in them."""
    csv.field_size_limit(len(text) + 1)
    try:
        return next(csv.reader([text], delimiter=delimiter), [])
    finally:
        csv.field_size_limit(LONGEST_CELL)


def _marked(source: Path) -> str | None:
    with source.open("rb") as file:
        start = file.read(4)
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding
    if len(start) == 4 and start[1] == start[3] == 0 != start[0]:
        return "utf-16-le"
    return "utf-16-be" if len(start) == 4 and start[0] == start[2] == 0 != start[1] else None


def _transcode(source: Path, target: Path, encoding: str) -> None:
    decoder = codecs.getincrementaldecoder(encoding)()
    with source.open("rb") as file, target.open("wb") as written:
        while piece := file.read(_PIECE):
            written.write(decoder.decode(piece).encode("utf-8", "replace"))
        written.write(decoder.decode(b"", final=True).encode("utf-8", "replace"))
