"""A person as a row of CSV, under the names of columns that an import understands."""

from collections.abc import Sequence

from services.members.directory.people.models import Person as Stored
from services.members.directory.people.shown import Person

_FIELDS = ("given_name", "family_name", "known_as", "postcode", "age_band", "date_of_birth", "access_needs")
_LISTS = ("languages", "contact_preference", "interests", "skills", "tags")
BETWEEN = ";"
"""Between the values of one cell."""


def header(systems: Sequence[str], keys: Sequence[str]) -> list[str]:
    """The names of the columns, for the systems and custom fields that the movement has."""
    return [
        *("id", *_FIELDS, "email", "phone", *_LISTS, "rung", "created_at", "updated_at"),
        *(f"external_id.{system}" for system in systems),
        *(f"custom.{key}" for key in keys),
    ]


def row(stored: Stored, systems: Sequence[str], keys: Sequence[str]) -> list[object]:
    """The person's cells, in the order of the header."""
    person = Person.of(stored)
    ids = [(external.system, external.id) for external in person.external_ids]
    return [
        person.id,
        *(getattr(person, field) for field in _FIELDS),
        BETWEEN.join(email.address for email in person.emails),
        BETWEEN.join(phone.number for phone in person.phones),
        *(BETWEEN.join(getattr(person, field)) for field in _LISTS),
        None if person.membership is None else person.membership.rung,
        person.created_at.isoformat(),
        person.updated_at.isoformat(),
        *(BETWEEN.join(known for system, known in ids if system == wanted) for wanted in systems),
        *(_cell(person.custom.get(key)) for key in keys),
    ]


def _cell(value: object) -> object:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value
