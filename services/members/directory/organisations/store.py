"""Every SQL statement about organisations."""

from collections.abc import Collection, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After, page
from services.members.directory.organisations.models import MergedOrganisation, Organisation


def known(session: Session, movement: str, organisations: Collection[str]) -> set[str]:
    """Those of the ids that are organisations of the movement."""
    query = sa.select(Organisation.id).where(Organisation.movement == movement, Organisation.id.in_(organisations))
    return set(session.scalars(query))


def current(session: Session, movement: str, ids: Collection[str]) -> Mapping[str, str]:
    """The id that each of these organisations has now: another one for those that were merged, else its own.

    It says nothing about whether there is such an organisation.
    """
    query = sa.select(MergedOrganisation.merged, MergedOrganisation.organisation).where(
        MergedOrganisation.movement == movement, MergedOrganisation.merged.in_(ids)
    )
    return {given: given for given in ids} | dict(session.execute(query).all())


def find(session: Session, movement: str, organisation: str) -> Organisation | None:
    """One organisation."""
    return session.get(Organisation, (movement, organisation))


def list_organisations(session: Session, movement: str, *, after: After, limit: int) -> Sequence[Organisation]:
    """Organisations in the order in which they became known, those after ``after`` first."""
    query = sa.select(Organisation).where(Organisation.movement == movement)
    return session.scalars(page(query, Organisation.id, after, limit)).all()
