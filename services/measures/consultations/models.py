"""The table of comments."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.measures.base import Base
from shared.errors import Conflict


class AnsweredAlready(Conflict):
    """What became of a comment was said already."""

    code, title = "answered_already", "This comment has an answer"


class Comment(Base):
    """What somebody said of a version that is consulted on, for which organisation, and what became of it.

    `actor` is the credential that it came with, and `organisation` None is the movement itself.
    """

    __tablename__ = "definition_comments"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["movement", "measure_version"], [f"measure_versions.{key}" for key in ("movement", "id")]
        ),
        sa.Index("definition_comments_by_version", "movement", "measure_version", "id"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    measure_version: Mapped[str]
    actor: Mapped[str]
    organisation: Mapped[str | None]
    said: Mapped[str]
    answer: Mapped[str | None]
    taken_up: Mapped[bool | None]
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def give(self, answer: str, taken_up: bool, at: datetime) -> None:
        """Say what became of it. Raises AnsweredAlready."""
        if self.answer is not None:
            raise AnsweredAlready()
        self.answer, self.taken_up = answer, taken_up
        self.version, self.updated_at = self.version + 1, at
