"""Tables of what came back from addresses, and of the quiet list."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import Base
from services.members.directory.people.models import of_person
from services.members.erasing import GOES
from services.members.life.mailings.tools.models import of_tool
from shared.errors import Conflict


class ReturnKind(StrEnum):
    """What came back. The first two are somebody's word; a bounce says that the address is dead, and of nobody that
    they refuse anything. ``BLOCKED`` the tool does not mail, and does not say why."""

    UNSUBSCRIBED = "unsubscribed"
    COMPLAINED = "complained"
    BOUNCED = "bounced"
    BLOCKED = "blocked"

    @property
    def is_a_word(self) -> bool:
        """Whether somebody said so, who is then not to be written to for that purpose."""
        return self in (ReturnKind.UNSUBSCRIBED, ReturnKind.COMPLAINED)


FROM_EVERY_PURPOSE = (ReturnKind.COMPLAINED, ReturnKind.BOUNCED)
"""What holds an address back from every list: it is dead, or its tools are blamed for mail that was not wanted."""


class Via(StrEnum):
    """How it came to us: the tool called, we asked it, or somebody wrote it down."""

    HOOK = "hook"
    LOOK = "look"
    HAND = "hand"


class SharedAddress(Conflict):
    """Several people have the address, and which of them it is about is not said: ``people`` are their ids."""

    code = "shared_address"
    title = "Several people have this address"


class NeverResubscribed(Conflict):
    """Whoever unsubscribed is written to again once they said yes since, and by nothing else."""

    code = "never_resubscribed"
    title = "They have not said yes since"


class MailReturn(Base):
    """That something came back from an address: it is held back from then on, until that is ``lifted_at``.

    Of the address a keyed digest is kept, so that it stays held back whoever has it. ``unclear`` is what somebody said
    from an address that several have, until it is known which of them.
    """

    __tablename__ = "mailing_returns"
    __table_args__ = (of_tool(), sa.Index("mailing_returns_by_digest", "movement", "digest"))

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    tool: Mapped[str]
    purpose: Mapped[str]
    kind: Mapped[str]
    digest: Mapped[bytes]
    via: Mapped[str]
    unclear: Mapped[bool]
    told_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    lifted_why: Mapped[str | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def changed(self, at: datetime) -> None:
        """Go on to the next version."""
        self.version, self.updated_at = self.version + 1, at


class ReturnPerson(Base):
    """Somebody who had the address when something came back from it; ``said_it`` where it is known that they did."""

    __tablename__ = "mailing_return_people"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "mail_return"], ["mailing_returns.movement", "mailing_returns.id"]),
        of_person(erased=GOES),
        sa.Index("mailing_return_people_by_person", "movement", "person"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    mail_return: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(primary_key=True)
    said_it: Mapped[bool]


class CameBackFrom(NamedTuple):
    """A return, and whom it is about."""

    row: MailReturn
    people: Sequence[ReturnPerson]


class Quiet(Base):
    """That somebody asked for no mailings, until a day is over or (None) until they say otherwise."""

    __tablename__ = "mailing_quiet"
    __table_args__ = (of_person(erased=GOES), sa.Index("mailing_quiet_by_person", "movement", "person"))

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str]
    until: Mapped[date | None]
    recorded_by: Mapped[str]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
