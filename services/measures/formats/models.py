"""Which formats there are, and figures on their way out: what a version is, and its rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.measures.observations.models import Amount
from services.measures.periods import Period, PeriodType


class Format(StrEnum):
    """How figures are written."""

    CSV = "csv"
    XLSX = "xlsx"
    SDMX_CSV = "sdmx-csv"
    DHIS2 = "dhis2"
    DHIS2_CSV = "dhis2-csv"
    DATA_PACKAGE = "datapackage"
    CSVW = "csvw"


MEDIA_TYPES: Mapping[Format, str] = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.SDMX_CSV: "application/vnd.sdmx.data+csv; version=2.0.0",
    Format.DHIS2: "application/json",
    Format.DHIS2_CSV: "text/csv; charset=utf-8",
    Format.DATA_PACKAGE: "application/zip",
    Format.CSVW: "application/zip",
}
ENDINGS: Mapping[Format, str] = {
    Format.CSV: "csv",
    Format.XLSX: "xlsx",
    Format.SDMX_CSV: "sdmx.csv",
    Format.DHIS2: "dhis2.json",
    Format.DHIS2_CSV: "dhis2.csv",
    Format.DATA_PACKAGE: "datapackage.zip",
    Format.CSVW: "csvw.zip",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One figure on its way out."""

    reporter: str
    place: str
    period: Period
    cell: str
    programme: str
    activity: str
    amount: Amount
    revision: int
    recorded_at: str
    provenance: str | None


@dataclass(frozen=True, slots=True)
class Dataset:
    """Figures of one version, and what a reader has to know of it. `scale` is what a ratio's unit multiplies by."""

    version: str
    key: str
    title: str
    description: str
    unit: str
    scale: int | None
    period_type: PeriodType
    year_starts: str
    rows: Sequence[Row]

    def dimensions(self) -> Sequence[str]:
        """Every dimension that a cell of these names, in order."""
        return sorted({part.partition("=")[0] for row in self.rows for part in row.cell.split(";") if "=" in part})


def part_of(cell: str, dimension: str) -> str | None:
    """The category of a cell in a dimension; None where it is not broken down by it."""
    for part in cell.split(";"):
        name, _, category = part.partition("=")
        if name == dimension:
            return category
    return None
