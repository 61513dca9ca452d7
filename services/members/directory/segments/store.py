"""Every SQL statement about segments. Whom a segment has is one statement, composed by :mod:`.statement`."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After, page
from services.members.directory.people import store as people
from services.members.directory.people.models import Person
from services.members.directory.segments.filters import Node
from services.members.directory.segments.models import Segment
from services.members.directory.segments.statement import Known, whom
from services.members.trust.employers.store import not_own_staff


def add(session: Session, segment: Segment) -> None:
    """Insert a segment."""
    session.add(segment)


def remove(session: Session, segment: Segment) -> None:
    """Delete a segment."""
    session.delete(segment)


def find(session: Session, movement: str, segment: str) -> Segment | None:
    """One segment."""
    return session.get(Segment, (movement, segment))


def for_change(session: Session, movement: str, segment: str) -> Segment | None:
    """One segment, locked until the transaction ends."""
    return session.get(Segment, (movement, segment), with_for_update=True)


def list_segments(session: Session, movement: str, *, after: After, limit: int) -> Sequence[Segment]:
    """Segments in the order of their making, those after ``after`` first."""
    query = sa.select(Segment).where(Segment.movement == movement)
    return session.scalars(page(query, Segment.id, after, limit)).all()


def ids(node: Node, known: Known) -> sa.Select[str]:
    """The people whom a filter finds, as a query: what a job or an export goes through."""
    return sa.select(Person.id).where(whom(node, known))


def count(session: Session, node: Node, known: Known) -> int:
    """How many people a filter finds: of those whom it would name to the caller, so that no difference tells of one."""
    found = ids(node, known).where(*not_own_staff(session, known.movement, Person.id))
    return session.scalars(sa.select(sa.func.count()).select_from(found.subquery())).one()


def members(session: Session, node: Node, known: Known, *, after: After, limit: int) -> Sequence[Person]:
    """Those people in the order in which they became known, those after ``after`` first.

    No employer finds its own staff by what they did.
    """
    own_staff = not_own_staff(session, known.movement, Person.id)
    query = people.SHOWN.where(whom(node, known), *own_staff)
    return session.scalars(page(query, Person.id, after, limit)).all()
