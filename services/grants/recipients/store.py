"""Every SQL statement about who goes on in whose place."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.grants.awards.models import Award
from services.grants.recipients.models import Succession


def keep(session: Session, movement: str, organisation: str, successor: str) -> None:
    """Know that another one goes on in the place of this one."""
    session.merge(Succession(movement=movement, organisation=organisation, successor=successor))


def forget(session: Session, movement: str, organisation: str) -> None:
    """Nobody goes on in its place: it is there after all."""
    here = Succession.movement == movement, Succession.organisation == organisation
    session.execute(sa.delete(Succession).where(*here))


def named(session: Session, movement: str) -> Sequence[str]:
    """The organisations that awards of a movement are linked to."""
    query = sa.select(Award.organisation).where(Award.movement == movement, Award.organisation.is_not(None)).distinct()
    return [organisation for organisation in session.scalars(query) if organisation is not None]


def successors(session: Session, movement: str) -> Mapping[str, Sequence[str]]:
    """Who goes on in the place of each organisation of a movement that ended."""
    query = sa.select(Succession.organisation, Succession.successor).where(Succession.movement == movement)
    found: dict[str, list[str]] = {}
    for organisation, successor in session.execute(query.order_by(Succession.organisation, Succession.successor)):
        found.setdefault(organisation, []).append(successor)
    return found
