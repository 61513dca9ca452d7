"""SDMX-CSV 2.0 (SDMX 3.0, section 5, *Data message for the CSV format*): a dataflow a version, a column a dimension.

Dimensions: REF_AREA, TIME_PERIOD, REPORTER, PROGRAMME, ACTIVITY, and one for each way in which cells are broken down;
`_T` is the total and `_Z` not applicable (SDMX cross-domain code lists). OBS_STATUS is of CL_OBS_STATUS: A normal, Q
suppressed, L not collected, M not applicable. A year that is no calendar year is a time range, `2024-04-01/P1Y`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from services.measures.formats import flat
from services.measures.formats.models import Dataset, Row, part_of
from services.measures.observations.models import BOUND_WORDS, EVERYBODY, Amount, FigureStatus
from services.measures.periods import PeriodType
from services.measures.sheets import Cells, Sheet, read_sheet
from shared.errors import Fault

_STRUCTURE = ("STRUCTURE", "STRUCTURE_ID", "ACTION")
_DIMENSIONS = ("REF_AREA", "TIME_PERIOD", "REPORTER", "PROGRAMME", "ACTIVITY")
_ATTRIBUTES = (
    "OBS_STATUS", "OBS_VALUE_DERIVED", "BOUND", "NUMERATOR", "DENOMINATOR", "N", "SUM_X", "SUM_X2", "UNIT_MEASURE",
)  # fmt: skip
_TOTAL, _NONE = "_T", "_Z"
_STATUSES = {
    FigureStatus.REPORTED: "A",
    FigureStatus.SUPPRESSED: "Q",
    FigureStatus.NOT_COLLECTED: "L",
    FigureStatus.NOT_APPLICABLE: "M",
}
_STATUS_OF = {code: status.value for status, code in _STATUSES.items()} | {"": ""}
_MEANINGS: Mapping[str, str] = {
    "REF_AREA": "place", "TIME_PERIOD": "period", "PROGRAMME": "programme", "ACTIVITY": "activity",
    "OBS_STATUS": "status", "BOUND": "bound", "OBS_VALUE": "value", "NUMERATOR": "numerator",
    "DENOMINATOR": "denominator", "N": "n", "SUM_X": "sum_x", "SUM_X2": "sum_x2",
}  # fmt: skip
_KNOWN = frozenset({*_STRUCTURE, *_DIMENSIONS, *_ATTRIBUTES, "OBS_VALUE"})
_RANGE = re.compile(r"([12][0-9]{3})-([0-9]{2}-[0-9]{2})(?:T00:00:00)?/P1Y")
_YEARS = (PeriodType.FINANCIAL_YEAR, PeriodType.ACADEMIC_YEAR, PeriodType.SURVEY_YEAR)
_STARTS = {PeriodType.FINANCIAL_YEAR: "04-01", PeriodType.ACADEMIC_YEAR: "09-01"}
_DERIVED_DECIMALS = 6


def write(dataset: Dataset) -> bytes:
    """The figures as SDMX-CSV. A value that only counts say is reckoned, and OBS_VALUE_DERIVED is Y."""
    broken_down_by = dataset.dimensions()
    header = [*_STRUCTURE, *_DIMENSIONS, *map(_column, broken_down_by), "OBS_VALUE", *_ATTRIBUTES]
    return flat.lines(header, _rows(dataset, broken_down_by))


def _rows(dataset: Dataset, broken_down_by: Sequence[str]) -> Iterator[Sequence[flat.Cell]]:
    structure = ("dataflow", f"BACKBONE:{dataset.version}(1.0)", "I")
    for row in dataset.rows:
        amount = row.amount
        value, derived = _value(amount, dataset.scale)
        yield (
            *structure, row.place, _time(row, dataset.period_type), row.reporter, row.programme or _NONE,
            row.activity or _NONE, *(part_of(row.cell, name) or _TOTAL for name in broken_down_by),
            value, _STATUSES[amount.status], "Y" if derived else "N", BOUND_WORDS[amount.bound], amount.numerator,
            amount.denominator, amount.n, amount.sum_x, amount.sum_x2, dataset.unit,
        )  # fmt: skip


def _value(amount: Amount, scale: int | None) -> tuple[str | None, bool]:
    if amount.value is not None or amount.status is not FigureStatus.REPORTED:
        return amount.value, False
    if scale is not None and amount.numerator is not None and amount.denominator:
        return f"{round(amount.numerator * scale / amount.denominator, _DERIVED_DECIMALS)}", True
    if amount.sum_x is not None and amount.n:
        return f"{round(float(amount.sum_x) / amount.n, _DERIVED_DECIMALS)}", True
    return None, False


def _time(row: Row, period_type: PeriodType) -> str:
    return f"{row.period.start.isoformat()}/P1Y" if period_type in _YEARS else row.period.text


def read(body: bytes, period_type: PeriodType, year_starts: str) -> Sheet:
    """A sheet of what SDMX-CSV says. Raises UnreadableFile. A row that deletes is a fault: figures are corrected."""
    sheet = read_sheet(body, {}, None, ("REF_AREA", "TIME_PERIOD"))
    broken_down_by = [name for name in sheet.columns if name not in _KNOWN and name.isupper()]
    rows: list[tuple[int, Cells]] = []
    faults = list(sheet.faults)
    starts = _STARTS.get(period_type, year_starts)
    odd: dict[int, frozenset[str]] = {}
    for number, cells in sheet.rows:
        if cells.get("ACTION", "I") not in ("I", "A", "M", "R", ""):
            faults.append(Fault(None, "deletes, and figures are only corrected", "not_supported", number, "ACTION"))
            continue
        if cells.get("OBS_STATUS", "") not in _STATUS_OF:
            codes = ", ".join(code for code in _STATUS_OF if code)
            faults.append(Fault(None, f"is none of {codes}", "invalid_status", number, "OBS_STATUS"))
            odd[number] = frozenset({"status"})
        rows.append((number, _meant(cells, broken_down_by, period_type, starts)))
    columns = {meaning: name for name, meaning in _MEANINGS.items() if name in sheet.columns}
    if broken_down_by:
        columns["cell"] = ", ".join(broken_down_by)
    return Sheet(columns, rows, faults, odd)


def _meant(cells: Cells, broken_down_by: Sequence[str], period_type: PeriodType, starts: str) -> Cells:
    meant = {meaning: cells.get(name, "") for name, meaning in _MEANINGS.items()}
    if cells.get("OBS_VALUE_DERIVED") == "Y":
        meant["value"] = ""
    meant["status"] = _STATUS_OF.get(meant["status"], "")
    for name in ("programme", "activity"):
        meant[name] = "" if meant[name] == _NONE else meant[name]
    parts = [f"{_dimension(name)}={cells[name]}" for name in broken_down_by if cells[name] not in ("", _TOTAL)]
    meant["cell"] = ";".join(sorted(parts)) or EVERYBODY
    meant["period"] = _written(meant["period"], period_type, starts)
    return meant


def _column(dimension: str) -> str:
    """The column of a dimension; one that is called like a column of ours has a line behind its name."""
    return f"{dimension.upper()}_" if dimension.upper() in _KNOWN else dimension.upper()


def _dimension(column: str) -> str:
    return column[:-1].lower() if column[:-1] in _KNOWN else column.lower()


def _written(time: str, period_type: PeriodType, starts: str) -> str:
    """A time range as the period that it is; whatever is none stays as it stood, to be refused as a period."""
    found = _RANGE.fullmatch(time)
    if found is None or period_type not in _YEARS or found[2] != starts:
        return time
    year = int(found[1])
    return f"{year}/{(year + 1) % 100:02}"
