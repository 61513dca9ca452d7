"""The rows of a directory's file: found by their columns, read piece by piece, every fault named.

A postcode directory has a line a postcode and no line break within a cell, so a piece can begin at any line.
"""

import csv
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from services.measures.sheets import UnreadableFile
from shared.errors import Fault
from shared.fields import GSS

POSTCODE, ENDED = "postcode", "ended"

_SHAPE = re.compile("[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}")
_CODE = re.compile(GSS)
_MONTH = re.compile("(19|20)[0-9]{2}(0[1-9]|1[0-2])")


class PostcodeRow(NamedTuple):
    """A postcode without spaces, its area codes by kind, and the ISO month in which it ended."""

    postcode: str
    areas: dict[str, str]
    ended: str | None


class Piece(NamedTuple):
    """Some lines: their rows, the others' faults, where the next piece begins, and the number of its first row."""

    rows: list[PostcodeRow]
    faults: list[Fault]
    offset: int
    number: int
    over: bool


def canonical(postcode: str) -> str | None:
    """A postcode in capitals and without spaces; None where it is none."""
    plain = "".join(postcode.upper().split())
    return plain if _SHAPE.fullmatch(plain) else None


def header(path: Path, columns: Mapping[str, str]) -> tuple[int, dict[str, int]]:
    """Where the first row begins, and at which cell each meaning stands. Raises UnreadableFile."""
    with path.open("rb") as file:
        names = _cells(file.readline(), "utf-8-sig", 0)
        begins = file.tell()
    faults = [
        Fault(None, "the file has no such column, or two", "missing_column", 0, column)
        for column in columns.values()
        if names.count(column) != 1
    ]
    if faults:
        raise UnreadableFile("a column is missing or there twice", faults=faults)
    return begins, {meaning: names.index(column) for meaning, column in columns.items()}


def read_piece(path: Path, positions: Mapping[str, int], offset: int, number: int, size: int) -> Piece:
    """At most so many lines from a place in the file on, whose first is row `number`."""
    rows: list[PostcodeRow] = []
    faults: list[Fault] = []
    with path.open("rb") as file:
        file.seek(offset)
        for _ in range(size):
            line = file.readline()
            if not line:
                return Piece(rows, faults, file.tell(), number, over=True)
            read = _row(line, positions, number)
            if isinstance(read, PostcodeRow):
                rows.append(read)
            elif read is not None:
                faults.append(read)
            number += 1
        return Piece(rows, faults, file.tell(), number, over=False)


def _row(line: bytes, positions: Mapping[str, int], number: int) -> PostcodeRow | Fault | None:
    cells = _cells(line, "utf-8", number)
    if not cells:
        return None  # an empty line is no row
    if len(cells) <= max(positions.values()):
        return Fault(None, "the row has fewer cells than the header", "cell_count", number)
    by_meaning = {meaning: cells[at].strip() for meaning, at in positions.items()}
    postcode = canonical(by_meaning.pop(POSTCODE))
    if postcode is None:
        return Fault(None, "is not a postcode", "invalid_postcode", number, POSTCODE)
    ended = by_meaning.pop(ENDED, "")
    if ended and not _MONTH.fullmatch(ended):
        return Fault(None, "is not a month, such as 202503", "invalid_month", number, ENDED)
    areas = {kind: code for kind, code in by_meaning.items() if code}
    for kind, code in areas.items():
        if not _CODE.fullmatch(code):
            return Fault(None, "is not a GSS code", "invalid_code", number, kind)
    return PostcodeRow(postcode, areas, f"{ended[:4]}-{ended[4:]}" if ended else None)


def _cells(line: bytes, encoding: str, number: int) -> list[str]:
    try:
        return next(csv.reader([line.decode(encoding)], strict=True), [])
    except (UnicodeDecodeError, csv.Error):
        fault = Fault(None, "is not UTF-8, or not one row of cells", "unreadable_row", number)
        raise UnreadableFile("a row cannot be read", faults=[fault]) from None
