"""The table of staff time."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import Base
from services.members.directory.organisations.models import of_organisation
from shared.lifecycle import EndedAlready


class Work(StrEnum):
    """What staff time is given to: one of the six functions of a backbone, or services delivered as ever."""

    GUIDE_VISION_AND_STRATEGY = "guide_vision_and_strategy"
    SUPPORT_ALIGNED_ACTIVITIES = "support_aligned_activities"
    ESTABLISH_SHARED_MEASUREMENT = "establish_shared_measurement"
    BUILD_PUBLIC_WILL = "build_public_will"
    ADVANCE_POLICY = "advance_policy"
    MOBILISE_FUNDING = "mobilise_funding"
    DELIVERY = "delivery"


class StaffTime(Base):
    """Minutes a week that an organisation's staff give to a work, from ``starts_on`` until the day before ``ended_on``.

    It counts time and names nobody; ``what`` is in words: a facilitator on loan.
    """

    __tablename__ = "staff_time"
    __table_args__ = (
        of_organisation(),
        sa.CheckConstraint("minutes > 0", name="staff_time_is_some"),
        sa.CheckConstraint("ended_on IS NULL OR ended_on > starts_on", name="staff_time_in_order"),
        sa.Index("staff_time_by_organisation", "movement", "organisation"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    organisation: Mapped[str]
    work: Mapped[str]
    minutes: Mapped[int]
    what: Mapped[str | None]
    starts_on: Mapped[date]
    ended_on: Mapped[date | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def end(self, on: date, at: datetime) -> None:
        """Note from which day on it is given no longer. Raises EndedAlready."""
        if self.ended_on is not None:
            raise EndedAlready(f"on {self.ended_on}")
        self.ended_on = on
        self.changed(at)

    def changed(self, at: datetime) -> None:
        """Note that something about it changed."""
        self.version += 1
        self.updated_at = at
