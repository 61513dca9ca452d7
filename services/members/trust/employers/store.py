"""The SQL by which a caller's own staff is kept out of what names people."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from services.members import days
from services.members.directory.affiliations.models import Affiliation
from services.members.directory.organisations import store as organisations
from services.members.directory.organisations.models import Organisation
from services.members.trust.employers.models import OwnStaff
from shared.db.session import seen_by

PersonColumn = InstrumentedAttribute[str] | InstrumentedAttribute[str | None] | sa.ColumnElement[str | None]


def staff(session: Session, movement: str, organisation: str) -> sa.Select[str]:
    """Who has a place today in an organisation or in a part of it, however deep."""
    top = organisations.present_id(session, movement, organisation)
    within = sa.select(Organisation.id).where(Organisation.movement == movement, Organisation.id == top)
    tree = within.cte("employer", recursive=True)
    tree = tree.union(
        sa.select(Organisation.id).where(Organisation.movement == movement, Organisation.parent == tree.c.id)
    )
    today = days.today(session, movement)
    return sa.select(Affiliation.person).where(
        Affiliation.movement == movement,
        Affiliation.organisation.in_(sa.select(tree.c.id)),
        Affiliation.ended_on.is_(None) | (Affiliation.ended_on > today),
    )


def not_own_staff(session: Session, movement: str, person: PersonColumn) -> Sequence[sa.ColumnElement[bool]]:
    """The conditions that keep the caller's own staff out of a query; none where it acts for no organisation.

    A row without a person stays: it names nobody.
    """
    organisation = seen_by(session)
    if organisation is None:
        return ()
    return (person.is_(None) | person.not_in(staff(session, movement, organisation)),)


def own_staff(session: Session, movement: str) -> frozenset[str]:
    """The caller's own staff, whom a list that is made in memory leaves out."""
    organisation = seen_by(session)
    return frozenset() if organisation is None else frozenset(session.scalars(staff(session, movement, organisation)))


def is_own_staff(session: Session, movement: str, person: str | None) -> bool:
    """Whether the caller acts for an organisation that the person, by the id that they have now, belongs to."""
    organisation = seen_by(session)
    if organisation is None or person is None:
        return False
    query = staff(session, movement, organisation).where(Affiliation.person == person)
    return session.scalar(query.limit(1)) is not None


def refuse_own_staff(session: Session, movement: str, person: str | None) -> None:
    """Raise OwnStaff where the caller acts for an organisation that the person belongs to."""
    if is_own_staff(session, movement, person):
        raise OwnStaff
