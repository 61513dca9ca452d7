"""The files that banks take, as data: a layout says which columns, how wide, and which characters. Pure.

Names and references have 18 characters at most where banks say so (Standard 18, the record of Bacs; Faster Payments
takes the same 18). What a bank does not take is spelt without its accents, or left out.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from shared.csv_out import MEDIA_TYPE, safe
from shared.fields import Body, Name, line

BACS_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.&/- "
"""What Standard 18 allows: capitals, digits, full stop, ampersand, solidus, hyphen and space."""


class Content(StrEnum):
    """What a column holds."""

    PAYMENT = "payment"
    REFERENCE = "reference"
    NAME_ON_ACCOUNT = "name_on_account"
    SORT_CODE = "sort_code"
    ACCOUNT_NUMBER = "account_number"
    AMOUNT = "amount"
    PENCE = "pence"
    CURRENCY = "currency"
    PAYER_NAME = "payer_name"
    PAYER_SORT_CODE = "payer_sort_code"
    PAYER_ACCOUNT_NUMBER = "payer_account_number"


Line = Mapping[Content, str]
"""What the columns of one payment hold."""

_CUT = {Content.NAME_ON_ACCOUNT, Content.REFERENCE, Content.PAYER_NAME}
"""What may lose its end where a column is too narrow. A shortened number would be another one."""
_SPELT = _CUT
"""What is held to the characters that a bank takes."""
OF_THE_PAYER = {Content.PAYER_NAME, Content.PAYER_SORT_CODE, Content.PAYER_ACCOUNT_NUMBER}


class Kind(StrEnum):
    """Cells with something between them, or columns of a fixed width."""

    DELIMITED = "delimited"
    FIXED = "fixed"


class Column(Body):
    """One column: what of a payment it holds, or the same text in every line."""

    heading: Annotated[str, line(60)] | None = None
    holds: Content | None = None
    text: Annotated[str, Field(max_length=100, pattern=r"^[ -~]*$")] | None = None
    width: Annotated[int, Field(ge=1, le=200)] | None = None
    right: Annotated[bool, Field(description="set against the right edge, filled up from the left")] = False
    fill: Annotated[str, Field(pattern=r"^[ 0]$")] = " "

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.holds is None) == (self.text is None):
            raise PydanticCustomError("one_of_two", "holds something of a payment, or a text: one of the two")
        return self


class Layout(Body):
    """How a file is laid out, from its first line to the end of each."""

    name: Name
    kind: Kind = Kind.DELIMITED
    delimiter: Annotated[str, Field(pattern=r"^[,;\t|]$")] = ","
    header: bool = True
    capitals: bool = False
    characters: Annotated[str | None, Field(max_length=200, description="all that names may have; null: any")] = None
    columns: Annotated[list[Column], Field(min_length=1, max_length=40)]

    @model_validator(mode="after")
    def _as_wide_as_it_says(self) -> Self:
        if self.kind == Kind.FIXED and any(column.width is None for column in self.columns):
            raise PydanticCustomError("width_missing", "each column of a fixed layout has a width")
        return self

    @property
    def needs_payer(self) -> bool:
        """Whether it says out of which account is paid."""
        return any(column.holds in OF_THE_PAYER for column in self.columns)

    @property
    def ending(self) -> str:
        """What the name of its files ends with."""
        return "txt" if self.kind == Kind.FIXED else "csv"

    @property
    def media_type(self) -> str:
        """What its files are."""
        return "text/plain; charset=utf-8" if self.kind == Kind.FIXED else MEDIA_TYPE

    def written(self, lines: Sequence[Line]) -> str:
        """The file: a line a payment, each ended by CR and LF. Raises ValueError where a number is too wide."""
        rows = [[self._cell(column, held) for column in self.columns] for held in lines]
        if self.kind == Kind.FIXED:
            return "".join(f"{''.join(row)}\r\n" for row in rows)
        if self.header:
            rows.insert(0, [column.heading or str(column.holds or "") for column in self.columns])
        return "".join(self.delimiter.join(map(self._quoted, row)) + "\r\n" for row in rows)

    def _cell(self, column: Column, held: Line) -> str:
        if column.holds is None:
            text = column.text or ""
        else:
            text = self._spelt(held[column.holds]) if column.holds in _SPELT else held[column.holds]
        if column.width is None:
            return text
        if len(text) > column.width:
            if column.holds not in _CUT:
                raise ValueError(f"{column.holds or column.heading} is wider than {column.width}")
            text = text[: column.width].rstrip()
        if self.kind == Kind.DELIMITED:
            return text
        return text.rjust(column.width, column.fill) if column.right else text.ljust(column.width, column.fill)

    def _spelt(self, text: str) -> str:
        if self.characters is None:
            return text
        plain = "".join(mark for mark in unicodedata.normalize("NFKD", text) if not unicodedata.combining(mark))
        plain = plain.upper() if self.capitals else plain
        kept = "".join(mark if mark in self.characters else " " for mark in plain)
        return " ".join(kept.split())

    def _quoted(self, cell: str) -> str:
        text = safe(cell)
        if any(mark in text for mark in (self.delimiter, '"', "\r", "\n")):
            return '"' + text.replace('"', '""') + '"'
        return text


def _column(holds: Content, width: int | None = None, **how: object) -> Column:
    return Column.model_validate({"holds": holds, "width": width, **how})


NEUTRAL = Layout(
    name="Everything, in a file that any spreadsheet opens",
    columns=[_column(each) for each in Content if each not in OF_THE_PAYER],
)
SIMPLE = Layout(
    name="Account, name, amount and reference, as most banks' online services take them",
    capitals=True,
    header=False,
    characters=BACS_CHARACTERS,
    columns=[
        _column(Content.SORT_CODE),
        _column(Content.ACCOUNT_NUMBER),
        _column(Content.NAME_ON_ACCOUNT, 18),
        _column(Content.AMOUNT),
        _column(Content.REFERENCE, 18),
    ],
)
STANDARD_18 = Layout(
    name="Standard 18, the record of Bacs: a credit a line, 100 characters",
    kind=Kind.FIXED,
    capitals=True,
    characters=BACS_CHARACTERS,
    columns=[
        _column(Content.SORT_CODE, 6),
        _column(Content.ACCOUNT_NUMBER, 8),
        Column(text="0", width=1),  # the type of the account
        Column(text="99", width=2),  # a credit
        _column(Content.PAYER_SORT_CODE, 6),
        _column(Content.PAYER_ACCOUNT_NUMBER, 8),
        Column(text="", width=4),  # free
        _column(Content.PENCE, 11, right=True, fill="0"),
        _column(Content.PAYER_NAME, 18),
        _column(Content.REFERENCE, 18),
        _column(Content.NAME_ON_ACCOUNT, 18),
    ],
)
BUILT_IN: Mapping[str, Layout] = {"neutral": NEUTRAL, "simple": SIMPLE, "standard_18": STANDARD_18}
