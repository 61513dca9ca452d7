"""Figures with what a machine has to know of them, in a zip: a Data Package (1.0) or CSV on the Web. Pure.

The CSV in both is that of :mod:`.flat`; beside it stand `datapackage.json` (https://specs.frictionlessdata.io) or
`figures.csv-metadata.json` (W3C, *Metadata Vocabulary for Tabular Data*, 2015), with a type and a sentence a column.
"""

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeVar

import msgspec

from services.measures.formats import flat
from services.measures.formats.models import Dataset
from services.measures.sheets import Sheet, UnreadableFile, read_sheet
from shared.errors import Fault

FILE = "figures.csv"
DESCRIPTOR, METADATA = "datapackage.json", "figures.csv-metadata.json"
T = TypeVar("T")

MOST_BYTES = 512 * 1024 * 1024
_CSVW_TYPES = {"datetime": "dateTime", "number": "decimal"}


def write_package(dataset: Dataset) -> bytes:
    """A tabular data package."""
    return _zipped({DESCRIPTOR: _pretty(descriptor(dataset)), FILE: flat.write(dataset)})


def write_csvw(dataset: Dataset) -> bytes:
    """A CSV file and its metadata."""
    return _zipped({METADATA: _pretty(metadata(dataset)), FILE: flat.write(dataset)})


def descriptor(dataset: Dataset) -> dict[str, object]:
    """`datapackage.json`."""
    fields = [
        {"name": column.name, "type": column.type, "description": column.says}
        | ({"constraints": {"required": True}} if column.needed else {})
        for column in flat.COLUMNS
    ]
    resource = {
        "name": "figures", "path": FILE, "profile": "tabular-data-resource", "format": "csv",
        "mediatype": "text/csv", "encoding": "utf-8",
        "schema": {"fields": fields, "missingValues": [""]},
    }  # fmt: skip
    return {
        "profile": "tabular-data-package", "name": dataset.key.replace("_", "-"), "title": dataset.title,
        "description": dataset.description, "resources": [resource],
    }  # fmt: skip


def metadata(dataset: Dataset) -> dict[str, object]:
    """`figures.csv-metadata.json`."""
    columns = [
        {"name": column.name, "titles": column.name, "dc:description": column.says, "required": column.needed,
         "datatype": _CSVW_TYPES.get(column.type, column.type)}
        for column in flat.COLUMNS
    ]  # fmt: skip
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}], "url": FILE, "dc:title": dataset.title,
        "dc:description": dataset.description, "tableSchema": {"columns": columns},
    }  # fmt: skip


def read(body: bytes, mapping: Mapping[str, str], meanings: Sequence[str], required: Sequence[str]) -> Sheet:
    """The sheet of a package's CSV file: the first tabular resource, or the table that the metadata names.

    Raises UnreadableFile for what is no such package, or has its CSV in another encoding or dialect than the usual one.
    """
    parts = _parts(body)
    table = _of_package(parts[DESCRIPTOR]) if DESCRIPTOR in parts else _of_csvw(parts)
    if table.path not in parts:
        raise _unreadable("does not hold the file that it describes")
    if table.encoding.lower().replace("-", "") not in ("utf8", "utf8sig") or table.delimiter != ",":
        raise _unreadable("describes a CSV file that is not in UTF-8 and separated by commas")
    return read_sheet(parts[table.path], mapping, meanings, required)


class _Dialect(msgspec.Struct):
    delimiter: str = ","
    encoding: str = "utf-8"


class _Resource(msgspec.Struct):
    path: str | list[str] = ""
    encoding: str = "utf-8"
    dialect: _Dialect = msgspec.field(default_factory=_Dialect)


class _Package(msgspec.Struct):
    resources: list[_Resource]


class _Table(msgspec.Struct):
    url: str = ""
    dialect: _Dialect | None = None
    tables: "list[_Table]" = msgspec.field(default_factory=list)


class _Described(NamedTuple):
    path: str
    encoding: str
    delimiter: str


def _of_package(text: bytes) -> _Described:
    resources = _decoded(text, _Package).resources
    if not resources:
        raise _unreadable("describes no table")
    path, one = resources[0].path, resources[0]
    return _Described(path if isinstance(path, str) else "".join(path[:1]), one.encoding, one.dialect.delimiter)


def _of_csvw(parts: Mapping[str, bytes]) -> _Described:
    named = next((name for name in parts if name.endswith("-metadata.json")), None)
    if named is None:
        raise _unreadable(f"has neither {DESCRIPTOR} nor a file …-metadata.json")
    group = _decoded(parts[named], _Table)
    table = group.tables[0] if group.tables else group
    dialect = table.dialect or group.dialect or _Dialect()
    return _Described(table.url, dialect.encoding, dialect.delimiter)


def _decoded(text: bytes, to: type[T]) -> T:
    try:
        return msgspec.json.decode(text, type=to)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise _unreadable("has a description that cannot be read") from None


def _parts(body: bytes) -> Mapping[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as sent:
            files = [part for part in sent.infolist() if not part.is_dir()]
            if sum(part.file_size for part in files) > MOST_BYTES:
                raise _unreadable("is too large unpacked")
            return {part.filename: sent.read(part) for part in files}
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError):  # the last two: encrypted, or packed as nobody does
        raise _unreadable("is no zip") from None


def _zipped(parts: Mapping[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            # A fixed time: the same figures are the same bytes.
            made.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def _pretty(described: Mapping[str, object]) -> bytes:
    return msgspec.json.format(msgspec.json.encode(described), indent=2)


def _unreadable(reason: str) -> UnreadableFile:
    return UnreadableFile(reason, faults=[Fault(None, reason, "not_a_package", 0)])
