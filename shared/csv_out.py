"""CSV that we write, made to be opened in a spreadsheet without harm.

A cell that begins with ``=``, ``+``, ``-``, ``@``, a tab or a line break would be run as a formula (OWASP, *CSV
Injection*): such a cell gets an apostrophe in front, which spreadsheets take for "this is text". Our own imports take
it off again.
"""

import csv
import io
from collections.abc import Iterable

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")

MEDIA_TYPE = "text/csv; charset=utf-8"


def lines(rows: Iterable[Iterable[object]]) -> bytes:
    """Rows as CSV by RFC 4180, in UTF-8; None is an empty cell."""
    written = io.StringIO()
    csv.writer(written).writerows([[safe(cell) for cell in row] for row in rows])
    return written.getvalue().encode()


def safe(cell: object) -> str:
    """A cell's text, which no spreadsheet takes for a formula; a number is one, and stays as it is."""
    if isinstance(cell, int | float):
        return str(cell)
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def plain(cell: str) -> str:
    """The text that :func:`safe` was given."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA_STARTS) else cell
