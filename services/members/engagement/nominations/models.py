"""The table of nominations and their legal steps."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import HOLDS_ANOTHER_PERSON, HOLDS_PERSON, Base
from services.members.erasing import GOES, emptied
from shared.lifecycle import Lifecycle


class NominationState(StrEnum):
    """Given, and accepted or declined by the nominee; withdrawn by whoever gave it, or expired."""

    GIVEN = "given"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


LIFECYCLE = Lifecycle(
    "a nomination",
    {
        NominationState.GIVEN: {
            NominationState.ACCEPTED,
            NominationState.DECLINED,
            NominationState.WITHDRAWN,
            NominationState.EXPIRED,
        },
        NominationState.ACCEPTED: {NominationState.DECLINED, NominationState.WITHDRAWN, NominationState.EXPIRED},
    },
)
LIVE = "state IN ('given', 'accepted')"
"""The nominations that stand, until their day."""


class Nomination(Base):
    """Somebody affirms that somebody else is a champion, up to and including ``expires_on``.

    ``giver`` is None once they left or are forgotten: then it is kept that it was affirmed, and not by whom nor in what
    words. No constraint forbids two live ones of one giver, or one's own: two people may turn out to be one. The verbs
    see to it, and what counts looks at different givers.
    """

    __tablename__ = "nominations"
    __table_args__ = (
        sa.Index("nominations_by_nominee", "movement", "nominee", "id"),
        sa.Index("nominations_by_giver", "movement", "giver"),
        sa.Index(
            "nominations_expiring",
            "movement",
            "expires_on",
            sqlite_where=sa.text(LIVE),
            postgresql_where=sa.text(LIVE),
        ),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    nominee: Mapped[str] = mapped_column(info=HOLDS_PERSON | GOES)
    giver: Mapped[str | None] = mapped_column(info=HOLDS_ANOTHER_PERSON | emptied("words"))
    words: Mapped[str | None]
    state: Mapped[str]
    expires_on: Mapped[date]
    given_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]

    def accept(self, at: datetime) -> None:
        """Given → accepted, by the nominee."""
        self._step(NominationState.ACCEPTED, at)
        self.answered_at = at

    def decline(self, at: datetime) -> None:
        """Given or accepted → declined, by the nominee, who may think better of it."""
        self._step(NominationState.DECLINED, at)
        self.answered_at = self.ended_at = at

    def withdraw(self, at: datetime) -> None:
        """Given or accepted → withdrawn: by whoever gave it, or because the nominee is to have none."""
        self._step(NominationState.WITHDRAWN, at)
        self.ended_at = at

    def expire(self, at: datetime) -> None:
        """Given or accepted → expired: its day has passed."""
        self._step(NominationState.EXPIRED, at)
        self.ended_at = at

    def forget_giver(self, at: datetime) -> None:
        """Keep that it was affirmed, not by whom nor in what words."""
        self.giver = self.words = None
        self._changed(at)

    def _step(self, to: NominationState, at: datetime) -> None:
        self.state = LIFECYCLE.step(self.state, to)
        self._changed(at)

    def _changed(self, at: datetime) -> None:
        self.version += 1
        self.updated_at = at
