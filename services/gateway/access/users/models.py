"""The user of a movement's workspace. Passwords are argon2id hashes; the second factor's secret is sealed."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.gateway.base import Base
from shared.erasure.sweep import THEIR_OWN


class User(Base):
    """A person who signs in. ``totp_last_step`` is the last time step whose code was taken: none is taken twice.

    ``person`` is who they are among the movement's people; ``handover`` is the one through which they left.
    """

    __tablename__ = "user_account"
    __table_args__ = (
        sa.UniqueConstraint("movement", "email"),
        sa.Index("user_account_of_person", "movement", "person"),
        sa.Index("user_account_of_handover", "movement", "handover"),
    )

    movement: Mapped[str] = mapped_column(sa.ForeignKey("movement.id"), primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(index=True, info=THEIR_OWN)
    name: Mapped[str] = mapped_column(info=THEIR_OWN)
    role: Mapped[str]
    organisation: Mapped[str | None]
    person: Mapped[str | None]
    handover: Mapped[str | None]
    password_hash: Mapped[str]
    totp_secret: Mapped[bytes | None]
    totp_confirmed: Mapped[bool] = mapped_column(default=False)
    totp_last_step: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    def offer_second_factor(self, sealed: bytes) -> None:
        """Keep a new secret, which counts for nothing until one of its codes confirms it."""
        self.totp_secret = sealed
        self.totp_confirmed = False
        self.totp_last_step = 0

    def take_code_of(self, step: int) -> None:
        """Confirm the second factor, and spend this step's code and every earlier one."""
        self.totp_confirmed = True
        self.totp_last_step = step

    def drop_second_factor(self) -> None:
        """Sign in by password alone from now on."""
        self.totp_secret = None
        self.totp_confirmed = False

    def end(self, at: datetime) -> None:
        """Close the account; a second time changes nothing."""
        self.ended_at = self.ended_at or at


class MergedPerson(Base):
    """An id of a person that turned out to be another one, as members has told; a user may be linked to either."""

    __tablename__ = "merged_person"
    __table_args__ = (sa.Index("merged_person_into", "movement", "into"),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    merged: Mapped[str] = mapped_column(primary_key=True)
    into: Mapped[str]
