"""XLSX workbooks as people keep them: merged cells, formulas, dates, numbers as text. Pure; runs in the CPU process.

What a workbook shows is what is read: a formula's last result, and in each cell of a merged range the one text that
stands across it. What it does not show is a fault by row and column, never an empty cell: a formula that was never
calculated, one that came to an error, a number that stands across several figures.
"""

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from xml.etree import ElementTree

from services.measures.formats import flat
from services.measures.formats.models import Dataset
from services.measures.periods import PeriodType
from services.measures.sheets import Sheet, UnreadableFile, find_columns
from shared.errors import Fault

Shown = str | float | int | bool | date | datetime | time | timedelta
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINKED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_WORDS = ("place", "period", "cell", "programme", "activity", "status", "bound")
"""Meanings whose cell may stand across several rows: it says the same of each. A number does not."""
MOST_BYTES = 512 * 1024 * 1024
"""What a workbook's parts may come to unpacked."""


def write(dataset: Dataset) -> bytes:
    """The figures as a workbook of one sheet, its header frozen; numbers are numbers and codes are text."""
    import xlsxwriter  # here and not above: only the CPU process has it in memory

    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("figures")
    sheet.write_row(0, 0, [column.name for column in flat.COLUMNS], book.add_format({"bold": True}))
    sheet.freeze_panes(1, 0)
    for at, row in enumerate(dataset.rows, 1):
        for place, (column, cell) in enumerate(zip(flat.COLUMNS, flat.cells_of(dataset, row), strict=True)):
            if cell is None:
                continue
            if column.type in ("number", "integer"):
                sheet.write_number(at, place, float(cell))
            else:
                sheet.write_string(at, place, str(cell))
    book.close()
    return written.getvalue()


def read(
    body: bytes,
    mapping: Mapping[str, str],
    meanings: Sequence[str],
    required: Sequence[str],
    period_type: PeriodType,
    named: str | None = None,
    header_row: int = 1,
) -> Sheet:
    """A sheet of a workbook: the first, or the one that is named, its header in that row. Raises UnreadableFile."""
    grid, name = _grid(body, named)
    if len(grid.rows) < header_row or not any(_text(cell) for cell in grid.rows[header_row - 1]):
        raise _unreadable("empty_file", f"the sheet has nothing in row {header_row}, where its header is to be")
    header = [_text(cell) for cell in grid.rows[header_row - 1]]
    columns = find_columns(header, mapping, meanings, required)
    silent = _silent(body, name)
    sheet = Sheet(columns, [], [])
    for number, at in enumerate(range(header_row, len(grid.rows)), 1):
        if not any(cell != "" for cell in grid.rows[at]) and not any(row == at for row, _ in silent):
            continue
        cells: dict[str, str] = {}
        odd: set[str] = set()
        for meaning, column in columns.items():
            text = _read(grid, silent, at, header.index(column), meaning, period_type)
            if isinstance(text, _Odd):
                sheet.faults.append(Fault(None, text.reason, text.code, number, column))
                odd.add(meaning)
            cells[meaning] = "" if isinstance(text, _Odd) else text
        sheet.rows.append((number, cells))
        if odd:
            sheet.odd[number] = frozenset(odd)
    if not sheet.row_count:
        raise _unreadable("empty_file", "the sheet has a header and no row", 1)
    return sheet


class _Odd:
    """A cell that cannot be taken for what it shows."""

    def __init__(self, code: str, reason: str) -> None:
        self.code, self.reason = code, reason


class _Grid:
    """What a sheet shows, and its merged ranges: each cell of one leads to its first."""

    def __init__(self, rows: list[list[Shown]], merged: Sequence[tuple[tuple[int, int], tuple[int, int]]]) -> None:
        self.rows = rows
        self.first: dict[tuple[int, int], tuple[int, int]] = {}
        for (top, left), (bottom, right) in merged:
            for row in range(top, min(bottom, len(rows)) + 1):
                for column in range(left, right + 1):
                    self.first[row, column] = (top, left)

    def shown(self, row: int, column: int) -> Shown:
        """What stands in a cell, or across it."""
        row, column = self.first.get((row, column), (row, column))
        cells = self.rows[row]
        return cells[column] if column < len(cells) else ""


