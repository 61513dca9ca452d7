"""Defining custom fields, and holding what is written in them to their kinds."""

import math
from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.members.base import After
from services.members.directory.custom_fields import store
from services.members.directory.custom_fields.models import (
    CustomField,
    FieldKind,
    Noun,
    OrganisationValue,
    PersonValue,
    Value,
)
from services.members.directory.custom_fields.schemas import CustomFieldChanges, Given, NewCustomField
from shared import clock
from shared.editing import hold_to
from shared.errors import Conflict, Fault, Invalid, NotFound
from shared.ids import new_id

_LONGEST = 1000
_COLUMN = {FieldKind.NUMBER: "number", FieldKind.DATE: "day", FieldKind.YES_NO: "yes"}
_TABLE: Mapping[Noun, type[PersonValue | OrganisationValue]] = {
    Noun.PERSON: PersonValue,
    Noun.ORGANISATION: OrganisationValue,
}


class KeyTaken(Conflict):
    """The movement has a field of that key already, perhaps a retired one."""

    code = "field_key_taken"
    title = "There is a field of this key already"


class _Misfit(Exception):
    """A value that the field cannot hold: a stable code, and a sentence that does not repeat it."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(code)
        self.code, self.reason = code, reason


def define(session: Session, movement: str, said: NewCustomField) -> CustomField:
    """Add a field to the movement's people or organisations. Raises KeyTaken."""
    if store.by_key(session, movement, said.of, [said.key]):
        raise KeyTaken
    at = clock.now()
    field = CustomField(
        movement=movement, id=new_id("field"), noun=said.of, key=said.key, name=said.name, kind=said.kind,
        choices=said.choices, retired=False, version=1, created_at=at, updated_at=at,
    )  # fmt: skip
    try:
        store.add(session, field)
    except IntegrityError:  # somebody else defined it at the same moment
        raise KeyTaken from None
    return field


def change(session: Session, movement: str, field: str, said: CustomFieldChanges, expected: int | None) -> CustomField:
    """Rename a field, give it other choices, retire it or take it up again; values stay. Raises NotFound."""
    found = store.find(session, movement, field)
    if found is None:
        raise NotFound
    hold_to(found.version, expected)
    if "choices" in said.model_fields_set and (found.kind == FieldKind.CHOICE) != bool(said.choices):
        raise Invalid(faults=[Fault("/choices", "a field of the kind `choice` has some, no other does", "choices")])
    for name in said.model_fields_set:
        setattr(found, name, getattr(said, name))
    found.changed(clock.now())
    return found


def list_fields(
    session: Session, movement: str, *, noun: Noun | None, after: After, limit: int
) -> Sequence[CustomField]:
    """The movement's fields, the oldest first."""
    return store.list_fields(session, movement, noun=noun, after=after, limit=limit)


def write_first(
    session: Session, movement: str, noun: Noun, holder: str, given: Mapping[str, Given], place: str
) -> None:
    """Store what is said of somebody new. ``place`` is the pointer that the values were sent under. Raises Invalid."""
    if given:
        store.put_values(session, movement, noun, holder, checked(session, movement, noun, given, place))


def write(session: Session, movement: str, noun: Noun, holder: str, given: Mapping[str, Given], place: str) -> None:
    """Replace those values that are said, and take away those that are null; others stay. Raises Invalid."""
    if given:
        values = checked(session, movement, noun, given, place)
        store.clear_values(session, movement, noun, holder, given.keys())
        store.put_values(session, movement, noun, holder, values)


def checked(
    session: Session, movement: str, noun: Noun, given: Mapping[str, Given], place: str
) -> list[PersonValue | OrganisationValue]:
    """The values as rows that lack whose they are. Raises Invalid with a fault for each that its field cannot hold."""
    fields, faults = store.by_key(session, movement, noun, given.keys()), []
    rows: list[PersonValue | OrganisationValue] = []
    for key, said in given.items():
        try:
            value = _fit(fields.get(key), said)
        except _Misfit as misfit:
            faults.append(Fault(f"{place}/{key}", misfit.reason, misfit.code))
            continue
        if value is not None:
            column = _COLUMN.get(FieldKind(fields[key].kind), "text")
            rows.append(_TABLE[noun](key=key, **{column: value}))
    if faults:
        raise Invalid(faults=faults)
    return rows


def _fit(field: CustomField | None, said: Given) -> Value | None:
    """What is said, as the field holds it; None takes a value away, from a retired field too. Raises _Misfit."""
    if field is None:
        raise _Misfit("unknown_field", "is no field of this movement")
    if said is None:
        return None
    if field.retired:
        raise _Misfit("retired_field", "is retired and takes no new values")
    match FieldKind(field.kind), said:
        case FieldKind.YES_NO, bool():
            return said
        case FieldKind.NUMBER, int() | float() if not isinstance(said, bool) and math.isfinite(said):
            return float(said)
        case FieldKind.DATE, str():
            return _day(said)
        case FieldKind.CHOICE, str() if said in field.choices:
            return said
        case FieldKind.TEXT, str() if 0 < len(said.strip()) <= _LONGEST and "\x00" not in said:
            return said.strip()
    raise _Misfit("wrong_kind", f"is not what a field of the kind {field.kind} holds")


def _day(said: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise _Misfit("wrong_kind", "is not a date such as 2026-03-31") from None
