"""Tables of mailing tools, of who is on their lists, and of whom they are still to forget."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import Base
from services.members.directory.organisations.models import of_organisation
from services.members.directory.people.models import of_person
from services.members.erasing import GOES
from shared.errors import Conflict
from shared.lifecycle import Lifecycle


class ToolState(StrEnum):
    """Whether a tool is used. One that is not is left as it is: its lists are looked after by nobody any more."""

    LIVE = "live"
    ENDED = "ended"


_TOOL = Lifecycle("a mailing tool", {ToolState.LIVE: {ToolState.ENDED}, ToolState.ENDED: set()})


class ToolEnded(Conflict):
    """The tool is not used any more."""

    code = "mailing_tool_ended"
    title = "This mailing tool is not used any more"


def of_tool() -> sa.ForeignKeyConstraint:
    """The foreign key of a table whose rows belong to a mailing tool of the same movement."""
    return sa.ForeignKeyConstraint(["movement", "tool"], ["mailing_tools.movement", "mailing_tools.id"])


class MailingTool(Base):
    """A list in an account of a mailing tool, for one purpose: whoever leaves the list refuses that purpose.

    ``organisation`` runs the tool: an agreement with it has to cover what it is handed. ``sealed`` is the key to the
    account, ``hook_digest`` all that is kept of the secret in the address that the tool calls. ``read_until`` is until
    when we know what changed there, ``busy_until`` how long whoever looks after it now has for that, ``trouble`` why it
    last came to nothing.
    """

    __tablename__ = "mailing_tools"
    __table_args__ = (
        of_organisation(),
        sa.Index("mailing_tools_by_organisation", "movement", "organisation"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    kind: Mapped[str]
    name: Mapped[str]
    organisation: Mapped[str]
    purpose: Mapped[str]
    list: Mapped[str]
    address: Mapped[str]
    sealed: Mapped[bytes]
    hook_digest: Mapped[bytes]
    state: Mapped[str]
    trouble: Mapped[str | None]
    read_until: Mapped[datetime | None]
    synced_at: Mapped[datetime | None]
    busy_until: Mapped[datetime]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def changed(self, at: datetime) -> None:
        """Go on to the next version. Raises ToolEnded."""
        if self.state != ToolState.LIVE:
            raise ToolEnded
        self.version, self.updated_at = self.version + 1, at

    def end(self, at: datetime) -> None:
        """Live → ended, and the key is forgotten. Raises ToolEnded."""
        self.changed(at)
        self.state = _TOOL.step(self.state, ToolState.ENDED)
        self.sealed = b""


class ListEntry(Base):
    """How an address stands on a tool's list, as far as we know, and whose it was when it was put there."""

    __tablename__ = "mailing_entries"
    __table_args__ = (
        of_tool(),
        of_person(erased=GOES),
        sa.Index("mailing_entries_by_person", "movement", "person"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    tool: Mapped[str] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str]
    stands: Mapped[str]
    leaving: Mapped[bool]
    updated_at: Mapped[datetime]


class Forgetting(Base):
    """That a tool is to delete what it keeps of somebody who was erased: their address is sealed until it has."""

    __tablename__ = "mailing_forgettings"
    __table_args__ = (of_tool(),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    tool: Mapped[str]
    sealed: Mapped[bytes]
    asked_at: Mapped[datetime]
