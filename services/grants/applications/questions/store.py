"""Every SQL statement about questions to groups."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.grants.applications.questions.models import Question


def find(session: Session, movement: str, application_id: str, question_id: str) -> Question | None:
    """A question about this application."""
    found = session.get(Question, (movement, question_id))
    return found if found is not None and found.application_id == application_id else None


def unanswered(session: Session, movement: str, application_id: str) -> int:
    """How many questions about an application wait for their answer."""
    query = sa.select(sa.func.count()).where(
        Question.movement == movement, Question.application_id == application_id, Question.answered_at.is_(None)
    )
    return session.scalar(query) or 0


def list_questions(
    session: Session, movement: str, application_id: str, *, after: str, limit: int
) -> Sequence[Question]:
    """The questions about an application in the order in which they were asked."""
    query = sa.select(Question).where(
        Question.movement == movement, Question.application_id == application_id, Question.id > after
    )
    return session.scalars(query.order_by(Question.id).limit(limit)).all()
