"""The table of amendments, and the steps by which one is refused."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.grants.base import Base
from shared.errors import Conflict


class NotAmendable(Conflict):
    """The round is in a state in which this rule does not change: not opened yet (edit it), or past it."""

    code = "not_amendable"
    title = "This cannot be amended now"


class Amendment(Base):
    """What of a round's rules was changed after its opening: what they were and are, why, by whom, and when."""

    __tablename__ = "round_amendments"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "round_id"], ["rounds.movement", "rounds.id"]),
        sa.Index("round_amendments_by_round", "movement", "round_id", "id"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    round_id: Mapped[str]
    before: Mapped[dict[str, object]] = mapped_column(sa.JSON)
    after: Mapped[dict[str, object]] = mapped_column(sa.JSON)
    reason: Mapped[str]
    made_by: Mapped[str]
    made_at: Mapped[datetime]
