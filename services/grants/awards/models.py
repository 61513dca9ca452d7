"""The table of awards and their legal steps. Amounts in pence."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.grants.base import Base
from shared.lifecycle import Lifecycle


class AwardState(StrEnum):
    """Offered, then accepted; or lapsed (no answer in time) or cancelled (the offer is taken back)."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"


LIFECYCLE = Lifecycle(
    "an award",
    {
        AwardState.OFFERED: {AwardState.ACCEPTED, AwardState.LAPSED, AwardState.CANCELLED},
        AwardState.ACCEPTED: set(),
        AwardState.LAPSED: set(),
        AwardState.CANCELLED: set(),
    },
)


class Award(Base):
    """Money of a round offered to the group of one application. While it is live, the round's budget holds it."""

    __tablename__ = "awards"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "application_id"], ["applications.movement", "applications.id"]),
        sa.ForeignKeyConstraint(["movement", "round_id"], ["rounds.movement", "rounds.id"]),
        sa.CheckConstraint("amount > 0", name="awards_are_something"),
        sa.CheckConstraint("state IN ('offered', 'accepted', 'lapsed', 'cancelled')", name="awards_known_state"),
        sa.Index("awards_by_round", "movement", "round_id", "id"),
        sa.Index(
            "awards_one_live_an_application",
            "movement",
            "application_id",
            unique=True,
            sqlite_where=sa.text("state IN ('offered', 'accepted')"),
            postgresql_where=sa.text("state IN ('offered', 'accepted')"),
        ),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    application_id: Mapped[str]
    round_id: Mapped[str]
    amount: Mapped[int]
    currency: Mapped[str]
    state: Mapped[str]
    offered_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    def accept(self, at: datetime) -> None:
        """The group says yes; the money stays committed."""
        self.state = LIFECYCLE.step(self.state, AwardState.ACCEPTED)
        self.accepted_at = at

    def lapse(self, at: datetime) -> None:
        """The group did not answer in time."""
        self.state = LIFECYCLE.step(self.state, AwardState.LAPSED)
        self.ended_at = at

    def cancel(self, at: datetime) -> None:
        """The offer is taken back."""
        self.state = LIFECYCLE.step(self.state, AwardState.CANCELLED)
        self.ended_at = at
