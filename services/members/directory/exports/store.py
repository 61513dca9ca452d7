"""Which columns an export of a movement's people has."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.directory.custom_fields.models import CustomField, Noun
from services.members.directory.people.models import ExternalId, Person


def systems(session: Session, movement: str) -> Sequence[str]:
    """The systems that call the movement's people by ids of theirs."""
    query = (
        sa.select(ExternalId.system)
        .join(Person, (Person.movement == ExternalId.movement) & (Person.id == ExternalId.person))
        .where(ExternalId.movement == movement)
    )
    return session.scalars(query.distinct().order_by(ExternalId.system)).all()


def custom_keys(session: Session, movement: str) -> Sequence[str]:
    """The keys of the custom fields of people."""
    query = sa.select(CustomField.key).where(CustomField.movement == movement, CustomField.noun == Noun.PERSON)
    return session.scalars(query.order_by(CustomField.key)).all()
