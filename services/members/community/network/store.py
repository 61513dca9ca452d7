"""The SQL statements of the network that are not those of ties: a circle's own, and what people are called."""

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.community.circles.models import Term
from services.members.directory.affiliations.models import Affiliation
from services.members.directory.organisations.models import Organisation
from services.members.directory.people.models import Person


def circle_people(session: Session, movement: str, circle: str, day: date) -> set[str]:
    """The people who have a term in a circle on a day."""
    running = (sa.or_(Term.ended_on.is_(None), Term.ended_on > day), Term.first_day <= day)
    return set(
        session.scalars(sa.select(Term.person).where(Term.movement == movement, Term.circle == circle, *running))
    )


def circle_organisations(session: Session, movement: str, circle: str, day: date) -> set[str]:
    """The organisations of the people who have a term in a circle on a day."""
    there = circle_people(session, movement, circle, day)
    running = (
        sa.or_(Affiliation.started_on.is_(None), Affiliation.started_on <= day),
        sa.or_(Affiliation.ended_on.is_(None), Affiliation.ended_on > day),
    )
    query = sa.select(Affiliation.organisation).where(
        Affiliation.movement == movement, Affiliation.person.in_(there), *running
    )
    return set(session.scalars(query))


def names(session: Session, movement: str, ids: Collection[str]) -> dict[str, str]:
    """What people and organisations are called."""
    people = sa.select(Person.id, Person.known_as, Person.given_name, Person.family_name).where(
        Person.movement == movement, Person.id.in_(ids)
    )
    organisations = sa.select(Organisation.id, Organisation.name).where(
        Organisation.movement == movement, Organisation.id.in_(ids)
    )
    called = {
        person: " ".join(name for name in (known_as or given, family) if name)
        for person, known_as, given, family in session.execute(people)
    }
    return called | dict(session.execute(organisations).all())
