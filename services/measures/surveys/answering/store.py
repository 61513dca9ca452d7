"""Every SQL statement about links."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.measures.surveys.answering.models import Link


def add(session: Session, link: Link) -> None:
    """Insert a link, at once."""
    session.add(link)
    session.flush()


def get(session: Session, movement: str, link: str, *, locked: bool = False) -> Link | None:
    """One link, perhaps held until the end of the transaction."""
    return session.get(Link, (movement, link), with_for_update=locked or None, populate_existing=locked)


def by_digest(session: Session, movement: str, digest: str, *, locked: bool = False) -> Link | None:
    """The link with this secret's hash; locked, for what is answered there is counted."""
    query = sa.select(Link).where(Link.movement == movement, Link.digest == digest)
    if locked:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalar(query)


def page(session: Session, movement: str, survey: str, after: str, limit: int) -> Sequence[Link]:
    """A survey's links, behind the one named ``after``."""
    query = sa.select(Link).where(Link.movement == movement, Link.survey == survey, Link.id > after)
    return session.scalars(query.order_by(Link.id).limit(limit)).all()
