"""Disaggregation: the dimensions that a version's figures are broken down by, and the categories of each. Pure.

A cell is written `age_band=16_34;sex=female`, its dimensions in order; that of everybody together names none.
"""

import re
from collections.abc import Sequence
from typing import TypedDict

_CELL = re.compile("[a-z][a-z0-9_]{0,39}=[a-z0-9_+-]{1,40}(;[a-z][a-z0-9_]{0,39}=[a-z0-9_+-]{1,40}){0,5}")


class Category(TypedDict):
    """One category: the word that cells are written with, and what people read."""

    key: str
    title: str


class Dimension(TypedDict):
    """One way to break figures down. `ordered`: the categories go from the lowest to the highest, as deprivation
    deciles do. `exhaustive`: everybody is in exactly one of them, so that they add up to the whole."""

    key: str
    title: str
    ordered: bool
    exhaustive: bool
    categories: list[Category]


def canonical(cell: str) -> str | None:
    """A broken-down cell with its dimensions in order; None where it is not well formed or names a dimension twice."""
    parts = sorted(cell.split(";"))
    if _CELL.fullmatch(cell) is None or len({part.partition("=")[0] for part in parts}) < len(parts):
        return None
    return ";".join(parts)


def unknown_in(cell: str, scheme: Sequence[Dimension]) -> str | None:
    """What in a well-formed cell the scheme does not have, in words; None where there is nothing.

    A version without a scheme leaves it to its reporters: every cell is known.
    """
    if not scheme or "=" not in cell:
        return None
    for part in cell.split(";"):
        key, _, category = part.partition("=")
        dimension = next((found for found in scheme if found["key"] == key), None)
        if dimension is None:
            return f"the version is not broken down by {key}"
        if all(found["key"] != category for found in dimension["categories"]):
            return f"{key} has no category {category}"
    return None
