"""The table of people who are kept apart. It holds no reason: that is safeguarding's, and written down there."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import HOLDS_ANOTHER_PERSON, HOLDS_PERSON, Base
from services.members.erasing import kept


class KeptApart(Base):
    """Two people who are not to be brought together, in either order, until it is ended."""

    __tablename__ = "kept_apart"
    __table_args__ = (
        sa.Index("kept_apart_by_person", "movement", "person"),
        sa.Index("kept_apart_by_other", "movement", "other"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(info=HOLDS_PERSON | kept("safeguarding", "safeguarding_kept_days"))
    other: Mapped[str] = mapped_column(info=HOLDS_ANOTHER_PERSON | kept("safeguarding", "safeguarding_kept_days"))
    review_on: Mapped[date | None]
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime]
    ended_by: Mapped[str | None]
    ended_at: Mapped[datetime | None]
