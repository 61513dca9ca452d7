"""Every SQL statement about comments."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.measures.consultations.models import Comment


def add(session: Session, comment: Comment) -> None:
    """Insert a comment."""
    session.add(comment)
    session.flush()


def find(session: Session, movement: str, version: str, comment: str) -> Comment | None:
    """A comment on that version, locked; or None."""
    found = session.get(Comment, (movement, comment), with_for_update=True)
    return found if found is not None and found.measure_version == version else None


def page(session: Session, movement: str, version: str, *, after: str, limit: int) -> Sequence[Comment]:
    """The comments on a version, as they came, behind the one named `after`."""
    query = sa.select(Comment).where(
        Comment.movement == movement, Comment.measure_version == version, Comment.id > after
    )
    return session.scalars(query.order_by(Comment.id).limit(limit)).all()


def unanswered(session: Session, movement: str, version: str) -> int:
    """How many comments on a version wait for an answer."""
    query = sa.select(sa.func.count()).where(
        Comment.movement == movement, Comment.measure_version == version, Comment.answer.is_(None)
    )
    return session.scalar(query) or 0
