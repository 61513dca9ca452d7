"""Which column of a file says what of a person. Pure.

A meaning is a field of a person (`given_name`), or has parts: `external_id.civicrm`, `permission.news.email`,
`custom.shirt_size`. A field that holds several values may have several columns.
"""

import csv
import re
from collections.abc import Sequence
from typing import NamedTuple

from services.members.trust.permissions.models import Channel
from shared.errors import Fault, Invalid

SINGLE = ("given_name", "family_name", "known_as", "postcode", "age_band", "date_of_birth", "access_needs")
SEVERAL = ("email", "phone", "languages", "contact_preference", "interests", "skills", "tags")
_CHANNELS = "|".join(Channel)
_PARTS = re.compile(
    rf"(external_id\.[a-z][a-z0-9_]{{0,49}}|custom\.[a-z][a-z0-9_]{{0,49}}"
    rf"|permission\.[a-z][a-z0-9_]{{0,49}}\.({_CHANNELS}))"
)


class WrongColumns(Invalid):
    """The `columns` parameter does not say which column is which."""

    code, title = "invalid_columns", "The column mapping has faults"


class MissingColumns(Invalid):
    """The file lacks a column that is needed or was named, or has it twice."""

    code, title = "missing_columns", "The file's columns have faults"


class Column(NamedTuple):
    """A column of the file: where it stands, its own name, and what it says."""

    place: int
    name: str
    meaning: str


def is_meaning(text: str) -> bool:
    """Whether the text names something that a column can say."""
    return text in SINGLE or text in SEVERAL or _PARTS.fullmatch(text) is not None


def mapping(text: str) -> list[tuple[str, str]]:
    """Read `given_name:First name,email:E-mail`: meaning, colon, the file's own name of the column.

    A part that has a comma in it is put in quotation marks. Raises WrongColumns, with every fault.
    """
    pairs: list[tuple[str, str]] = []
    faults: list[Fault] = []
    for part in next(csv.reader([" ".join(text.splitlines())], skipinitialspace=True), []):
        meaning, colon, name = (piece.strip() for piece in part.partition(":"))
        if not colon or not name:
            faults.append(Fault("?columns", "is written like given_name:First name,email:E-mail", "invalid_columns"))
        elif not is_meaning(meaning):
            faults.append(Fault("?columns", "names something that no column can say", "unknown_meaning"))
        elif meaning not in SEVERAL and any(meaning == known for known, _ in pairs):
            faults.append(Fault("?columns", f"maps {meaning} twice", "repeated_meaning"))
        else:
            pairs.append((meaning, name))
    if faults:
        raise WrongColumns(faults=faults)
    return pairs


def found(header: Sequence[str], pairs: Sequence[tuple[str, str]]) -> list[Column]:
    """The file's columns that say something. Without pairs they are found by their names. Raises MissingColumns."""
    names = [name.strip() for name in header]
    wanted = list(pairs) or [(name, name) for name in names if is_meaning(name)]
    faults = [
        Fault(None, "the file has no such column" if name not in names else "the file has two such columns",
              "missing_column" if name not in names else "ambiguous_column", 0, name)
        for name in dict.fromkeys(name for _, name in wanted)
        if names.count(name) != 1
    ]  # fmt: skip
    meanings = [meaning for meaning, _ in wanted]
    if "given_name" not in meanings:
        faults.append(Fault(None, "the file needs a column that says this", "missing_column", 0, "given_name"))
    if not any(meaning.startswith("external_id.") for meaning in meanings):
        reason = "the file needs a column with the people's ids in the system that it comes from"
        faults.append(Fault(None, reason, "missing_column", 0, "external_id.<system>"))
    if faults:
        raise MissingColumns(faults=faults)
    return [Column(names.index(name), name, meaning) for meaning, name in wanted]
