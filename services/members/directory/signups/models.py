"""The table of memberships, and what a sign-up answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import HOLDS_PERSON, Base
from services.members.directory.people.models import of_person


@dataclass(frozen=True, slots=True)
class SignedUp:
    """What a sign-up made; ``new`` is False where the same sign-up had made it before."""

    person: str
    membership: str
    rung: str | None
    permissions: Sequence[str]
    pledge: str | None
    new: bool


class Membership(Base):
    """A person's place in a movement.

    ``rung`` is where they stand and ``computed_rung`` what their activities last computed to; both are None for
    whoever is ``off_ladder``, which the database itself sees to. ``confirmed_rung`` is the highest that was confirmed
    and accepted, ``declined_rung`` the one that the person last said no to; ``held``: somebody locked their rung or put
    a floor under it. ``said`` is a digest of the sign-up, by which the same one is told from one that differs.
    """

    __tablename__ = "memberships"
    __table_args__ = (
        of_person(),
        sa.UniqueConstraint("movement", "person"),
        sa.Index("memberships_by_rung", "movement", "rung", "computed_rung", "person"),
        sa.CheckConstraint(
            "NOT off_ladder OR (rung IS NULL AND computed_rung IS NULL)", name="memberships_off_ladder_without_rung"
        ),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str]
    state: Mapped[str]
    rung: Mapped[str | None]
    computed_rung: Mapped[str | None]
    confirmed_rung: Mapped[str | None]
    declined_rung: Mapped[str | None]
    held: Mapped[bool]
    off_ladder: Mapped[bool]
    brought_by: Mapped[str | None] = mapped_column(info=HOLDS_PERSON)
    said: Mapped[bytes]
    joined_at: Mapped[datetime]
    version: Mapped[int]
    updated_at: Mapped[datetime]
