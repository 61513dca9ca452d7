"""The table of suggestions that wait to be drafted as rounds."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from services.grants.base import Base


class Suggestion(Base):
    """So many wishes alike suggest a round. The row goes in the transaction that drafts it.

    ``causation`` and ``traceparent`` are of the event that told of it: the round is drafted under the same.
    """

    __tablename__ = "round_suggestions"

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    wishes: Mapped[int]
    actor: Mapped[str]
    causation: Mapped[str]
    traceparent: Mapped[str | None]
    suggested_at: Mapped[datetime]