def _read(
    grid: _Grid, silent: Mapping[tuple[int, int], str], row: int, column: int, meaning: str, period_type: PeriodType
) -> "str | _Odd":
    if (why := silent.get((row, column))) is not None and grid.shown(row, column) == "":
        return _SILENT[why]
    if (row, column) in grid.first and meaning not in _WORDS:
        return _Odd("merged_cells", "is merged with others: one number cannot be that of several figures; unmerge it")
    shown = grid.shown(row, column)
    if meaning == "period":
        return _period(shown, period_type)
    if isinstance(shown, bool | date | time | timedelta):
        return _Odd("not_text", "is a date, a time or a yes or no; write what is meant as text or as a number")
    return _text(shown)


_SILENT = {
    "formula": _Odd("formula_without_result", "is a formula that was never calculated: open and save the workbook"),
    "error": _Odd("formula_error", "is a formula that came to an error, such as #DIV/0!"),
}


def _period(shown: Shown, period_type: PeriodType) -> "str | _Odd":
    """A period, where spreadsheets like to make a date of it: 2024-03 becomes 1 March, 2010/11 1 November."""
    if isinstance(shown, datetime):
        shown = shown.date()
    if not isinstance(shown, date):
        return _text(shown)
    if period_type is PeriodType.DAY:
        return shown.isoformat()
    if period_type is PeriodType.MONTH and shown.day == 1:
        return f"{shown:%Y-%m}"
    return _Odd(
        "date_for_a_period", "is a date, which the spreadsheet made of it: set the column to text, write it anew"
    )


def _text(shown: Shown) -> str:
    """A number as short as it is shown in full: 2024.0 is 2024, and 21.2 no 21.199999999999999."""
    if isinstance(shown, float):
        return format(Decimal(f"{shown:.15g}"), "f")
    return str(shown).strip()


def _grid(body: bytes, named: str | None) -> tuple[_Grid, str]:
    from python_calamine import CalamineError, CalamineWorkbook  # here: only the CPU process has it in memory

    try:
        with zipfile.ZipFile(io.BytesIO(body)) as parts:
            if sum(part.file_size for part in parts.infolist()) > MOST_BYTES:
                raise _unreadable("too_large", "the workbook is too large unpacked")
        book = CalamineWorkbook.from_filelike(io.BytesIO(body))
        name = named if named is not None else book.sheet_names[0]
        if name not in book.sheet_names:
            raise _unreadable("no_such_sheet", "the workbook has no sheet of this name")
        sheet = book.get_sheet_by_name(name)
        return _Grid(sheet.to_python(skip_empty_area=False), sheet.merged_cell_ranges or ()), name
    except (zipfile.BadZipFile, CalamineError, IndexError):
        raise _unreadable("not_a_workbook", "is no XLSX workbook, or one that is protected or broken") from None


def _silent(body: bytes, name: str) -> Mapping[tuple[int, int], str]:
    """The cells that show nothing and are not empty, by row and column from 0: formulas without result, and errors."""
    found: dict[tuple[int, int], str] = {}
    with zipfile.ZipFile(io.BytesIO(body)) as parts, parts.open(_part_of(parts, name)) as xml:
        for _, element in ElementTree.iterparse(xml):
            if element.tag == f"{_MAIN}c":
                if element.get("t") == "e":
                    found[_place(element.get("r", "A1"))] = "error"
                elif element.find(f"{_MAIN}f") is not None and not _result(element):
                    found[_place(element.get("r", "A1"))] = "formula"
            elif element.tag == f"{_MAIN}row":
                element.clear()
    return found


def _result(cell: ElementTree.Element) -> str | None:
    value = cell.find(f"{_MAIN}v")
    return None if value is None else value.text


def _part_of(parts: zipfile.ZipFile, name: str) -> str:
    book = ElementTree.fromstring(parts.read("xl/workbook.xml"))
    links = ElementTree.fromstring(parts.read("xl/_rels/workbook.xml.rels"))
    target = {link.get("Id"): link.get("Target", "") for link in links}
    for sheet in book.iter(f"{_MAIN}sheet"):
        if sheet.get("name") == name:
            path = target[sheet.get(_LINKED)]
            return path.lstrip("/") if path.startswith("/") else f"xl/{path}"
    raise _unreadable("not_a_workbook", "is no XLSX workbook, or one that is protected or broken")


def _place(reference: str) -> tuple[int, int]:
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(reference[len(letters) :]) - 1, column - 1


def _unreadable(code: str, reason: str, row: int = 0) -> UnreadableFile:
    return UnreadableFile(reason, faults=[Fault(None, reason, code, row)])
