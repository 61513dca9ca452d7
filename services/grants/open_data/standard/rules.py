"""What is wrong with a grant by the standard, and with what its schema cannot say.

The schema's rules: what is there, of which kind, from which list. Beyond it: no identifier twice, codes of every list,
days that the calendar has, something awarded, identifiers that lead to somebody, and no address of anybody's mailbox.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from services.grants.open_data.standard.fields import GRANT, RECIPIENTS, Field, Kind
from shared.errors import Fault

INDIVIDUAL = "Individual Recipient"
"""What the standard's guidance calls everybody who is given a grant: individuals are published without their names."""

_DAY = re.compile(r"\d{4}-(0[1-9]|1[012])-(0[1-9]|[12]\d|3[01])")
_MONTH = re.compile(r"\d{4}(-(0[1-9]|1[012]))?")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s]+")
_MAILBOX = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_GRANT_ID = re.compile(r"360G-[A-Za-z0-9]+-\S+")
_ORGANISATION_ID = re.compile(r"(360G|[A-Z]{2})-[A-Za-z0-9]+-\S+")
_OLD_SPELLINGS = {"Y": "Yes", "N": "No", "yes": "Yes", "no": "No", "true": "Yes", "false": "No"}
_BARE_ADDRESS = re.compile(r"www\.[^\s/]+\.\S+", re.IGNORECASE)
_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
_INFINITE = float("inf")
_DEEPEST = 12
"""How deep the fields of a grant lie at most; the standard's own end at six."""
_OF_SOMEBODY = ("contactName", "email", "telephone")
"""Fields of an organisation that say how one person in it is reached."""


class Mended(NamedTuple):
    """A grant as we take it, and what we read otherwise than it was written."""

    grant: dict[str, object]
    changes: list[Fault]


def faults(grant: object) -> list[Fault]:
    """Everything that is wrong with one grant, each by the JSON pointer in it."""
    if not isinstance(grant, Mapping):
        return [Fault("", "is not an object", "wrong_kind")]
    recipients = [name for name in RECIPIENTS if name in grant]
    found = list(_parts("", GRANT, grant))
    if len(recipients) != 1:
        reason = "needs a recipient: an organisation or an individual, and not both"
        found.append(Fault("/recipientOrganization", reason, "one_recipient"))
    return [*found, *_beyond_the_schema(grant)]


def repeated(ids: Sequence[object]) -> Iterator[Fault]:
    """The grants, by number from 1, whose identifier an earlier one has."""
    first: dict[str, int] = {}
    for number, given in enumerate(ids, 1):
        if isinstance(given, str) and first.setdefault(given, number) != number:
            yield Fault("/id", f"grant {first[given]} has this identifier", "repeated_id", number)


def mend(grant: Mapping[str, object]) -> Mended:
    """Read what can mean one thing only as the standard writes it, and leave out what is not for us to keep.

    An earlier version's `Y` is `Yes`; `www.` begins an address; null is nothing; a person's name and how they are
    reached are not taken.
    """
    changes: list[Fault] = []
    mended = _kept("", grant, changes)
    spelt = _OLD_SPELLINGS.get(str(mended.get("fromOpenCall")))
    if spelt is not None:
        mended["fromOpenCall"] = spelt
        changes.append(Fault("/fromOpenCall", f"was read as {spelt}", "old_spelling"))
    individual = mended.get("recipientIndividual")
    if isinstance(individual, dict) and individual.get("name") not in (None, INDIVIDUAL):
        individual["name"] = INDIVIDUAL
        changes.append(Fault("/recipientIndividual/name", "was left out: individuals are anonymous", "name_left_out"))
    for place, organisation in _organisations(mended):
        _mend_organisation(place, organisation, changes)
    return Mended(mended, changes)


def _mend_organisation(place: str, organisation: dict[str, object], changes: list[Fault]) -> None:
    for field in _OF_SOMEBODY:
        if organisation.pop(field, None) is not None:
            reason = "was left out: it says how somebody is reached"
            changes.append(Fault(f"{place}/{field}", reason, "contact_left_out"))
    address = organisation.get("url")
    if isinstance(address, str) and _BARE_ADDRESS.fullmatch(address):
        organisation["url"] = f"http://{address}"
        changes.append(Fault(f"{place}/url", "was read as an address that begins with http://", "scheme_added"))


def _organisations(grant: Mapping[str, object]) -> Iterator[tuple[str, dict[str, object]]]:
    """Those who give and those who are given, each with its place in the grant."""
    for whose in ("recipientOrganization", "fundingOrganization"):
        listed = grant.get(whose)
        for at, organisation in enumerate(listed if isinstance(listed, list) else ()):
            if isinstance(organisation, dict):
                yield f"/{whose}/{at}", organisation


