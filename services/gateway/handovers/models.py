"""The handover as the gateway knows it: whose access ended, and whether members has been told."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.gateway.base import Base


class State(StrEnum):
    """Whether members has it yet."""

    PENDING = "pending"
    HANDED_OVER = "handed_over"


class Reason(StrEnum):
    """The kind of reason for which somebody leaves. No kind says anything of health or of a dispute."""

    NEW_ROLE = "new_role"
    MOVED_AWAY = "moved_away"
    END_OF_TERM = "end_of_term"
    STEPPING_BACK = "stepping_back"
    DIED = "died"
    NOT_SAID = "not_said"


class Handover(Base):
    """Somebody left: their access ended, and what they held goes to a caretaker.

    ``next_attempt_at`` is when members is told again, None once it has it; ``trouble`` is why the last attempt failed.
    ``keys_ended`` are ids: of keys that they made, which partners' tools may have to be given anew.
    """

    __tablename__ = "handover"
    __table_args__ = (
        sa.Index(
            "handover_pending",
            "next_attempt_at",
            sqlite_where=sa.text("next_attempt_at IS NOT NULL"),
            postgresql_where=sa.text("next_attempt_at IS NOT NULL"),
        ),
    )

    movement: Mapped[str] = mapped_column(sa.ForeignKey("movement.id"), primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str | None]
    caretaker: Mapped[str | None]
    reason: Mapped[str]
    leaving_on: Mapped[date] = mapped_column(sa.Date)
    state: Mapped[str]
    begun_by: Mapped[str]
    access_ended_at: Mapped[datetime]
    sessions_ended: Mapped[int]
    keys_ended: Mapped[list[str]] = mapped_column(sa.JSON)
    attempts: Mapped[int]
    next_attempt_at: Mapped[datetime | None]
    trouble: Mapped[str | None]
    handed_over_at: Mapped[datetime | None]
