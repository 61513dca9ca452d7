"""A file of grants as funders really publish them: JSON, CSV or XLSX, found out by its bytes. For the CPU process."""

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Sequence

import msgspec

from services.grants.open_data.standard import sheets
from services.grants.open_data.standard.sheets import Cell
from shared.errors import Fault, Invalid

MOST_UNPACKED = 256 * 1024 * 1024
"""Bytes that a workbook's parts may come to unpacked."""

_SHEET = "grants"


class UnreadableFile(Invalid):
    """Nothing of the file can be taken: it is of no form that grants are published in, or broken."""

    code, title = "unreadable_file", "The file cannot be read"


class Sent(msgspec.Struct, frozen=True):
    """What was sent: the grants as they stand there, and faults of the file as a whole."""

    form: str
    grants: Sequence[object]
    faults: Sequence[Fault] = ()


def read(body: bytes) -> Sent:
    """The grants of a file. Raises UnreadableFile."""
    if body.startswith(b"PK\x03\x04"):
        return _from_rows("xlsx", _workbook(body))
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return _from_json(body)
    return _from_rows("csv", _csv(body))


def _from_json(body: bytes) -> Sent:
    try:
        sent = json.loads(body.decode("utf-8-sig"), parse_constant=_no_number)
    except UnicodeDecodeError:
        raise _unreadable("not_utf8", "JSON is written in UTF-8") from None
    except (ValueError, RecursionError):
        raise _unreadable("broken_json", "it begins as JSON and is none") from None
    grants = sent.get("grants") if isinstance(sent, dict) else sent
    if not isinstance(grants, list) or not grants:
        raise _unreadable("no_grants", "a package has a list of grants, with one at least")
    return Sent("json", grants)


def _no_number(_: str) -> None:
    raise ValueError  # NaN and Infinity, which Python takes and JSON does not have


def _from_rows(form: str, rows: Iterable[Sequence[Cell]]) -> Sent:
    written = iter(rows)
    headings = [str(cell or "").strip() for cell in next(written, ())]
    columns = [sheets.column(heading) if heading else None for heading in headings]
    if not any(columns):
        raise _unreadable("no_known_column", "its first row names no field of the standard")
    unknown = [
        Fault(None, "the standard has no such field: the column is left out", "unknown_column", 0, heading[:100])
        for heading, column in zip(headings, columns, strict=True)
        if heading and column is None
    ]
    grants = [sheets.grant(columns, row) for row in written if any(cell not in (None, "") for cell in row)]
    if not grants:
        raise _unreadable("no_grants", "it has a header and no row")
    return Sent(form, grants, unknown)


def _csv(body: bytes) -> Iterable[Sequence[Cell]]:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("windows-1252", "replace")  # what spreadsheets write where it is not UTF-8
    try:
        yield from csv.reader(io.StringIO(text, newline=""), strict=True)
    except csv.Error:
        raise _unreadable("broken_row", "a row cannot be split into cells: a quotation mark is not closed") from None


def _workbook(body: bytes) -> Iterable[Sequence[Cell]]:
    from python_calamine import CalamineError, CalamineWorkbook  # here: only the CPU process has it in memory

    try:
        with zipfile.ZipFile(io.BytesIO(body)) as parts:
            if sum(part.file_size for part in parts.infolist()) > MOST_UNPACKED:
                raise _unreadable("too_large", "the workbook is too large unpacked")
        book = CalamineWorkbook.from_filelike(io.BytesIO(body))
        named = next((name for name in book.sheet_names if name.casefold() == _SHEET), book.sheet_names[0])
        rows = book.get_sheet_by_name(named).to_python(skip_empty_area=False)
    except (zipfile.BadZipFile, CalamineError, IndexError):
        raise _unreadable("not_a_workbook", "is no XLSX workbook, or one that is protected or broken") from None
    return [[cell if isinstance(cell, sheets.CELLS) else str(cell) for cell in row] for row in rows]


def _unreadable(code: str, reason: str) -> UnreadableFile:
    return UnreadableFile(reason, faults=[Fault(None, reason, code, 0)])
