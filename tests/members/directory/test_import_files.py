"""Reading and checking a file of people: encodings, delimiters, what cannot be read, and every fault of every row."""

import codecs
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from services.members.directory.custom_fields.models import FieldKind
from services.members.directory.imports import checking, columns
from services.members.directory.imports.checking import Cursor, Paths
from services.members.directory.imports.rows import CheckedRow, CustomRule, Plan
from shared.errors import Fault, Invalid

TODAY = date(2026, 5, 1)
CUSTOM = {
    "size": CustomRule(FieldKind.CHOICE, ["small", "large"], retired=False),
    "miles": CustomRule(FieldKind.NUMBER, [], retired=False),
    "first_aid": CustomRule(FieldKind.YES_NO, [], retired=False),
    "until": CustomRule(FieldKind.DATE, [], retired=False),
    "motto": CustomRule(FieldKind.TEXT, [], retired=False),
    "old": CustomRule(FieldKind.TEXT, [], retired=True),
}


class Checked:
    """A file, as the CPU process checks it."""

    def __init__(self, folder: Path, content: bytes, mapping: str = "") -> None:
        self.paths = Paths(str(folder))
        self.paths.sent.write_bytes(content)
        self.prepared = checking.prepare(self.paths, columns.mapping(mapping))
        plan = Plan(self.prepared.columns, self.prepared.width, CUSTOM, TODAY)
        self.faults: list[Fault] = []
        self.cursor = Cursor(0, self.prepared.begins)
        while not self.cursor.done:
            piece = checking.check_piece(self.paths, self.prepared.delimiter, plan, self.cursor)
            self.faults += piece.faults
            self.cursor = piece.cursor

    @property
    def rows(self) -> Sequence[CheckedRow]:
        """The good rows."""
        return list(checking.checked_rows(self.paths, frozenset(), 0))

    @property
    def places(self) -> list[tuple[int | None, str | None, str | None]]:
        """Where the faults are, and what they are called."""
        return [(fault.row, fault.column, fault.code) for fault in self.faults]


def file(header: str, *rows: str) -> bytes:
    return "\n".join((header, *rows, "")).encode()


@pytest.mark.parametrize(
    ("content", "encoding", "delimiter"),
    [
        (codecs.BOM_UTF8 + "id;Name\r\n1;Zoë\r\n".encode(), "utf-8-sig", ";"),
        ("id\tName\n1\tZoë\n".encode("utf-16"), "utf-16", "\t"),
        ("id|Name\n1|Zoë".encode("utf-16-le"), "utf-16-le", "|"),
        ("id|Name\n1|Zoë".encode("utf-16-be"), "utf-16-be", "|"),
        ("id,Name\n1,Zoë\n".encode("latin-1"), "windows-1252", ","),
        ('id,Name\n"1","Zoë"\n\n'.encode(), "utf-8", ","),
        ('id;"Name"\n1;"Zoë"'.encode(), "utf-8", ";"),
    ],
)
def test_a_file_is_read_as_it_was_saved(tmp_path: Path, content: bytes, encoding: str, delimiter: str) -> None:
    checked = Checked(tmp_path, content, "external_id.crm:id,given_name:Name")
    assert [row.person.given_name for row in checked.rows] == ["Zoë"]
    assert (checked.prepared.encoding, checked.prepared.delimiter) == (encoding, delimiter)


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"", (0, None, "empty_file")),
        (b"\n\n", (0, None, "empty_file")),
        (file("external_id.crm,given_name"), (1, None, "empty_file")),
        (file("external_id.crm,name", "1,Ada"), (0, "given_name", "missing_column")),
        (file("given_name", "Ada"), (0, "external_id.<system>", "missing_column")),
        (file("external_id.crm,given_name,given_name", "1,Ada,Eve"), (0, "given_name", "ambiguous_column")),
        (file("external_id.crm,given_name", "1,Ada", '2,"Beryl'), (2, None, "broken_row")),
        (file("external_id.crm,given_name", "1,Ada", '2,"Be"ryl'), (2, None, "broken_row")),
        (file("external_id.crm,given_name", "1,Ada", "2," + "x" * 150_000), (2, None, "cell_too_long")),
        (file("external_id.crm,given_name", "1,Ada", '2,"' + "x\n" * 60_000), (2, None, "cell_too_long")),
        (file("external_id.crm,given_name", "1,Ada", "2," + "x" * 2_000_000), (2, "number 2", "cell_too_long")),
    ],
    ids=["empty", "blank", "no rows", "no name", "no id", "twice", "open", "inside", "long", "lines", "very long"],
)
def test_a_file_that_cannot_be_read_says_where(
    tmp_path: Path, content: bytes, place: tuple[int, str | None, str]
) -> None:
    with pytest.raises(Invalid) as refused:
        Checked(tmp_path, content)
    assert [(fault.row, fault.column, fault.code) for fault in refused.value.faults] == [place]


