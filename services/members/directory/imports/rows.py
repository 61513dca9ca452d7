"""One row of a file: what it says of a person, or all that is wrong with it. Pure; runs in the CPU process."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import msgspec
from pydantic import ValidationError

from services.members.directory.custom_fields.models import FieldKind
from services.members.directory.imports.columns import SINGLE, Column
from services.members.directory.people.ages import band_on
from services.members.directory.people.models import AgeBand
from services.members.directory.people.schemas import NewPerson
from services.members.trust.permissions.models import Decision
from shared import csv_out
from shared.errors import Fault

_YES = frozenset({"yes", "y", "true", "1", "given", "ie", "oui", "ja"})
_NO = frozenset({"no", "n", "false", "0", "refused", "na", "non", "nein"})
_BRITISH = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_SEPARATORS = re.compile(r"[;|]")
_MEANING = {"emails": "email", "phones": "phone", "external_ids": "external_id"}
"""What columns of a field are called where that is not its own name."""


class CustomRule(msgspec.Struct, frozen=True):
    """A custom field that a column fills."""

    kind: FieldKind
    choices: Sequence[str]
    retired: bool


class Plan(msgspec.Struct, frozen=True):
    """How rows are read: what the columns say, the custom fields that they fill, and what day it is."""

    columns: Sequence[Column]
    width: int
    custom: Mapping[str, CustomRule]
    today: date


class Allowed(NamedTuple):
    """What a person decided about a purpose and a channel."""

    purpose: str
    channel: str
    decision: Decision


class CheckedRow(NamedTuple):
    """A row with nothing wrong: its number in the file, and what it says."""

    number: int
    person: NewPerson
    permissions: Sequence[Allowed]


class _Bad(Exception):
    def __init__(self, code: str, reason: str) -> None:
        super().__init__(code)
        self.code, self.reason = code, reason


def check(number: int, record: Sequence[str], plan: Plan) -> CheckedRow | list[Fault]:
    """The row, or its faults, each by row and column; none repeats what the cell holds."""
    if len(record) != plan.width:
        reason = f"the row has {len(record)} cells and the header {plan.width}"
        return [Fault(None, reason, "cell_count", number)]
    reading = _Reading(number, plan)
    for column in plan.columns:
        cell = csv_out.plain(record[column.place].strip())
        if cell:
            reading.take(column, cell)
    return reading.finished()


def ids_of(record: Sequence[str], plan: Plan) -> list[tuple[str, str]]:
    """What a row calls its person, by system and id, whatever else is wrong with it."""
    if len(record) != plan.width:
        return []
    cells = [
        (column.meaning.partition(".")[2], csv_out.plain(record[column.place].strip()))
        for column in plan.columns
        if column.meaning.startswith("external_id.")
    ]
    return [(system, cell) for system, cell in cells if cell]


class _Reading:
    """One row while it is read."""

    def __init__(self, number: int, plan: Plan) -> None:
        self._number = number
        self._plan = plan
        self._said: dict[str, object] = {}
        self._lists: dict[str, list[tuple[str, object]]] = {}
        self._custom: dict[str, object] = {}
        self._permissions: list[Allowed] = []
        self._faults: list[Fault] = []

    def take(self, column: Column, cell: str) -> None:
        """Take what one cell says."""
        field, _, rest = column.meaning.partition(".")
        try:
            if field in SINGLE:
                self._said[field] = _day(cell) if field == "date_of_birth" else cell
            elif field == "external_id":
                self._add("external_ids", column, {"system": rest, "id": cell})
            elif field == "permission":
                purpose, _, channel = rest.partition(".")
                decision = Decision.GIVEN if _yes(cell) else Decision.REFUSED
                self._permissions.append(Allowed(purpose, channel, decision))
            elif field == "custom":
                self._custom[rest] = _custom(self._plan.custom.get(rest), cell)
            else:
                self._take_several(field, column, cell)
        except _Bad as bad:
            self._faults.append(Fault(None, bad.reason, bad.code, self._number, column.name))

    def _take_several(self, field: str, column: Column, cell: str) -> None:
        for word in filter(None, (word.strip() for word in _SEPARATORS.split(cell))):
            if field == "email":
                self._add("emails", column, {"address": word})
            elif field == "phone":
                self._add("phones", column, {"number": word})
            else:
                self._add(field, column, word)

    def finished(self) -> CheckedRow | list[Fault]:
        """What the row says, held to the rules for a new person."""
        said = self._said | {field: [value for _, value in values] for field, values in self._lists.items()}
        if self._custom:
            said["custom"] = self._custom
        try:
            person = NewPerson.model_validate(said)
        except ValidationError as error:
            return [*self._faults, *self._of_pydantic(error)]
        self._faults += self._of_age(person)
        if not person.external_ids:
            self._faults.append(self._fault("external_ids", 0, "missing", "the row names no id of the person"))
        return self._faults or CheckedRow(self._number, person, self._permissions)

    def _add(self, field: str, column: Column, value: object) -> None:
        values = self._lists.setdefault(field, [])
        if all(_same(known) != _same(value) for _, known in values):  # several columns may say the same
            values.append((column.name, value))

    def _of_pydantic(self, error: ValidationError) -> Iterator[Fault]:
        for fault in error.errors(include_url=False, include_context=False, include_input=False):
            field, *rest = fault["loc"]
            place = rest[0] if rest and isinstance(rest[0], int) else 0
            reason = "the row needs this" if fault["type"] == "missing" else _without_value(fault["type"], fault["msg"])
            yield self._fault(str(field), place, fault["type"], reason)

    def _of_age(self, person: NewPerson) -> Iterator[Fault]:
        band = person.age_band
        if person.date_of_birth is not None:
            if person.date_of_birth > self._plan.today:
                yield self._fault("date_of_birth", 0, "in_the_future", "is in the future")
                return
            found = band_on(person.date_of_birth, self._plan.today)
            if band not in (AgeBand.NOT_ASKED, found):
                yield self._fault("age_band", 0, "age_band_conflicts", "is not that of the date of birth")
            band = found
        if band is AgeBand.UNDER_13:
            field = "age_band" if person.date_of_birth is None else "date_of_birth"
            yield self._fault(field, 0, "under_13", "is under 13: a child is counted and not named")

    def _fault(self, field: str, place: int, code: str, reason: str) -> Fault:
        """A fault of a field of the person, at the column that it was read from, or that it would be read from."""
        values = self._lists.get(field, [])
        column = values[place][0] if place < len(values) else self._column_of(field)
        return Fault(None, reason, code, self._number, column)

    def _column_of(self, field: str) -> str | None:
        meaning = _MEANING.get(field, field)
        return next((each.name for each in self._plan.columns if each.meaning.split(".")[0] == meaning), None)


def _same(value: object) -> object:
    return value.casefold() if isinstance(value, str) else value


def _without_value(kind: str, message: str) -> str:
    return "does not have the form that is documented for it" if kind == "string_pattern_mismatch" else message


def _yes(cell: str) -> bool:
    word = cell.casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise _Bad("not_yes_or_no", "is neither yes nor no")


def _day(cell: str) -> str:
    """A day as ISO 8601 writes it, from that or from day/month/year."""
    british = _BRITISH.fullmatch(cell)
    text = f"{british[3]}-{int(british[2]):02}-{int(british[1]):02}" if british else cell
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise _Bad("not_a_date", "is not a date such as 2026-03-31 or 31/03/2026") from None


def _custom(rule: CustomRule | None, cell: str) -> str | bool | float:
    if rule is None or rule.retired:
        raise _Bad("unknown_field", "is no custom field that takes values")
    match rule.kind:
        case FieldKind.YES_NO:
            return _yes(cell)
        case FieldKind.DATE:
            return _day(cell)
        case FieldKind.NUMBER:
            return _number(cell)
        case FieldKind.CHOICE if cell not in rule.choices:
            raise _Bad("wrong_kind", "is none of the choices of the field")
        case FieldKind.TEXT if len(cell) > 1000:
            raise _Bad("wrong_kind", "has at most 1000 characters")
    return cell


def _number(cell: str) -> float:
    try:
        number = float(cell)
    except ValueError:
        raise _Bad("wrong_kind", "is not a number") from None
    if number in (float("inf"), float("-inf")) or number != number:
        raise _Bad("wrong_kind", "is not a number")
    return number
