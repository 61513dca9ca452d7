"""Whom a bulk change is about: a list of ids that is kept as the file of its job, and deleted with it."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from services.members.directory.segments import store as segments
from services.members.directory.segments.filters import Node
from services.members.directory.segments.statement import Known
from shared.jobs import store as jobs

_BETWEEN = b"\n"


def found(session: Session, movement: str, node: Node, known: Known) -> Sequence[str]:
    """The people whom a segment of the movement finds now."""
    return session.scalars(segments.ids(node, known)).all() if known.movement == movement else []


def keep(session: Session, movement: str, job: str, ids: Sequence[str]) -> None:
    """Keep the list."""
    jobs.add_piece(session, movement, job, 0, _BETWEEN.join(person.encode() for person in ids))


def kept(session: Session, movement: str, job: str) -> Sequence[str]:
    """The list."""
    content = jobs.piece(session, movement, job, 0)
    return [person.decode() for person in content.split(_BETWEEN)] if content else []