def test_forty_megabytes_in_one_field_are_refused_without_being_held(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refused:
        Checked(tmp_path, file("external_id.crm,given_name", "1,Ada", "2," + "x" * 40_000_000))
    assert refused.value.faults[0].code == "cell_too_long"


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        ("given_name", "invalid_columns"),
        ("shoe_size:Shoe", "unknown_meaning"),
        ("permission.news.pigeon:Pigeon", "unknown_meaning"),
        ("given_name:A,given_name:B", "repeated_meaning"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(mapping: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        columns.mapping(mapping)
    assert [fault.code for fault in refused.value.faults] == [code]


def test_every_fault_of_every_row_is_named_by_row_and_column(tmp_path: Path) -> None:
    header = "id,Name,Mail,Other mail,Phone,Kind"
    mapping = "external_id.crm:id,given_name:Name,email:Mail,email:Other mail,phone:Phone,age_band:Kind"
    rows = (
        "1,,nowhere,ada@example.org,12,teenager",
        "2,Beryl,b@example.org,still no,,",
        ",Cleo,,,,",
        "4,Dora",
        "5,E\x00ve,,,,",
    )
    checked = Checked(tmp_path, file(header, *rows), mapping)
    assert checked.places == [
        (1, "Mail", "email_address"), (1, "Phone", "phone_number"), (1, "Kind", "enum"), (1, "Name", "missing"),
        (2, "Other mail", "email_address"), (3, "id", "missing"), (4, None, "cell_count"),
        (5, "Name", "string_pattern_mismatch"),
    ]  # fmt: skip
    assert not {"nowhere", "teenager"} & set(" ".join(fault.reason for fault in checked.faults).split())
    assert (checked.cursor.rows, checked.cursor.faulty) == (5, 5)


def test_nobody_under_13_comes_in_by_a_file(tmp_path: Path) -> None:
    rows = ("1,Ada,under_13,", "2,Beryl,,31/12/2024", "3,Cleo,,1990-02-30", "4,Dora,adult,2012-01-01",
            "5,Eve,,2030-01-01", "6,Fay,,2013-05-01")  # fmt: skip
    checked = Checked(tmp_path, file("external_id.crm,given_name,age_band,date_of_birth", *rows))
    assert checked.places == [
        (1, "age_band", "under_13"), (2, "date_of_birth", "under_13"), (3, "date_of_birth", "not_a_date"),
        (4, "age_band", "age_band_conflicts"), (5, "date_of_birth", "in_the_future"),
    ]  # fmt: skip
    assert [row.person.given_name for row in checked.rows] == ["Fay"], "13 to the day"


def test_custom_fields_take_what_their_kind_holds(tmp_path: Path) -> None:
    header = "external_id.crm,given_name,custom.size,custom.miles,custom.first_aid,custom.until,custom.motto,custom.old"
    rows = ("1,Ada,large,2.5,Yes,31/03/2027,On!,", "2,Beryl,huge,nan,perhaps,soon," + "x" * 1001 + ",x")
    checked = Checked(tmp_path, file(header, *rows))
    (ada,) = checked.rows
    assert ada.person.custom == {
        "size": "large", "miles": 2.5, "first_aid": True, "until": "2027-03-31", "motto": "On!",
    }  # fmt: skip
    assert [code for _, _, code in checked.places] == [
        "wrong_kind", "wrong_kind", "not_yes_or_no", "not_a_date", "wrong_kind", "unknown_field",
    ]  # fmt: skip


def test_cells_with_several_words_and_cells_that_were_made_safe_are_read_as_they_were_meant(tmp_path: Path) -> None:
    checked = Checked(
        tmp_path, file("external_id.crm,given_name,tags,phone", "1,'=Ada,Walker; cook |walker,'+44 1594 555010")
    )
    (ada,) = checked.rows
    assert (ada.person.given_name, ada.person.tags) == ("=Ada", ["walker", "cook"])
    assert ada.person.phones[0].number == "+44 1594 555010"


def test_a_check_that_was_broken_off_goes_on_at_any_piece_with_the_same_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "ROWS_A_PIECE", 3)
    content = file("external_id.crm,given_name", *(f'{n},"Ada\n{"" if n % 4 else "x" * 300}"' for n in range(10)))
    checked = Checked(tmp_path, content)
    plan = Plan(checked.prepared.columns, 2, {}, TODAY)
    whole = [row.number for row in checked.rows]
    first = checking.check_piece(checked.paths, ",", plan, Cursor(0, checked.prepared.begins)).cursor
    again = checking.check_piece(checked.paths, ",", plan, first)
    assert again == checking.check_piece(checked.paths, ",", plan, first)
    cursor = again.cursor
    while not cursor.done:
        cursor = checking.check_piece(checked.paths, ",", plan, cursor).cursor
    assert [row.number for row in checked.rows] == whole


def test_rows_that_share_an_id_are_found_and_each_names_another(tmp_path: Path) -> None:
    rows = ("1,a,Ada", "2,b,Beryl", "1,c,Cleo", "3,b,Dora", "1,d,Eve", "4,1,Fay")
    checked = Checked(tmp_path, file("external_id.crm,external_id.shop,given_name", *rows))
    found = [(1, 3, False), (2, 4, False), (3, 1, False), (4, 2, False), (5, 1, False)]
    assert checking.repeated(checked.paths) == found