def _kept(place: str, part: Mapping[str, object], changes: list[Fault]) -> dict[str, object]:
    """The fields of a part that hold something that both databases and every tool can keep."""
    kept: dict[str, object] = {}
    for name, value in part.items():
        here = f"{place}/{name}"
        if value is None:
            changes.append(Fault(here, "was left out: it is empty", "empty_left_out"))
        elif not name.isprintable() or here.count("/") > _DEEPEST or value in (_INFINITE, -_INFINITE):
            changes.append(Fault(place, "a field was left out that cannot be kept", "field_left_out"))
        elif isinstance(value, Mapping):
            kept[name] = _kept(here, value, changes)
        elif isinstance(value, list):
            kept[name] = [
                _kept(f"{here}/{at}", each, changes) if isinstance(each, Mapping) else _kept_text(here, each, changes)
                for at, each in enumerate(value)
            ]
        else:
            kept[name] = _kept_text(here, value, changes)
    return kept


def _kept_text(here: str, value: object, changes: list[Fault]) -> object:
    if not isinstance(value, str) or not _UNKEEPABLE.search(value):
        return value
    changes.append(Fault(here, "a character was left out that no text can have", "character_left_out"))
    return _UNKEEPABLE.sub("", value)


def _parts(place: str, fields: Mapping[str, Field], of: Mapping[str, object]) -> Iterator[Fault]:
    for name, field in fields.items():
        here = f"{place}/{name}"
        if name not in of:
            if field.needed:
                yield Fault(here, "is missing", "missing")
        elif (value := of[name]) is not None:
            yield from _held(here, field, value)
        elif not field.empty:
            yield Fault(here, "must not be null; leave it out", "null")


def _held(here: str, field: Field, value: object) -> Iterator[Fault]:
    match field.kind:
        case Kind.PART if isinstance(value, Mapping):
            yield from _parts(here, field.parts, value)
        case Kind.PARTS | Kind.TEXTS | Kind.CODES if isinstance(value, list):
            if len(value) < (field.least or 0):
                yield Fault(here, "must not be an empty list", "empty_list")
            for at, each in enumerate(value):
                yield from _listed(f"{here}/{at}", field, each)
        case Kind.PART | Kind.PARTS | Kind.TEXTS | Kind.CODES:
            wanted = "an object" if field.kind is Kind.PART else "a list"
            yield Fault(here, f"must be {wanted}", "wrong_kind")
        case Kind.NUMBER:
            if isinstance(value, bool) or not isinstance(value, int | float):
                yield Fault(here, "must be a number", "wrong_kind")
            elif field.least is not None and value < field.least:
                yield Fault(here, f"must not be less than {field.least}", "too_small")
        case _ if not isinstance(value, str):
            yield Fault(here, "must be text", "wrong_kind")
        case _:
            yield from _written(here, field, value)


def _listed(here: str, field: Field, each: object) -> Iterator[Fault]:
    if field.kind is Kind.PARTS:
        if isinstance(each, Mapping):
            yield from _parts(here, field.parts, each)
        else:
            yield Fault(here, "must be an object", "wrong_kind")
    elif not isinstance(each, str):
        yield Fault(here, "must be text", "wrong_kind")
    elif field.kind is Kind.CODES and each not in field.codes:
        yield Fault(here, "is no code of the standard's list", "unknown_code")


def _written(here: str, field: Field, text: str) -> Iterator[Fault]:
    match field.kind:
        case Kind.CODE if text not in field.codes:
            yield Fault(here, "is no code of the standard's list", "unknown_code")
        case Kind.ADDRESS if not _ADDRESS.fullmatch(text):
            yield Fault(here, "must be an address that begins with https:// or the like", "not_an_address")
        case Kind.INSTANT if not _is_instant(text):
            yield Fault(here, "must be an instant such as 2026-03-31T09:30:00Z", "not_an_instant")
        case Kind.DAY | Kind.PERIOD if not (_is_day(text) or _is_instant(text)):
            if field.kind is Kind.DAY or not _MONTH.fullmatch(text):
                yield Fault(here, "must be a day that the calendar has, such as 2026-03-31", "not_a_day")
        case Kind.TEXT if _MAILBOX.search(text) and not here.endswith("/email"):
            yield Fault(here, "has somebody's e-mail address in it", "email_like")


def _beyond_the_schema(grant: Mapping[str, object]) -> Iterator[Fault]:
    amount = grant.get("amountAwarded")
    if isinstance(amount, int | float) and amount <= 0:
        yield Fault("/amountAwarded", "must be more than nothing", "nothing_awarded")
    named = grant.get("id")
    if isinstance(named, str) and not _GRANT_ID.fullmatch(named):
        reason = "must be 360G, the publisher's prefix and a reference, such as 360G-prefix-1"
        yield Fault("/id", reason, "malformed_id")
    for place, organisation in _organisations(grant):
        named = organisation.get("id")
        if isinstance(named, str) and not is_organisation_id(named):
            reason = "must be a register and a number in it, such as GB-CHC-1234567"
            yield Fault(f"{place}/id", reason, "malformed_id")


def is_organisation_id(text: str) -> bool:
    """Whether this is an organisation's identifier by the form of org-id.guide, such as GB-CHC-1234567."""
    return _ORGANISATION_ID.fullmatch(text) is not None


def has_mailbox(text: str) -> bool:
    """Whether the text has something like an e-mail address in it."""
    return _MAILBOX.search(text) is not None


def _is_day(text: str) -> bool:
    if not _DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_instant(text: str) -> bool:
    if not _INSTANT.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text.upper())
    except ValueError:
        return False
    return True
