"""The table of questions to groups and of their answers, which add to what was submitted and change nothing of it."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.grants.base import Base
from shared.errors import Conflict


class QuestionAnswered(Conflict):
    """The question has its answer, and keeps it."""

    code = "question_answered"
    title = "The question is answered"


class Question(Base):
    """Something that was asked about an application, by whom, and the answer."""

    __tablename__ = "application_questions"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "application_id"], ["applications.movement", "applications.id"]),
        sa.CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="application_questions_answered_then"),
        sa.Index("application_questions_by_application", "movement", "application_id", "id"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    application_id: Mapped[str]
    question: Mapped[str]
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]

    def answered(self, answer: str, at: datetime) -> None:
        """Keep the answer. Raises QuestionAnswered where there is one."""
        if self.answered_at is not None:
            raise QuestionAnswered
        self.answer, self.answered_at = answer, at
