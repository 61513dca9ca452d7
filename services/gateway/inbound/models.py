"""The tables of what CRMs tell us: the hooks at which they call, what came in, and what a person has to settle."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.gateway.base import Base

_PENDING = sa.text("state = 'pending'")
_OPEN = sa.text("state = 'open'")


class State(StrEnum):
    """What became of a message. pending: it is taken up, or waits for members or the CRM.

    applied: somebody was entered or changed for it. unchanged: we were so already, as with what the CRM had from us.
    conflict: both sides had changed a field, and a person is asked. refused: the movement's rules do not let it in,
    ``code`` says which. expired: it could not be taken up in time, and what it said is gone.
    """

    PENDING = "pending"
    APPLIED = "applied"
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"
    REFUSED = "refused"
    EXPIRED = "expired"


class Kind(StrEnum):
    """What a message says happened to a record. settled: somebody here has settled what stood in the way of one."""

    CHANGED = "changed"
    DELETED = "deleted"
    SETTLED = "settled"


class Hook(Base):
    """How a CRM shows that it is who calls. ``keys`` are sealed: the newest first, each with the end of its time.

    ``records``, ``record_id``, ``deleted`` and ``refusals`` are JMESPath: where a message has its records, what a
    record is called, whether it was deleted, and by which channels its person does not want to be reached. With
    ``reads`` a message only names a record, and what it holds is asked of the CRM. ``basis`` is that on which people
    are entered who are not known; None: nobody is entered.
    """

    __tablename__ = "crm_hook"
    __table_args__ = (sa.Index("crm_hook_called", "connection"),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    connection: Mapped[str] = mapped_column(primary_key=True)
    scheme: Mapped[str]
    keys: Mapped[bytes]
    records: Mapped[str]
    record_id: Mapped[str]
    deleted: Mapped[str]
    refusals: Mapped[str]
    basis: Mapped[str | None]
    reads: Mapped[bool]
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Message(Base):
    """One thing that a CRM told of one record. ``key`` is what tells a repetition; ``said`` is what it said, sealed.

    ``due_at`` (microseconds since 1970) is when it is taken up, or taken up again by others if whoever took it died.
    Of one record's messages the earliest pending one goes first. ``person`` is whom it turned out to be about.
    ``begun``: a change for it may be made by now, for whoever began it may have died before it could be kept.
    """

    __tablename__ = "crm_message"
    __table_args__ = (
        sa.UniqueConstraint("movement", "connection", "key", name="crm_message_once"),
        sa.Index("crm_message_of_connection", "movement", "connection", "id"),
        sa.Index("crm_message_of_record", "movement", "connection", "record", "id"),
        sa.Index("crm_message_due", "due_at", sqlite_where=_PENDING, postgresql_where=_PENDING),
        sa.Index("crm_message_received", "received_at"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    connection: Mapped[str]
    key: Mapped[str]
    record: Mapped[str]
    kind: Mapped[str]
    state: Mapped[str]
    code: Mapped[str | None]
    person: Mapped[str | None]
    attempts: Mapped[int]
    due_at: Mapped[int]
    begun: Mapped[bool]
    said: Mapped[bytes | None]
    received_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]

    def settle(self, state: State, code: str | None, person: str | None, at: datetime) -> None:
        """It is over; what it said is kept for the days in which somebody may ask why."""
        self.state, self.code, self.person, self.settled_at = state, code, person or self.person, at


class ConflictKind(StrEnum):
    """What a person is asked: whose value of a field holds, who a record is of, or what a deletion there means."""

    FIELD = "field"
    LOOKS_KNOWN = "looks_known"
    DELETED = "deleted"


class ConflictState(StrEnum):
    """lapsed: nobody settled it while what it is about was kept. It is asked anew when either side changes again."""

    OPEN = "open"
    SETTLED = "settled"
    LAPSED = "lapsed"


class Conflict(Base):
    """What stands between a record of a CRM's and a person. ``field`` is the CRM's; ``said`` holds what it is about,
    sealed, as long as it is open and kept."""

    __tablename__ = "crm_conflict"
    __table_args__ = (
        sa.Index("crm_conflict_of_connection", "movement", "connection", "id"),
        sa.Index(
            "crm_conflict_open", "movement", "connection", "record", "field",
            unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN,
        ),
        sa.Index("crm_conflict_raised", "raised_at"),
    )  # fmt: skip

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    connection: Mapped[str]
    record: Mapped[str]
    kind: Mapped[str]
    field: Mapped[str]
    person: Mapped[str | None]
    state: Mapped[str]
    said: Mapped[bytes | None]
    settled_by: Mapped[str | None]
    raised_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]

    def settle(self, by: str | None, at: datetime) -> None:
        """It is settled by somebody, or (None) by both sides having become the same; what it was about is forgotten."""
        self.state, self.settled_by, self.settled_at, self.said = ConflictState.SETTLED, by, at, None
