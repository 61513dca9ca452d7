"""Mailchimp's Marketing API 3.0, as published at https://mailchimp.com/developer/marketing/api/.

A member is known by the MD5 of the address in lower case. `status_if_new` is for those whom the list does not know, and
`status` is never sent but to unsubscribe: so nothing that is sent subscribes anybody a second time.
"""

import base64
import hashlib
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

import msgspec

from services.members.life.mailings.vendors.calling import Caller
from services.members.life.mailings.vendors.tool import AtTool, Change, Contact, ToolRefuses
from shared.dialler import Dialler

_STANDS = {
    "subscribed": AtTool.ON,
    "unsubscribed": AtTool.UNSUBSCRIBED,
    "cleaned": AtTool.BOUNCED,
    "archived": AtTool.OFF,
    "pending": AtTool.OFF,  # asked by the tool to confirm, and has not
    "transactional": AtTool.OFF,
}
_BLOCKED = frozenset({"Member In Compliance State", "Forgotten Email Not Subscribed"})
_NOT_BEGUN = frozenset({"save", "paused"})
_PAGE = 500


class _Member(msgspec.Struct):
    status: str
    email_address: str = ""


class _Members(msgspec.Struct):
    members: list[_Member]


class _Segment(msgspec.Struct):
    id: int
    name: str = ""


class _Segments(msgspec.Struct):
    segments: list[_Segment]


class _Campaign(msgspec.Struct):
    status: str


class _Problem(msgspec.Struct):
    title: str = ""


def address_for(key: str) -> str:
    """The address of an account's API: its data centre is what follows the hyphen of the key. Raises ToolRefuses."""
    centre = key.rpartition("-")[2]
    if centre == key or not centre.isalnum():
        raise ToolRefuses("the key does not end in a data centre, such as -us19")
    return f"https://{centre}.api.mailchimp.com/3.0"


class Mailchimp:
    """A list (an "audience") of an account."""

    most_at_once = 500

    def __init__(self, dialler: Dialler, base: str, key: str, list_: str) -> None:
        basic = base64.b64encode(f"backbone:{key}".encode()).decode()  # any name will do
        self._api = Caller(dialler, base, {"authorization": f"Basic {basic}"})
        self._list_id = list_
        self._list = f"/lists/{quote(list_, safe='')}"

    async def add(self, contact: Contact) -> AtTool:
        """By `PUT`: whoever the list knows keeps the status that they have, and we learn it."""
        names = {"FNAME": contact.given_name} | ({"LNAME": contact.family_name} if contact.family_name else {})
        body = {"email_address": contact.address, "status_if_new": "subscribed", "merge_fields": names}
        said = await self._api.ask("PUT", f"{self._member(contact.address)}?skip_merge_validation=true", body)
        if said.status == 400:
            return AtTool.BLOCKED if said.read(_Problem).title in _BLOCKED else AtTool.REFUSED
        return _STANDS.get(said.done("adding a member").read(_Member).status, AtTool.BLOCKED)

    async def take_off(self, address: str) -> None:
        """By unsubscribing: they can come back by the tool's own form, and by nothing that we send."""
        said = await self._api.ask("PATCH", self._member(address), {"status": "unsubscribed"})
        if said.status not in (400, 404):  # not to be changed any more, or not there
            said.done("unsubscribing a member")

    async def forget(self, address: str) -> None:
        """For good: the tool itself keeps such an address from being imported again."""
        said = await self._api.ask("POST", f"{self._member(address)}/actions/delete-permanent")
        if said.status != 404:
            said.done("deleting a member")

    async def changed(self, since: datetime) -> AsyncIterator[Change]:
        """Page after page, in the order in which they changed."""
        offset, more = 0, True
        while more:
            query = urlencode(
                {
                    "since_last_changed": since.astimezone(UTC).isoformat(timespec="seconds"),
                    "sort_field": "last_changed", "sort_dir": "ASC", "count": _PAGE, "offset": offset,
                    "fields": "members.email_address,members.status",
                }
            )  # fmt: skip
            found = (await self._api.ask("GET", f"{self._list}/members?{query}")).done("reading the list")
            members = found.read(_Members).members
            for member in members:
                yield Change(member.email_address, _STANDS.get(member.status, AtTool.BLOCKED))
            offset, more = offset + len(members), len(members) == _PAGE

    async def group(self, name: str) -> str:
        """A static segment."""
        query = urlencode({"type": "static", "count": 1000, "fields": "segments.id,segments.name"})
        found = (await self._api.ask("GET", f"{self._list}/segments?{query}")).done("reading the segments")
        for segment in found.read(_Segments).segments:
            if segment.name == name:
                return str(segment.id)
        body = {"name": name, "static_segment": []}
        return str(
            (await self._api.ask("POST", f"{self._list}/segments", body)).done("adding a segment").read(_Segment).id
        )

    async def regroup(self, group: str, come: Sequence[str], go: Sequence[str]) -> None:
        """In one call; addresses that are not on the list are left out by the tool."""
        body = {"members_to_add": list(come), "members_to_remove": list(go)}
        (await self._api.ask("POST", f"{self._list}/segments/{group}", body)).done("filling a segment")

    async def aim(self, campaign: str, group: str) -> None:
        """At the static segment."""
        recipients = {"list_id": self._list_id, "segment_opts": {"saved_segment_id": int(group)}}
        said = await self._api.ask("PATCH", _campaign(campaign), {"recipients": recipients})
        said.done("aiming the campaign")

    async def is_sent(self, campaign: str) -> bool:
        """Whatever is neither saved nor paused has begun, or is to begin at a time that was set in the tool."""
        said = (await self._api.ask("GET", f"{_campaign(campaign)}?fields=status")).done("reading the campaign")
        return said.read(_Campaign).status not in _NOT_BEGUN

    async def send(self, campaign: str) -> None:
        """Now."""
        (await self._api.ask("POST", f"{_campaign(campaign)}/actions/send")).done("sending the campaign")

    def _member(self, address: str) -> str:
        digest = hashlib.md5(address.lower().encode(), usedforsecurity=False).hexdigest()
        return f"{self._list}/members/{digest}"


def _campaign(campaign: str) -> str:
    return f"/campaigns/{quote(campaign, safe='')}"
