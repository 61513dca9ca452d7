"""The table of people who are kept apart, and what a row of it holds. It has no reason: a concern may say that."""

from datetime import date, datetime

from services.members.trust.safeguarding.models import Record, SealedRow


class ApartPair(SealedRow):
    """Sealed: that two people are not to be brought together."""

    __tablename__ = "apart_pairs"


class KeptApart(Record, kw_only=True):
    """Two people who are not to be brought together, in either order, until it is ended."""

    person: str
    other: str
    review_on: date | None
    recorded_by: str
    recorded_at: datetime
    ended_by: str | None = None
    ended_at: datetime | None = None

    def people(self) -> tuple[str, ...]:
        """Either of them."""
        return (self.person, self.other)

    @property
    def in_force(self) -> bool:
        """Whether it was not ended. That a review is due ends nothing."""
        return self.ended_at is None
