"""A file of figures in any format, as a sheet of cells by meanings. Pure; all but CSV runs in the CPU process."""

from dataclasses import dataclass

from services.measures.formats import dhis2, packages, sdmx, workbooks
from services.measures.formats.models import Format
from services.measures.observations.reading import MEANINGS, Rules
from services.measures.observations.rows import REQUIRED, require_amounts
from services.measures.sheets import Sheet, column_mapping, read_sheet

_NAMED_BY_OTHERS = (Format.SDMX_CSV,)
"""Formats whose columns are named by a standard, so that there is nothing to map."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is to be read: in which format, which of its columns is what, and where in a workbook it stands."""

    format: Format
    columns: str
    version: str
    sheet: str | None = None
    header_row: int = 1


def read_file(body: bytes, how: Reading, rules: Rules) -> Sheet:
    """The sheet of a file of figures. Raises WrongColumns and UnreadableFile."""
    sheet = _sheet(body, how, rules)
    require_amounts(sheet.columns, rules.kind)
    return sheet


def _sheet(body: bytes, how: Reading, rules: Rules) -> Sheet:
    known = dhis2.PARTS if how.format in (Format.DHIS2, Format.DHIS2_CSV) else MEANINGS
    mapping = column_mapping(how.columns, () if how.format in _NAMED_BY_OTHERS else known)
    match how.format:
        case Format.CSV:
            return read_sheet(body, mapping, MEANINGS, REQUIRED)
        case Format.XLSX:
            return workbooks.read(body, mapping, MEANINGS, REQUIRED, rules.period_type, how.sheet, how.header_row)
        case Format.SDMX_CSV:
            return sdmx.read(body, rules.period_type, rules.year_starts)
        case Format.DHIS2:
            return dhis2.read_json(body, mapping, how.version, rules.period_type)
        case Format.DHIS2_CSV:
            return dhis2.read_csv(body, mapping, how.version, rules.period_type)
        case Format.DATA_PACKAGE | Format.CSVW:
            return packages.read(body, mapping, MEANINGS, REQUIRED)
