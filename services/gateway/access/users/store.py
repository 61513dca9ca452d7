"""Every statement about users."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import orm

from services.gateway.access.users.models import MergedPerson, User


def find(session: orm.Session, movement: str, user: str, *, lock: bool = False) -> User | None:
    """A user of this movement; ``lock`` holds the row until the transaction ends (PostgreSQL)."""
    return session.get(User, (movement, user), with_for_update=lock or None)


def by_email(session: orm.Session, movement: str, email: str) -> User | None:
    """The user of this movement who signs in with this address."""
    return session.scalar(sa.select(User).where(User.movement == movement, User.email == email))


def page(session: orm.Session, movement: str, after: str, limit: int) -> Sequence[User]:
    """Users in the order of their ids, behind the one given (empty: from the first); those who have left too."""
    statement = sa.select(User).where(User.movement == movement, User.id > after).order_by(User.id).limit(limit)
    return session.scalars(statement).all()


def of_person(session: orm.Session, movement: str, person: str) -> Sequence[User]:
    """The users who are this person, by whichever of their ids, locked (PostgreSQL), in the order of their own."""
    statement = sa.select(User).where(User.movement == movement, User.person.in_(ids_of(session, movement, person)))
    return session.scalars(statement.order_by(User.id).with_for_update()).all()


def ids_of(session: orm.Session, movement: str, person: str) -> set[str]:
    """Every id by which somebody is known: their own, and those of the records that were merged with it."""
    merged = sa.select(MergedPerson.merged, MergedPerson.into).where(MergedPerson.movement == movement)
    found: set[str] = set()
    further = {person}
    while further:
        found |= further
        either = sa.or_(MergedPerson.merged.in_(further), MergedPerson.into.in_(further))
        further = {one for pair in session.execute(merged.where(either)) for one in pair} - found
    return found


def merge_person(session: orm.Session, movement: str, merged: str, into: str) -> None:
    """An id answers for another person from now on."""
    session.merge(MergedPerson(movement=movement, merged=merged, into=into))


def unmerge_person(session: orm.Session, movement: str, merged: str) -> None:
    """An id answers for itself again."""
    theirs = (MergedPerson.movement == movement, MergedPerson.merged == merged)
    session.execute(sa.delete(MergedPerson).where(*theirs))


def of_handover(session: orm.Session, movement: str, handover: str) -> Sequence[User]:
    """The users who left through a handover."""
    statement = sa.select(User).where(User.movement == movement, User.handover == handover)
    return session.scalars(statement.order_by(User.id)).all()


def has_live(session: orm.Session, movement: str, role: str) -> bool:
    """Whether somebody who may sign in has a role."""
    statement = sa.select(User.id).where(User.movement == movement, User.role == role, User.ended_at.is_(None))
    return session.scalar(statement.limit(1)) is not None


def live_admins(session: orm.Session, movement: str) -> Sequence[str]:
    """The ids of the admins who may sign in, locked (PostgreSQL), so that two of them do not leave at once."""
    statement = sa.select(User.id).where(User.movement == movement, User.role == "admin", User.ended_at.is_(None))
    return session.scalars(statement.order_by(User.id).with_for_update()).all()
