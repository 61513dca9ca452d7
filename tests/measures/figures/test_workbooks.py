"""Workbooks as people keep them: what they show is taken, and what they do not show is a fault by row and column."""

import io
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from services.measures.formats.workbooks import read
from services.measures.measures.models import Boundaries, Kind
from services.measures.observations.reading import MEANINGS, Rules
from services.measures.observations.rows import CheckedFigures
from services.measures.periods import PeriodType
from services.measures.places.models import Span
from services.measures.sheets import Sheet, UnreadableFile

FOREST, TEWKESBURY = "E07000080", "E07000083"


def workbook(*lines: Sequence[object], merge: str = "", title: str = "Sheet") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    for line in lines:
        sheet.append([*line])
    if merge:
        sheet.merge_cells(merge)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def sheet_of(body: bytes, period_type: PeriodType = PeriodType.FINANCIAL_YEAR, **where: Any) -> Sheet:
    return read(body, {}, MEANINGS, ("place", "period"), period_type, **where)


def faults(sheet: Sheet) -> list[tuple[int | None, str | None, str | None]]:
    return [(fault.row, fault.column, fault.code) for fault in sheet.faults]


HEADER: list[object] = ["place", "period", "value"]


def test_numbers_are_read_as_they_are_shown() -> None:
    body = workbook(HEADER, [FOREST, "2024/25", 21.2], [FOREST, "2023/24", 12345678901234], [FOREST, "2022/23", "7"])
    assert [cells["value"] for _, cells in sheet_of(body).rows] == ["21.2", "12345678901234", "7"]
    small = workbook(HEADER, [FOREST, "2024/25", 0.1 + 0.2], [FOREST, "2023/24", 0.00001])
    assert [cells["value"] for _, cells in sheet_of(small).rows] == ["0.3", "0.00001"]


def test_a_merged_word_stands_for_all_its_rows_and_a_merged_number_for_none() -> None:
    lines: list[list[object]] = [[FOREST, "2023/24", 20], [None, "2024/25", 21], [TEWKESBURY, "2024/25", 22]]
    merged = sheet_of(workbook(HEADER, *lines, merge="A2:A3"))
    assert [cells["place"] for _, cells in merged.rows] == [FOREST, FOREST, TEWKESBURY]
    numbers = sheet_of(workbook(HEADER, [FOREST, "2023/24", 20], [TEWKESBURY, "2023/24", None], merge="C2:C3"))
    assert faults(numbers) == [(1, "value", "merged_cells"), (2, "value", "merged_cells")]


def test_a_formula_is_its_last_result_and_one_without_is_a_fault() -> None:
    written = io.BytesIO()
    book = xlsxwriter.Workbook(written)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADER)
    for row in (1, 2):
        sheet.write_row(row, 0, [FOREST, f"202{row}/2{row + 1}"])
    sheet.write_formula(1, 2, "=20+1", None, 21)
    sheet.write_formula(2, 2, "=1/0", None, "#DIV/0!")
    book.close()
    read_ = sheet_of(written.getvalue())
    assert [cells["value"] for _, cells in read_.rows] == ["21", ""]
    assert faults(read_) == [(2, "value", "formula_error")]
    never = sheet_of(workbook(HEADER, [FOREST, "2024/25", "=20+1"]))
    assert faults(never) == [(1, "value", "formula_without_result")]


@pytest.mark.parametrize(
    ("shown", "period_type", "taken"),
    [
        (2024, PeriodType.CALENDAR_YEAR, "2024"),
        ("2024/25", PeriodType.FINANCIAL_YEAR, "2024/25"),
        (datetime.combine(date(2024, 3, 1), time()), PeriodType.MONTH, "2024-03"),
        (date(2024, 3, 9), PeriodType.DAY, "2024-03-09"),
        ("2024-03-09", PeriodType.DAY, "2024-03-09"),
    ],
)
def test_a_period_is_read_as_what_was_meant(shown: Any, period_type: PeriodType, taken: str) -> None:
    ((_, cells),) = sheet_of(workbook(HEADER, [FOREST, shown, 20]), period_type).rows
    assert cells["period"] == taken


@pytest.mark.parametrize(
    ("shown", "period_type"),
    [(date(2010, 11, 1), PeriodType.FINANCIAL_YEAR), (date(2024, 3, 9), PeriodType.MONTH)],
)
def test_a_date_that_the_spreadsheet_made_of_a_period_is_a_fault(shown: date, period_type: PeriodType) -> None:
    read_ = sheet_of(workbook(HEADER, [FOREST, shown, 20], [FOREST, "2024/25", date(2024, 3, 9)]), period_type)
    assert faults(read_) == [(1, "period", "date_for_a_period"), (2, "value", "not_text")]


def test_a_title_above_the_header_and_another_sheet_are_said() -> None:
    lines: list[list[object]] = [
        ["Figures of the partners"],
        [],
        HEADER,
        [FOREST, "2024/25", 20],
        [],
        [FOREST, "2023/24", 19],
    ]
    body = workbook(*lines, merge="A1:C1", title="Return")
    assert [number for number, _ in sheet_of(body, header_row=3, named="Return").rows] == [1, 3]
    with pytest.raises(UnreadableFile, match="column is missing"):
        sheet_of(body)
    with pytest.raises(UnreadableFile, match="no sheet of this name"):
        sheet_of(body, named="Figures")
    with pytest.raises(UnreadableFile, match="nothing in row 9"):
        sheet_of(body, header_row=9)


def test_what_else_is_wrong_with_such_a_row_is_named_too() -> None:
    sheet = sheet_of(workbook(HEADER, ["E99999999", "2024/25", "=20+1"], [FOREST, date(2010, 11, 1), 110]))
    rules = Rules(Kind.RATIO, "percent", PeriodType.FINANCIAL_YEAR, "11-16", Boundaries.AS_AT)
    checked = CheckedFigures(sheet, rules, {FOREST: Span(None, None)})
    assert sorted((fault.row, fault.column, fault.code) for fault in checked.faults) == [
        (1, "place", "unknown_place"),
        (1, "value", "formula_without_result"),
        (2, "period", "date_for_a_period"),
        (2, "value", "out_of_range"),
    ]
    assert (checked.in_order(), sheet.row_count) == ([], 2)
