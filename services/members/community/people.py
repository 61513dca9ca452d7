"""Naming people in this room's requests: a person of the movement, by the id that they have now."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from services.members import named
from services.members.directory.people import store
from shared.errors import Invalid


def current(session: Session, movement: str, people: Mapping[str, str | None]) -> Mapping[str, str]:
    """By pointer, the present id of each person who is named there; a pointer that names nobody is left out.

    Raises Invalid (`unknown_person`) with a fault for each who is nobody of this movement.
    """
    found = named.named(session, movement, people=people)
    if found.faults:
        raise Invalid(faults=found.faults)
    return found.ids


def found(session: Session, movement: str, person: str | None) -> str | None:
    """The present id of somebody, or None where the movement knows nobody by it."""
    if person is None:
        return None
    now = store.present_id(session, movement, person)
    return now if store.known(session, movement, {now}) else None
