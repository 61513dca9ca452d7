"""Checking a file of grants in the CPU process: what is wrong with each, and what of it is taken, to disk.

A line of the file that it writes is a grant that can be taken, in the order of the file that was sent.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import msgspec

from services.grants.open_data.imports.reading import read
from services.grants.open_data.standard import rules
from services.grants.open_data.standard.codelists import CURRENCIES
from services.grants.open_data.standard.rules import Mended
from shared.errors import Fault
from shared.money import Money


class Taken(msgspec.Struct, frozen=True):
    """One grant that can be taken: the whole of it, what is looked for in it, and what is wrong with it."""

    number: int
    grant_id: str
    digest: str
    funder: str | None
    recipient: str | None
    amount: int | None
    currency: str | None
    awarded_on: date | None
    place: str | None
    grant: dict[str, object]
    faults: list[dict[str, str]]


class Checked(msgspec.Struct, frozen=True):
    """What a file came to: how many grants, how many can be taken, how many of these without a fault."""

    form: str
    rows: int
    takeable: int
    valid: int
    rules: Mapping[str, int]
    faults: Sequence[Fault]


class Paths(NamedTuple):
    """The files of one import on disk."""

    sent: Path
    taken: Path


def check(paths: Paths) -> Checked:
    """Read the file, note every rule that a grant breaks, and write those that can be taken. Raises UnreadableFile.

    A grant without an identifier, or with one that an earlier grant of the file has, cannot be taken: nobody could say
    which it is. What was mended is in the list of faults too, and makes no grant invalid.
    """
    sent = read(paths.sent.read_bytes())
    faults, counted = list(sent.faults), dict[str, int]()
    takeable = valid = 0
    seen: dict[str, int] = {}
    unfinished = paths.taken.with_suffix(".unfinished")
    with unfinished.open("wb") as written:
        for number, raw in enumerate(sent.grants, 1):
            mended = rules.mend(raw) if isinstance(raw, Mapping) else Mended({}, [])
            wrong = rules.faults(mended.grant if isinstance(raw, Mapping) else raw)
            identifier = mended.grant.get("id")
            if isinstance(identifier, str) and seen.setdefault(identifier, number) != number:
                wrong.append(Fault("/id", f"grant {seen[identifier]} has this identifier", "repeated_id"))
            elif isinstance(identifier, str) and identifier:
                takeable += 1
                valid += not wrong
                written.write(msgspec.json.encode(_taken(number, identifier, mended.grant, wrong)) + b"\n")
            for fault in (*mended.changes, *wrong):
                counted[fault.code or ""] = counted.get(fault.code or "", 0) + 1
                faults.append(Fault(fault.pointer, fault.reason, fault.code, number))
    unfinished.replace(paths.taken)
    return Checked(sent.form, len(sent.grants), takeable, valid, counted, faults)


def taken(paths: Paths, after: int) -> Iterator[Taken]:
    """The grants that can be taken, those behind this number of the file."""
    with paths.taken.open("rb") as lines:
        for line in lines:
            each = msgspec.json.decode(line, type=Taken)
            if each.number > after:
                yield each


def _taken(number: int, identifier: str, grant: dict[str, object], wrong: Sequence[Fault]) -> Taken:
    currency = grant.get("currency")
    known = currency if isinstance(currency, str) and currency in CURRENCIES else None
    return Taken(
        number=number,
        grant_id=identifier,
        digest=hashlib.sha256(json.dumps(grant, sort_keys=True).encode()).hexdigest(),
        funder=_first(grant, "fundingOrganization", "id"),
        recipient=_first(grant, "recipientOrganization", "id"),
        amount=_pence(grant.get("amountAwarded"), known),
        currency=known,
        awarded_on=_day(grant.get("awardDate")),
        place=_first(grant, "beneficiaryLocation", "geoCode"),
        grant=grant,
        faults=[{"pointer": fault.pointer or "", "code": fault.code or "", "reason": fault.reason} for fault in wrong],
    )


def _first(grant: Mapping[str, object], parts: str, field: str) -> str | None:
    listed = grant.get(parts)
    first = listed[0] if isinstance(listed, list) and listed else None
    value = first.get(field) if isinstance(first, Mapping) else None
    return value if isinstance(value, str) else None


def _pence(amount: object, currency: str | None) -> int | None:
    """The amount in the minor unit; None where it is none that money can be."""
    if currency is None or isinstance(amount, bool) or not isinstance(amount, int | float):
        return None
    try:
        return Money(amount=format(Decimal(str(amount)), "f"), currency=currency).pence
    except ValueError:  # a sign, more decimals than the currency has, more digits than money has
        return None


def _day(written: object) -> date | None:
    try:
        return date.fromisoformat(str(written)[:10])
    except ValueError:
        return None
