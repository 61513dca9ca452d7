"""Every SQL statement about ids for which others answer."""

from collections.abc import Collection, Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.grants.people.models import MergedPerson


def keep(session: Session, movement: str, person: str, into: str) -> None:
    """Have another id answer for this one."""
    session.merge(MergedPerson(movement=movement, person=person, into=into))


def remove(session: Session, movement: str, person: str) -> None:
    """Have an id answer for itself again."""
    session.execute(sa.delete(MergedPerson).where(MergedPerson.movement == movement, MergedPerson.person == person))


def forget(session: Session, movement: str, people: Collection[str]) -> None:
    """Take away that any of these ids ever answered for another."""
    either = sa.or_(MergedPerson.person.in_(people), MergedPerson.into.in_(people))
    session.execute(sa.delete(MergedPerson).where(MergedPerson.movement == movement, either))


def present_ids(session: Session, movement: str, people: Collection[str]) -> Mapping[str, str]:
    """The id that answers now for each of these."""
    answered_for = {person: person for person in people}
    while asked := set(answered_for.values()):
        query = sa.select(MergedPerson.person, MergedPerson.into).where(
            MergedPerson.movement == movement, MergedPerson.person.in_(asked)
        )
        into = dict(session.execute(query).all())
        if not into:
            break
        answered_for = {person: into.get(now, now) for person, now in answered_for.items()}
    return answered_for


def every_id(session: Session, movement: str, person: str) -> set[str]:
    """All ids that somebody ever had, by any of them."""
    found = ids = set(present_ids(session, movement, [person]).values())
    while found:
        query = sa.select(MergedPerson.person).where(MergedPerson.movement == movement, MergedPerson.into.in_(found))
        found = set(session.scalars(query)) - ids
        ids |= found
    return ids
