"""Where an event's subject can be read: held against the document that says which routes there are."""

import json
import re

from services.gateway.links import kinds, path_of
from services.gateway.openapi import FILE

_DIGITS = "01j5x3m0e8f7v9q2k4t6w8y0ab"


def test_each_link_is_a_route_that_shows_one_of_its_kind() -> None:
    routes = _shown_by()
    for kind in kinds():
        path = path_of(f"{kind}_{_DIGITS}")
        assert path is not None
        assert path.rpartition("/")[0] in routes[kind], kind


def test_what_no_route_shows_has_no_link() -> None:
    assert path_of(f"nothing_{_DIGITS}") is None
    assert path_of("E07000080") is None


def _shown_by() -> dict[str, set[str]]:
    """By the prefix of an id: the routes that show one thing by it, without the id."""
    found: dict[str, set[str]] = {}
    for path, operations in json.loads(FILE.read_bytes())["paths"].items():
        shows_one = re.fullmatch(r"(/v1/[^{]+)/\{\w+\}", path)
        for parameter in operations.get("get", {}).get("parameters", ()) if shows_one else ():
            if parameter.get("in") != "path":
                continue
            kind = re.match(r"\^([a-z_]+?)_\[0-7\]", parameter["schema"].get("pattern", ""))
            if shows_one and kind:
                found.setdefault(kind[1], set()).add(shows_one[1])
    return found
