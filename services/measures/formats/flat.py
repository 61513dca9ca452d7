"""One row a figure, one column a meaning: what our CSV, XLSX, Data Package and CSVW all hold. Pure."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from services.measures.formats.models import Dataset, Row
from services.measures.observations.models import BOUND_WORDS
from shared.csv_out import safe

Cell = str | int | None


class Column(NamedTuple):
    """A column: its name, its type in the words of Table Schema (of CSVW, where `other` is given), what it says."""

    name: str
    type: str
    says: str
    needed: bool = False


COLUMNS = (
    Column("measure_version", "string", "The version of the measure, by whose definition it is to be read.", True),
    Column("reporter", "string", "The organisation whose figure it is, or the movement.", True),
    Column("place", "string", "GSS code of the area.", True),
    Column("period", "string", "The period, as its type is written.", True),
    Column("period_start", "date", "The first day of the period.", True),
    Column("period_end", "date", "The last day of the period.", True),
    Column("cell", "string", "The group, dimension=category; all is everybody.", True),
    Column("programme", "string", "The programme that it is about."),
    Column("activity", "string", "The activity that it is about."),
    Column("status", "string", "reported; or why there is no figure: suppressed, not_collected, not_applicable.", True),
    Column("bound", "string", "exactly; or at_least or at_most, where that is all that is known.", True),
    Column("value", "number", "As it was published, in the unit of the version."),
    Column("numerator", "integer", "How many."),
    Column("denominator", "integer", "Of how many."),
    Column("n", "integer", "The base: how many were asked or counted."),
    Column("sum_x", "number", "Of a mean: the sum of the n values."),
    Column("sum_x2", "number", "Of a mean: the sum of their squares."),
    Column("revision", "integer", "Counted from 1; a later one corrects.", True),
    Column("recorded_at", "datetime", "From when on this revision was known.", True),
    Column("provenance", "string", "Where it comes from."),
)
KEY = ("reporter", "place", "period", "cell", "programme", "activity")


def cells_of(dataset: Dataset, row: Row) -> Sequence[Cell]:
    """A row's cells, in the order of the columns; decimals are text, exactly as they are kept."""
    amount, period = row.amount, row.period
    return (
        dataset.version, row.reporter, row.place, period.text, period.start.isoformat(), period.end.isoformat(),
        row.cell, row.programme, row.activity, amount.status.value, BOUND_WORDS[amount.bound], amount.value,
        amount.numerator, amount.denominator, amount.n, amount.sum_x, amount.sum_x2, row.revision, row.recorded_at,
        row.provenance,
    )  # fmt: skip


def write(dataset: Dataset) -> bytes:
    """The figures as CSV by RFC 4180, in UTF-8. Words are made harmless to spreadsheets; numbers stay as they are."""
    words = [column.type == "string" for column in COLUMNS]
    return lines(
        [column.name for column in COLUMNS],
        (
            [safe(cell) if word else cell for word, cell in zip(words, cells_of(dataset, row), strict=True)]
            for row in dataset.rows
        ),
    )


def lines(header: Sequence[str], rows: Iterator[Sequence[Cell]]) -> bytes:
    """A header and rows as CSV; None is an empty cell."""
    written = io.StringIO()
    out = csv.writer(written)
    out.writerow(header)
    out.writerows(rows)
    return written.getvalue().encode()
