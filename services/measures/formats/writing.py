"""Figures of a version in any format. Pure; it runs in the CPU process."""

from collections.abc import Callable, Mapping

from services.measures.formats import dhis2, flat, packages, sdmx, workbooks
from services.measures.formats.models import Dataset, Format

_WRITERS: Mapping[Format, Callable[[Dataset], bytes]] = {
    Format.CSV: flat.write,
    Format.XLSX: workbooks.write,
    Format.SDMX_CSV: sdmx.write,
    Format.DHIS2: dhis2.write_json,
    Format.DHIS2_CSV: dhis2.write_csv,
    Format.DATA_PACKAGE: packages.write_package,
    Format.CSVW: packages.write_csvw,
}


def write_file(dataset: Dataset, format_: Format) -> bytes:
    """The dataset as a file. Raises NoSuchPeriod where the format has no such periods."""
    return _WRITERS[format_](dataset)
