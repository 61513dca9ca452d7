"""The table of protected people, and what a row of it holds."""

from datetime import date, datetime

from services.members.trust.safeguarding.models import Record, SealedRow


class ProtectedPerson(SealedRow):
    """Sealed: that somebody is protected, since when and why."""

    __tablename__ = "protected_people"


class Protection(Record, kw_only=True):
    """That a person is protected, from being recorded until it is ended."""

    person: str
    reason: str
    review_on: date | None
    recorded_by: str
    recorded_at: datetime
    ended_by: str | None = None
    ended_at: datetime | None = None

    def people(self) -> tuple[str, ...]:
        """Whom it protects."""
        return (self.person,)

    @property
    def in_force(self) -> bool:
        """Whether it was not ended. That a review is due ends nothing."""
        return self.ended_at is None
