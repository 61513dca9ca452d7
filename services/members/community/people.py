"""Naming people in this room's requests: a person of the movement, by the id that they have now."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from services.members.directory.people import store
from shared.errors import Fault, Invalid


def current(session: Session, movement: str, named: Mapping[str, str | None]) -> dict[str, str]:
    """By pointer, the present id of each person who is named there; a pointer that names nobody is left out.

    Raises Invalid (`unknown_person`) with a fault for each who is nobody of this movement.
    """
    given = {pointer: person for pointer, person in named.items() if person is not None}
    if not given:
        return {}
    now = store.current(session, movement, set(given.values()))
    known = store.known(session, movement, set(now.values()))
    unknown = [pointer for pointer, person in given.items() if now[person] not in known]
    if unknown:
        raise Invalid(faults=[Fault(at, "is no person of this movement", "unknown_person") for at in unknown])
    return {pointer: now[person] for pointer, person in given.items()}


def found(session: Session, movement: str, person: str | None) -> str | None:
    """The present id of somebody, or None where the movement knows nobody by it."""
    if person is None:
        return None
    now = store.current(session, movement, {person})[person]
    return now if store.known(session, movement, {now}) else None
