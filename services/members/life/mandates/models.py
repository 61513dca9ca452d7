"""Tables of mandates, of who gave them, and of partners' yearly reviews."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from dateutil.relativedelta import relativedelta
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.members.base import Base
from services.members.directory.organisations.models import of_organisation
from shared.errors import Conflict
from shared.lifecycle import EndedAlready

REVIEWED_EVERY = relativedelta(years=1)


class Way(StrEnum):
    """How a backbone came to its mandate. That it is self-appointed is a misperception to keep false, or to admit."""

    VOTE = "vote"
    CONSENSUS = "consensus"
    APPOINTED = "appointed"
    INHERITED = "inherited"
    SELF_APPOINTED = "self_appointed"


class MandateState(StrEnum):
    """How a mandate stands on a day."""

    NOT_BEGUN = "not_begun"
    IN_FORCE = "in_force"
    ENDED = "ended"


class Verdict(StrEnum):
    """What a partner makes of the backbone after a year."""

    GO_ON = "go_on"
    CHANGE = "change"
    HAND_OVER = "hand_over"


class MandateOverlaps(Conflict):
    """The organisation is the backbone at that time already; ``mandate`` is by which one."""

    code = "mandate_overlaps"
    title = "It has a mandate at that time already"


class ReviewedAlready(Conflict):
    """The partner has said what it makes of that year; ``review`` is what it said."""

    code = "reviewed_already"
    title = "This partner reviewed the mandate in that year already"


def of_mandate() -> sa.ForeignKeyConstraint:
    """The foreign key of a table whose rows belong to a mandate of the same movement."""
    return sa.ForeignKeyConstraint(["movement", "mandate"], ["mandates.movement", "mandates.id"])


class Mandate(Base):
    """What an organisation may do as the backbone, from ``starts_on`` until the day before ``ends_on``.

    ``decided_by`` is who else chose it than the organisations that are named: a residents' assembly.
    """

    __tablename__ = "mandates"
    __table_args__ = (
        of_organisation(),
        sa.CheckConstraint("ends_on > starts_on", name="mandates_in_order"),
        sa.Index("mandates_by_organisation", "movement", "organisation", "starts_on"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    organisation: Mapped[str]
    remit: Mapped[str]
    way: Mapped[str]
    decided_by: Mapped[str | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    ended_why: Mapped[str | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    givers: Mapped[list["MandateGiver"]] = relationship(
        viewonly=True, lazy="raise", order_by="MandateGiver.organisation"
    )
    reviews: Mapped[list["MandateReview"]] = relationship(viewonly=True, lazy="raise", order_by="MandateReview.id")

    def state_on(self, day: date) -> MandateState:
        """How it stands on a day."""
        if day < self.starts_on:
            return MandateState.NOT_BEGUN
        return MandateState.IN_FORCE if day < self.ends_on else MandateState.ENDED

    def year_of(self, day: date) -> int:
        """Which year of the mandate a day is in, from 1."""
        years: int = relativedelta(day, self.starts_on).years
        return years + 1

    @property
    def review_due_on(self) -> date | None:
        """The end of the first year that no partner has reviewed yet, or of the mandate; None where none is left."""
        reviewed = {review.year for review in self.reviews}
        year = next(year for year in range(1, len(reviewed) + 2) if year not in reviewed)
        begins: date = self.starts_on + REVIEWED_EVERY * (year - 1)
        ends: date = self.starts_on + REVIEWED_EVERY * year
        return None if begins >= self.ends_on else min(ends, self.ends_on)

    def end(self, on: date, why: str, at: datetime) -> None:
        """End it before its time. Raises EndedAlready."""
        if self.ended_why is not None or on >= self.ends_on:
            raise EndedAlready(f"it ends on {self.ends_on}", ends_on=self.ends_on.isoformat())
        self.ends_on, self.ended_why = on, why
        self.changed(at)

    def changed(self, at: datetime) -> None:
        """Note that something about it changed."""
        self.version += 1
        self.updated_at = at


class MandateGiver(Base):
    """An organisation that chose the backbone."""

    __tablename__ = "mandate_givers"
    __table_args__ = (
        of_mandate(),
        of_organisation(),
        sa.Index("mandate_givers_by_organisation", "movement", "organisation"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    mandate: Mapped[str] = mapped_column(primary_key=True)
    organisation: Mapped[str] = mapped_column(primary_key=True)


class MandateReview(Base):
    """What a partner makes of a year of the mandate, the first being 1."""

    __tablename__ = "mandate_reviews"
    __table_args__ = (
        of_mandate(),
        of_organisation(),
        sa.Index("mandate_reviews_by_mandate", "movement", "mandate", "year"),
        sa.Index("mandate_reviews_by_organisation", "movement", "organisation"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    mandate: Mapped[str]
    organisation: Mapped[str]
    year: Mapped[int]
    verdict: Mapped[str]
    words: Mapped[str]
    given_on: Mapped[date]
