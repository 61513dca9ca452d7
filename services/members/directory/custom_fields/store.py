"""Every SQL statement about custom fields and their values."""

from collections.abc import Collection, Iterable, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After, bare, page
from services.members.directory.custom_fields.models import CustomField, Noun, OrganisationValue, PersonValue
from shared.db.hot import Hot, hot

_add: Mapping[Noun, Hot] = {
    Noun.PERSON: hot(sa.insert(PersonValue)),
    Noun.ORGANISATION: hot(sa.insert(OrganisationValue)),
}


def add(session: Session, field: CustomField) -> None:
    """Insert a definition, at once."""
    session.add(field)
    session.flush()


def find(session: Session, movement: str, field: str) -> CustomField | None:
    """One definition, locked until the transaction ends."""
    query = sa.select(CustomField).where(CustomField.movement == movement, CustomField.id == field)
    return session.scalar(query.with_for_update())


def by_key(session: Session, movement: str, noun: str, keys: Collection[str]) -> Mapping[str, CustomField]:
    """The definitions of these keys, by key."""
    query = sa.select(CustomField).where(
        CustomField.movement == movement, CustomField.noun == noun, CustomField.key.in_(keys)
    )
    return {field.key: field for field in session.scalars(query)}


def list_fields(
    session: Session, movement: str, *, noun: str | None, after: After, limit: int
) -> Sequence[CustomField]:
    """Definitions in the order of their making, those after ``after`` first."""
    query = sa.select(CustomField).where(CustomField.movement == movement)
    if noun is not None:
        query = query.where(CustomField.noun == noun)
    return session.scalars(page(query, CustomField.id, after, limit)).all()


def put_values(
    session: Session, movement: str, noun: Noun, holder: str, values: Iterable[PersonValue | OrganisationValue]
) -> None:
    """Insert the values of somebody's fields, by the end of the transaction."""
    for value in values:
        _add[noun].later(session, bare(value) | {"movement": movement, noun.value: holder})


def clear_values(session: Session, movement: str, noun: Noun, holder: str, keys: Collection[str]) -> None:
    """Take away what somebody has in these fields."""
    if noun is Noun.PERSON:
        query = sa.delete(PersonValue).where(PersonValue.movement == movement, PersonValue.person == holder)
        session.execute(query.where(PersonValue.key.in_(keys)))
    else:
        table = OrganisationValue
        query = sa.delete(table).where(table.movement == movement, table.organisation == holder)
        session.execute(query.where(table.key.in_(keys)))
