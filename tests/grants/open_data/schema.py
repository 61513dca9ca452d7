"""The standard's own schema, as an independent judge of what we take for valid and of what we publish."""

import csv
import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import flattentool
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT202012

FORMATS = FormatChecker()


@FORMATS.checks("date-time", raises=ValueError)
def is_instant(value: object) -> bool:
    """RFC 3339: without this every plain day is an instant too, and `oneOf` refuses it."""
    if not isinstance(value, str):
        return True
    datetime.fromisoformat(value.upper())
    return re.fullmatch(r"\S+[T]\S+(Z|[+-]\d\d:\d\d)", value.upper()) is not None


@FORMATS.checks("uri")
def is_address(value: object) -> bool:
    """RFC 3986: an address has a scheme, and no blanks."""
    return not isinstance(value, str) or re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:\S+", value) is not None


def schemas(published: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """The schema of a grant, and that of a package."""
    names = ("360-giving-schema.json", "360-giving-package-schema.json")
    grant, package = (json.loads((published / name).read_bytes()) for name in names)
    return grant, package


def validators(published: Path) -> tuple[Draft202012Validator, Draft202012Validator]:
    """What holds a grant, and a package, to the standard: with format checks, by the draft that it is written in."""
    both = schemas(published)
    resources = [(each["$id"], DRAFT202012.create_resource(each)) for each in both]
    registry: Registry[Any] = Registry().with_resources(resources)
    grant, package = (Draft202012Validator(each, registry=registry, format_checker=FORMATS) for each in both)
    return grant, package


def codes(published: Path, name: str) -> set[str]:
    """The codes of a codelist."""
    with (published / "codelists" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["Code"].strip() for row in csv.DictReader(file)}


def flattened_back(published: Path, text: bytes, folder: Path) -> list[dict[str, Any]]:
    """The grants that flatten-tool, which 360Giving's own tools read spreadsheets by, makes of a CSV file."""
    (folder / "csv").mkdir()
    (folder / "csv" / "grants.csv").write_bytes(text)
    flattentool.unflatten(
        str(folder / "csv"), input_format="csv", root_list_path="grants", id_name="id", convert_titles=True,
        schema=str(published / "360-giving-schema.json"), output_name=str(folder / "out.json"), metatab_name="",
    )  # fmt: skip
    return list(json.loads((folder / "out.json").read_bytes())["grants"])
