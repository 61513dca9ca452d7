"""CSV files as they come: what is read, and what makes a whole file unreadable, by row and column."""

import pytest

from services.measures.sheets import Sheet, UnreadableFile, WrongColumns, column_mapping, read_sheet
from shared.errors import Fault

MEANINGS = ("place", "value")
MAPPING = {"place": "area", "value": "value"}


def read(body: bytes) -> Sheet:
    return read_sheet(body, MAPPING, MEANINGS, MEANINGS)


def refused(body: bytes) -> list[tuple[str | None, int | None, str | None]]:
    """Code, row and column of each fault."""
    with pytest.raises(UnreadableFile) as caught:
        read(body)
    return [(fault.code, fault.row, fault.column) for fault in caught.value.faults]


@pytest.mark.parametrize(
    "body", [b"area,value\nE1,2\n", b"\xef\xbb\xbfarea,value\r\nE1,2", b" area , value\n E1 , 2\n"]
)
def test_a_byte_order_mark_line_ends_and_spaces_make_no_difference(body: bytes) -> None:
    assert read(body).rows == [(1, {"place": "E1", "value": "2"})]


def test_quoted_commas_and_line_ends_belong_to_their_cell() -> None:
    body = b'area,name,value\nE1,"Bournemouth, Christchurch and Poole",2\nE2,"two\nlines",3\nE3,x,4\n'
    assert [(number, cells["place"]) for number, cells in read(body).rows] == [(1, "E1"), (2, "E2"), (3, "E3")]


def test_empty_lines_are_no_rows_but_count() -> None:
    assert [number for number, _ in read(b"area,value\n\nE1,2\n\n\nE2,3\n").rows] == [2, 5]


def test_a_row_of_another_length_is_its_own_fault_and_the_others_go_on() -> None:
    sheet = read(b"area,value\nE1,2,3\nE2\nE3,4\n")
    assert sheet.rows == [(3, {"place": "E3", "value": "4"})]
    assert [(fault.code, fault.row) for fault in sheet.faults] == [("cell_count", 1), ("cell_count", 2)]
    assert sheet.row_count == 3


@pytest.mark.parametrize(
    ("body", "row"),
    [
        ("area,value\nE1,2\nYnys Môn,3\n".encode("latin-1"), 2),
        ("área,value\n".encode("cp1252"), 0),
        ("area,value\nE1,2\n".encode("utf-16"), 0),
    ],
)
def test_what_is_not_utf8_is_refused_with_its_row(body: bytes, row: int) -> None:
    assert refused(body) == [("not_utf8", row, None)]


@pytest.mark.parametrize(
    ("body", "code", "row"),
    [
        (b"", "empty_file", 0),
        (b"\n\n", "empty_file", 0),
        (b"\xef\xbb\xbf", "empty_file", 0),
        (b"area,value\n", "empty_file", 1),
        (b'area,value\nE1,2\nE2,"3\n', "broken_row", 2),
        (b'area,value\nE1,"2"3\n', "broken_row", 1),
        (b'"area,value\n', "broken_row", 0),
    ],
)
def test_a_file_without_rows_or_with_broken_quotes_is_refused(body: bytes, code: str, row: int) -> None:
    assert refused(body) == [(code, row, None)]


def test_each_missing_and_each_doubled_column_is_named() -> None:
    assert refused(b"a,value,value\nE1,2,3\n") == [("missing_column", 0, "area"), ("ambiguous_column", 0, "value")]


def test_without_a_mapping_columns_are_found_by_their_meanings() -> None:
    sheet = read_sheet(b"value,place,note\n2,E1,x\n", {}, MEANINGS, MEANINGS)
    assert sheet.rows == [(1, {"place": "E1", "value": "2"})]
    with pytest.raises(UnreadableFile) as caught:
        read_sheet(b"value,area\n2,E1\n", {}, MEANINGS, MEANINGS)
    assert caught.value.faults == (Fault(None, "the file needs this column", "missing_column", 0, "place"),)


def test_a_mapping_names_columns_even_with_commas_and_colons() -> None:
    assert column_mapping('place:code: ONS, "value:percent, 2015"', MEANINGS) == {
        "place": "code: ONS",
        "value": "percent, 2015",
    }
    assert column_mapping("", MEANINGS) == {}
    assert column_mapping("place:a,\nvalue:b", MEANINGS) == {"place": "a", "value": "b"}


@pytest.mark.parametrize("text", ["place", "place:", "colour:red", "place:a,place:b", ","])
def test_a_mapping_that_says_nothing_clear_is_refused(text: str) -> None:
    with pytest.raises(WrongColumns) as caught:
        column_mapping(text, MEANINGS)
    assert [fault.pointer for fault in caught.value.faults] == ["?columns"]
