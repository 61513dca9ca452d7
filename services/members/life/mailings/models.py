"""Tables of mailings, and of who was in each or left out of it."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import Base
from services.members.directory.organisations.models import of_organisation
from services.members.directory.people.models import of_person
from services.members.erasing import GOES
from services.members.life.mailings.tools.models import of_tool
from shared.lifecycle import Lifecycle


class MailingState(StrEnum):
    """The life of a mailing. One that failed or was stopped went to nobody, and can be sent again."""

    DRAFT = "draft"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    STOPPED = "stopped"


_MAILING = Lifecycle(
    "a mailing",
    {
        MailingState.DRAFT: {MailingState.SENDING},
        MailingState.SENDING: {MailingState.SENT, MailingState.FAILED, MailingState.STOPPED},
        MailingState.FAILED: {MailingState.SENDING},
        MailingState.STOPPED: {MailingState.SENDING},
        MailingState.SENT: set(),
    },
)


class LeftOut(StrEnum):
    """Why somebody of the segment is not in a mailing. Why it is not permitted nobody is told: that may be sealed."""

    NOT_PERMITTED = "not_permitted"
    NO_ADDRESS = "no_address"
    SAME_ADDRESS = "same_address"
    QUIET = "quiet"
    TOO_OFTEN = "too_often"
    UNSUBSCRIBED = "unsubscribed"
    COMPLAINED = "complained"
    BOUNCED = "bounced"
    BLOCKED = "blocked"
    REFUSED_BY_TOOL = "refused_by_tool"


class RecipientState(StrEnum):
    """How far somebody's part in a mailing is."""

    WAITING = "waiting"
    HANDED = "handed"
    LEFT_OUT = "left_out"


class Mailing(Base):
    """Something that is sent to whoever is in a segment and permits it at that moment, through a tool.

    ``campaign`` is what was written in the tool; without one the group is filled, and somebody sends it there.
    ``organisation`` is for whom it was asked to be sent, where the caller acts for one. ``group`` is the tool's own id.
    """

    __tablename__ = "mailings"
    __table_args__ = (
        of_tool(),
        of_organisation(),
        sa.Index("mailings_by_tool", "movement", "tool"),
        sa.Index("mailings_by_organisation", "movement", "organisation"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    name: Mapped[str]
    tool: Mapped[str]
    segment: Mapped[str]
    campaign: Mapped[str | None]
    state: Mapped[str]
    job: Mapped[str | None]
    organisation: Mapped[str | None]
    group: Mapped[str | None]
    handed: Mapped[int | None]
    sent_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def step(self, state: MailingState, at: datetime) -> None:
        """Go on to another state. Raises IllegalTransition."""
        self.state = _MAILING.step(self.state, state)
        self.changed(at)

    def changed(self, at: datetime) -> None:
        """Go on to the next version."""
        self.version, self.updated_at = self.version + 1, at


class Written(NamedTuple):
    """A mailing, and the purpose that it is for: that of its tool's list."""

    row: Mailing
    purpose: str


class Recipient(Base):
    """Somebody of the segment: in the mailing, or left out for a reason. The address is kept while it is being sent."""

    __tablename__ = "mailing_recipients"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "mailing"], ["mailings.movement", "mailings.id"]),
        of_person(erased=GOES),
        sa.Index("mailing_recipients_by_mailing", "movement", "mailing", "state", "id"),
        sa.Index("mailing_recipients_by_person", "movement", "person"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    mailing: Mapped[str]
    person: Mapped[str]
    address: Mapped[str | None]
    state: Mapped[str]
    reason: Mapped[str | None]
    at: Mapped[datetime]
