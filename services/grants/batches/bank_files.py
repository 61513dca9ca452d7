"""What a bank's own file of results says, read to the last cell before anything of it is taken. Pure."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from services.grants.payments.models import PaymentState
from shared.errors import Fault, Invalid

FIELDS = ("reference", "outcome", "on", "reason")
"""What is read of each row; the reason may be missing."""
_AS_PEOPLE_DO = re.compile(r"(\d{2})/(\d{2})/(\d{4})")
"""How banks in the United Kingdom write days, where it is not as ISO 8601 says."""
_LONGEST_REASON = 300


class Row(NamedTuple):
    """One row: whose reference, which outcome in our word for it, the bank's day and its reason."""

    number: int
    reference: str
    outcome: PaymentState
    on: date
    reason: str | None


class Called(NamedTuple):
    """What the bank calls a field, and what it calls an outcome; what is left out has our name."""

    columns: Mapping[str, str]
    outcomes: Mapping[str, str]


def read(file: bytes, by: Called) -> Sequence[Row]:
    """The rows of a CSV file in UTF-8 with a header. Raises Invalid, with every fault by row and column."""
    try:
        reader = csv.DictReader(io.StringIO(file.decode("utf-8-sig"), newline=""))
        header = reader.fieldnames or ()
        rows = list(reader)
    except (UnicodeDecodeError, csv.Error):
        raise Invalid(faults=[Fault(None, "is no CSV file in UTF-8", "unreadable_file")]) from None
    called = {field: by.columns.get(field, field) for field in FIELDS}
    missing = [name for field, name in called.items() if name not in header and field != "reason"]
    if missing or not rows:
        faults = [Fault(None, "is not in the header", "missing_column", 0, name) for name in missing]
        raise Invalid(faults=faults or [Fault(None, "has no rows", "empty_file")])
    ours = {theirs.casefold(): outcome for outcome, theirs in by.outcomes.items()}
    faults, read_rows = [], []
    for number, row in enumerate(rows, 1):
        cells = {field: (row.get(name) or "").strip() for field, name in called.items()}
        on = _day(cells["on"])
        outcome = ours.get(cells["outcome"].casefold(), cells["outcome"].casefold())
        if outcome not in ("paid", "failed", "returned"):
            faults.append(Fault(None, "is no outcome", "unknown_outcome", number, called["outcome"]))
            continue
        if on is None:
            faults.append(
                Fault(None, "is no day, such as 2026-03-31 or 31/03/2026", "invalid_date", number, called["on"])
            )
        if len(cells["reason"]) > _LONGEST_REASON:
            faults.append(Fault(None, "is too long", "too_long", number, called["reason"]))
        if on is not None:
            read_rows.append(Row(number, cells["reference"], PaymentState(outcome), on, cells["reason"] or None))
    if faults:
        raise Invalid(faults=faults)
    return read_rows


def _day(text: str) -> date | None:
    people_do = _AS_PEOPLE_DO.fullmatch(text)
    try:
        return date.fromisoformat("-".join(reversed(people_do.groups())) if people_do else text)
    except ValueError:
        return None
