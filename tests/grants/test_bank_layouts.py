"""The files that banks take: eighteen characters, the characters of Bacs, and numbers that are never shortened."""

import pytest
from pydantic import ValidationError

from services.grants.batches.layouts import BUILT_IN, NEUTRAL, SIMPLE, STANDARD_18, Column, Content, Layout

LINE = {
    Content.PAYMENT: "payment_01",
    Content.REFERENCE: "GRANT 8F7V9Q2K4T6W",
    Content.NAME_ON_ACCOUNT: "Café d'Été & Öld Friends' Walking Club",
    Content.SORT_CODE: "089999",
    Content.ACCOUNT_NUMBER: "66374958",
    Content.AMOUNT: "2500.05",
    Content.PENCE: "250005",
    Content.CURRENCY: "GBP",
    Content.PAYER_NAME: "Action Together CIC (Tameside)",
    Content.PAYER_SORT_CODE: "107999",
    Content.PAYER_ACCOUNT_NUMBER: "88837491",
}


def test_standard_18_is_a_hundred_characters_of_the_kinds_that_bacs_takes() -> None:
    file = STANDARD_18.written([LINE, LINE])
    first, second, rest = file.split("\r\n")
    assert (len(first), first == second, rest) == (100, True, "")
    assert first == (
        "0899996637495809910799988837491    00000250005"
        "ACTION TOGETHER CIGRANT 8F7V9Q2K4T6WCAFE D ETE & OLD F"
    )  # fmt: skip


def test_a_simple_file_has_names_and_references_of_eighteen_characters() -> None:
    assert SIMPLE.written([LINE]) == "089999,66374958,CAFE D ETE & OLD F,2500.05,GRANT 8F7V9Q2K4T6W\r\n"


def test_the_neutral_file_says_everything_as_it_is() -> None:
    header, line, _ = NEUTRAL.written([LINE]).split("\r\n")
    assert header == "payment,reference,name_on_account,sort_code,account_number,amount,pence,currency"
    assert "Café d'Été & Öld Friends' Walking Club" in line


@pytest.mark.parametrize(
    ("name", "cell"),
    [("=HYPERLINK(1)", "'=HYPERLINK(1)"), ('Knit, "natter"', '"Knit, ""natter"""'), ("-1+1", "'-1+1")],
)
def test_no_name_is_a_formula_or_another_column(name: str, cell: str) -> None:
    assert f",{cell}," in NEUTRAL.written([LINE | {Content.NAME_ON_ACCOUNT: name}])


def test_a_number_that_is_too_wide_is_never_shortened() -> None:
    with pytest.raises(ValueError, match="pence is wider than 11"):
        STANDARD_18.written([LINE | {Content.PENCE: "1" * 12}])


@pytest.mark.parametrize(
    "column", [{"holds": "amount", "text": "x"}, {}, {"holds": "everything"}, {"text": "x", "fill": "9"}]
)
def test_a_column_that_means_nothing_is_refused(column: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Column.model_validate(column)


def test_a_fixed_layout_says_every_width() -> None:
    with pytest.raises(ValidationError):
        Layout.model_validate({"name": "Ours", "kind": "fixed", "columns": [{"holds": "amount"}]})


def test_a_layout_comes_back_from_where_it_is_kept_as_it_was() -> None:
    for layout in BUILT_IN.values():
        assert Layout.model_validate(layout.model_dump(mode="json")) == layout
