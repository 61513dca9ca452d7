"""Whether somebody is so young that their own yes is not enough: who has parental responsibility says it too."""

from sqlalchemy.orm import Session

from services.members import days
from services.members.directory.people.models import AgeBand
from services.members.trust.children import allowing, store
from services.members.trust.children.rules import younger_than
from services.members.trust.jurisdictions import Jurisdiction

_ANYWHERE = 13
"""UK GDPR, article 8, as the Data Protection Act 2018, section 9, has it: nowhere does a younger child decide alone."""


def needed_under(session: Session, movement: str, person: str, band: AgeBand) -> int | None:
    """The age that somebody is, or may be, under for whom a parent decides too; None where they decide alone.

    It is the one that the movement goes by where the child's programme takes place; the lowest where none is named.
    """
    born, jurisdiction = store.programme_of(session, movement, person)
    age = _ANYWHERE
    if jurisdiction is not None:
        age = max(age, allowing.in_force(session, movement)[Jurisdiction(jurisdiction)].permission_under)
    return age if younger_than(age, band, born, days.today(session, movement)) else None
