"""The table of drafts. What is half written is for nobody to judge, so it is no application yet."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.grants.base import Base


class Draft(Base):
    """What a group has said so far. ``id`` is that of the application which it becomes; the row goes then."""

    __tablename__ = "application_drafts"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "round_id"], ["rounds.movement", "rounds.id"]),
        sa.Index("application_drafts_by_round", "movement", "round_id", "id"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    round_id: Mapped[str]
    content: Mapped[dict[str, object]] = mapped_column(sa.JSON)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int]
