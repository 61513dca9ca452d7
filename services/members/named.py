"""Who is named in a request: people and organisations of the movement, by the ids that they have now."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, TypeVar

from sqlalchemy.orm import Session

from services.members.directory.organisations import store as organisations_store
from services.members.directory.people import store as people_store
from shared.errors import Fault

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Chosen = TypeVar("Chosen", bound="DataclassInstance")

_NOBODY: Mapping[str, str | None] = {}


@dataclass(frozen=True, slots=True)
class Named:
    """What became of the ids of a request; a pointer that named nobody is in neither."""

    ids: Mapping[str, str]
    """By pointer the present id, another one than was sent where there was a merger."""
    faults: list[Fault]
    """A fault for each who is nobody here: ``unknown_person`` or ``unknown_organisation``."""

    def at(self, pointer: str) -> str | None:
        """Who is named there."""
        return self.ids.get(pointer)


def named(
    session: Session,
    movement: str,
    *,
    people: Mapping[str, str | None] = _NOBODY,
    organisations: Mapping[str, str | None] = _NOBODY,
) -> Named:
    """Look up who is named where, each given by the pointer of its place in the request."""
    ids: dict[str, str] = {}
    faults: list[Fault] = []
    for kind, given, store in (
        ("person", people, _PEOPLE),
        ("organisation", organisations, _ORGANISATIONS),
    ):
        asked = {pointer: sent for pointer, sent in given.items() if sent is not None}
        if not asked:
            continue
        now = store.current(session, movement, set(asked.values()))
        known = store.known(session, movement, set(now.values()))
        for pointer, sent in asked.items():
            if now[sent] in known:
                ids[pointer] = now[sent]
            else:
                faults.append(Fault(pointer, f"is no {kind} of this movement", f"unknown_{kind}"))
    return Named(ids, faults)


def person_now(session: Session, movement: str, person: str | None) -> str | None:
    """The id that somebody has now, for a list that may be asked for by any id that they ever had."""
    return None if person is None else people_store.present_id(session, movement, person)


def organisation_now(session: Session, movement: str, organisation: str | None) -> str | None:
    """The id that an organisation has now, for a list that may be asked for by any id that it ever had."""
    return None if organisation is None else organisations_store.present_id(session, movement, organisation)


def by_present_ids(
    session: Session,
    movement: str,
    chosen: Chosen,
    *,
    people: Collection[str] = (),
    organisations: Collection[str] = (),
) -> Chosen:
    """What a list is asked for, by the present ids of those whom these fields name by any id that they ever had."""
    now: dict[str, str] = {}
    for fields, store in ((people, _PEOPLE), (organisations, _ORGANISATIONS)):
        asked = {field: given for field in fields if (given := getattr(chosen, field)) is not None}
        if asked:
            ids = store.current(session, movement, {*asked.values()})
            now |= {field: ids[given] for field, given in asked.items()}
    return replace(chosen, **now)


class _Directory(Protocol):
    """What the stores of people and of organisations both answer."""

    def current(self, session: Session, movement: str, ids: Collection[str], /) -> Mapping[str, str]: ...

    def known(self, session: Session, movement: str, ids: Collection[str], /) -> set[str]: ...


_PEOPLE: _Directory = people_store
_ORGANISATIONS: _Directory = organisations_store
