"""A data package: the grants of one file with who publishes them, as JSON and as CSV."""

import json
from collections.abc import Mapping, Sequence

import msgspec

from services.grants.open_data.standard import sheets
from shared import csv_out

VERSION = "1.4"
"""The version of the standard that a package names."""

CC_BY = "https://creativecommons.org/licenses/by/4.0/"
LICENCES = {
    CC_BY: "Creative Commons Attribution 4.0 International (CC BY 4.0)",
    "https://creativecommons.org/publicdomain/zero/1.0/": "CC0 1.0 Universal",
    "https://creativecommons.org/licenses/by-sa/4.0/": (
        "Creative Commons Attribution-ShareAlike 4.0 International (CC BY-SA 4.0)"
    ),
    "http://www.opendefinition.org/licenses/odc-pddl": "Open Data Commons Public Domain Dedication and Licence 1.0",
    "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/": "Open Government Licence 3.0 (UK)",
}
"""Licences by which 360Giving publishes data, by their addresses."""


class Publisher(msgspec.Struct, frozen=True):
    """Who answers for a file. ``prefix`` is the one that 360Giving gave them, without `360G-`."""

    prefix: str
    name: str
    identifier: str | None
    website: str | None


def as_json(grants: Sequence[Mapping[str, object]], about: Mapping[str, object]) -> bytes:
    """The package: what it is, and then its grants."""
    return json.dumps({"version": VERSION, **about, "grants": grants}, ensure_ascii=False).encode()


def as_csv(grants: Sequence[Mapping[str, object]]) -> bytes:
    """The grants as a spreadsheet, in UTF-8; flatten-tool makes of it the grants of the JSON again."""
    return csv_out.lines(sheets.table(grants))
