"""Sessions, and the count of failed sign-ins that slows guessing down."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.gateway.base import Base

LIFETIME = timedelta(hours=12)
FREE_ATTEMPTS = 5
_LONGEST_WAIT = timedelta(minutes=15)


class UserSession(Base):
    """One sign-in of a user: good until it expires, is signed out, or the user's account ends."""

    __tablename__ = "user_session"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "user"], ["user_account.movement", "user_account.id"]),
        sa.Index("user_session_of_user", "movement", "user"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    user: Mapped[str]
    digest: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    revoked_at: Mapped[datetime | None]

    def revoke(self, at: datetime) -> None:
        """Refuse the token from now on; a second time changes nothing."""
        self.revoked_at = self.revoked_at or at


class SignInAttempts(Base):
    """Failures to sign in with one address, whether or not it has an account: so the answer does not tell.

    The address is kept as a digest, and it stands in no movement, for a sign-in has none until it succeeds.
    """

    __tablename__ = "sign_in_attempt"

    address: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    failed_at: Mapped[datetime] = mapped_column(index=True)
    blocked_until: Mapped[datetime | None]

    def failed(self, at: datetime) -> None:
        """Count one more; from the sixth on each doubles the wait, from 2 seconds to a quarter of an hour."""
        self.failures += 1
        self.failed_at = at
        if self.failures > FREE_ATTEMPTS:
            wait = timedelta(seconds=2 ** min(self.failures - FREE_ATTEMPTS, 10))
            self.blocked_until = at + min(wait, _LONGEST_WAIT)

    def seconds_blocked(self, at: datetime) -> int:
        """How many whole seconds to wait before the next attempt counts; 0 when it may be made now."""
        if self.blocked_until is None or self.blocked_until <= at:
            return 0
        return int((self.blocked_until - at).total_seconds()) + 1
