"""The table of links: by whichever way people come to a survey, and until when."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.measures.base import Base


class Link(Base):
    """An address at which a wave is answered. Only the keyed hash of its secret is kept.

    What is answered there is of ``place``, if it has one. ``most`` is how often it may be answered (1: an invitation of
    one; None: any number), ``taken`` how often it was. ``expires_on`` is its last ISO day (None: its wave's).
    """

    __tablename__ = "survey_links"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "survey"], ["surveys.movement", "surveys.id"]),
        sa.ForeignKeyConstraint(["movement", "wave"], ["survey_waves.movement", "survey_waves.id"]),
        sa.UniqueConstraint("movement", "digest"),
        sa.Index("survey_links_by_survey", "movement", "survey", "id"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    survey: Mapped[str]
    wave: Mapped[str]
    version: Mapped[int]
    name: Mapped[str]
    digest: Mapped[str]
    place: Mapped[str | None]
    most: Mapped[int | None]
    taken: Mapped[int]
    expires_on: Mapped[str | None]
    revoked_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def leads_on(self, day: date) -> bool:
        """Whether it may be answered on that day: it was not revoked, did not expire, and is not used up."""
        in_time = self.expires_on is None or day.isoformat() <= self.expires_on
        return self.revoked_at is None and in_time and (self.most is None or self.taken < self.most)
