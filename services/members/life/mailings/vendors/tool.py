"""What every mailing tool does for us, whoever made it, and what it answers.

Nothing that is sent can make an address of which the tool knows better mailable again: `add` makes those whom it does
not know, and the rest take off.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from shared.errors import AppError, Conflict


class VendorKind(StrEnum):
    """A mailing tool that there is an adapter for."""

    MAILCHIMP = "mailchimp"
    BREVO = "brevo"


class AtTool(StrEnum):
    """How an address stands on the list in the tool. ``BLOCKED`` is not mailed, and the tool does not say why.

    ``REFUSED`` it does not take at all, such as an address that it holds for none.
    """

    ON = "on"
    OFF = "off"
    UNSUBSCRIBED = "unsubscribed"
    BOUNCED = "bounced"
    BLOCKED = "blocked"
    REFUSED = "refused"


class Contact(NamedTuple):
    """Somebody who is written to: the address, and what the letter calls them."""

    address: str
    given_name: str
    family_name: str | None


class Change(NamedTuple):
    """That an address stood so on the list when it last changed there."""

    address: str
    stands: AtTool


class ToolAway(AppError):
    """The tool did not answer, or was too busy to: the same may be asked again."""

    status, code, title = 503, "mailing_tool_away", "The mailing tool does not answer"


class ToolRefuses(Conflict):
    """The tool will not do it, however often it is asked: the key, the list or the campaign is not as it should be."""

    code, title = "mailing_tool_refuses", "The mailing tool refuses"


class MailingTool(Protocol):
    """One list in one account of a tool. Every call may raise ToolAway and ToolRefuses, and may be repeated."""

    async def add(self, contact: Contact) -> AtTool:
        """Have somebody on the list whom the tool does not know; whom it knows stays as they are. How they stand."""

    async def take_off(self, address: str) -> None:
        """Have the list written to without them."""

    async def forget(self, address: str) -> None:
        """Have the tool delete all that it keeps of them."""

    def changed(self, since: datetime) -> AsyncIterator[Change]:
        """Addresses that changed on the list since a moment, how they stand now."""

    async def group(self, name: str) -> str:
        """The id of the group of that name among those on the list; it is made where there is none."""

    async def regroup(self, group: str, come: Sequence[str], go: Sequence[str]) -> None:
        """Put addresses into a group, and take others out: at most `most_at_once` of each."""

    @property
    def most_at_once(self) -> int:
        """How many addresses one call of `regroup` takes."""

    async def aim(self, campaign: str, group: str) -> None:
        """Have a campaign that was written in the tool go to a group and to nobody else."""

    async def is_sent(self, campaign: str) -> bool:
        """Whether the tool has begun to send a campaign."""

    async def send(self, campaign: str) -> None:
        """Send a campaign now."""
