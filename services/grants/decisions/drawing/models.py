"""The table of seeds."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.grants.base import Base


class Seed(Base):
    """What the lots of a round are reckoned from. ``sealed`` until it is revealed, ``digest`` for all to see."""

    __tablename__ = "draw_seeds"
    __table_args__ = (sa.ForeignKeyConstraint(["movement", "round_id"], ["rounds.movement", "rounds.id"]),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    round_id: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str]
    digest: Mapped[str]
    sealed: Mapped[bytes]
    seed: Mapped[str | None]
    committed_at: Mapped[datetime]
    revealed_at: Mapped[datetime | None]
