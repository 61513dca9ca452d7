"""Brevo's API v3, as published at https://developers.brevo.com/reference.

`emailBlacklisted` is never sent: whoever unsubscribed, complained or bounced stays blocked in the account whatever list
they are put on. A contact who left this one list (`listUnsubscribed`) is not put on it again.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

import msgspec

from services.members.life.mailings.vendors.calling import Caller
from services.members.life.mailings.vendors.tool import AtTool, Change, Contact, ToolRefuses
from shared.dialler import Dialler

ADDRESS = "https://api.brevo.com/v3"
_NOT_BEGUN = frozenset({"draft", "suspended"})
_PAGE, _LISTS_A_PAGE = 1000, 50


class _Contact(msgspec.Struct, rename="camel"):
    email: str = ""
    email_blacklisted: bool = False
    list_ids: list[int] = []
    list_unsubscribed: list[int] | None = None

    def stands(self, list_: int) -> AtTool:
        """How they stand on a list."""
        if self.email_blacklisted:
            return AtTool.BLOCKED
        if list_ in (self.list_unsubscribed or ()):
            return AtTool.UNSUBSCRIBED
        return AtTool.ON if list_ in self.list_ids else AtTool.OFF


class _Contacts(msgspec.Struct):
    contacts: list[_Contact]


class _Named(msgspec.Struct):
    id: int
    name: str = ""


class _Lists(msgspec.Struct):
    lists: list[_Named] = []


class _Folders(msgspec.Struct):
    folders: list[_Named] = []


class _Campaign(msgspec.Struct):
    status: str


class Brevo:
    """A list of an account."""

    most_at_once = 150

    def __init__(self, dialler: Dialler, base: str, key: str, list_: str) -> None:
        self._api = Caller(dialler, base, {"api-key": key})
        try:
            self._list = int(list_)
        except ValueError:
            raise ToolRefuses("a list of Brevo's is known by its number") from None

    async def add(self, contact: Contact) -> AtTool:
        """Whoever is known is looked at first; where they unsubscribe in between, they stay blocked all the same."""
        known = await self._api.ask("GET", _contact(contact.address))
        if known.status != 404:
            stands = known.done("reading a contact").read(_Contact).stands(self._list)
            if stands is not AtTool.OFF:
                return stands
        names = {"FIRSTNAME": contact.given_name} | ({"LASTNAME": contact.family_name} if contact.family_name else {})
        body = {"email": contact.address, "attributes": names, "listIds": [self._list], "updateEnabled": True}
        said = await self._api.ask("POST", "/contacts", body)
        if said.status == 400:
            return AtTool.REFUSED
        said.done("adding a contact")
        return AtTool.ON

    async def take_off(self, address: str) -> None:
        """From this list alone: the account may have others of another purpose."""
        said = await self._api.ask("PUT", _contact(address), {"unlinkListIds": [self._list]})
        if said.status not in (400, 404):  # not on it any more, or not there
            said.done("taking a contact off")

    async def forget(self, address: str) -> None:
        """From the whole account."""
        said = await self._api.ask("DELETE", _contact(address))
        if said.status != 404:
            said.done("deleting a contact")

    async def changed(self, since: datetime) -> AsyncIterator[Change]:
        """Of the whole account: a contact who left our list is told by no list of contacts."""
        offset, more = 0, True
        while more:
            moment = since.astimezone(UTC).isoformat(timespec="milliseconds")
            query = urlencode({"modifiedSince": moment, "limit": _PAGE, "offset": offset, "sort": "asc"})
            found = (await self._api.ask("GET", f"/contacts?{query}")).done("reading the contacts")
            contacts = found.read(_Contacts).contacts
            for contact in contacts:
                yield Change(contact.email, contact.stands(self._list))
            offset, more = offset + len(contacts), len(contacts) == _PAGE

    async def group(self, name: str) -> str:
        """A list of its own, in the account's first folder."""
        offset, more = 0, True
        while more:
            query = urlencode({"limit": _LISTS_A_PAGE, "offset": offset})
            found = (
                (await self._api.ask("GET", f"/contacts/lists?{query}")).done("reading the lists").read(_Lists).lists
            )
            for each in found:
                if each.name == name:
                    return str(each.id)
            offset, more = offset + len(found), len(found) == _LISTS_A_PAGE
        body = {"name": name, "folderId": await self._folder()}
        return str((await self._api.ask("POST", "/contacts/lists", body)).done("adding a list").read(_Named).id)

    async def regroup(self, group: str, come: Sequence[str], go: Sequence[str]) -> None:
        """400 is the answer where every one of them is on it, or off it, already."""
        for verb, addresses in (("add", come), ("remove", go)):
            if addresses:
                said = await self._api.ask(
                    "POST", f"/contacts/lists/{group}/contacts/{verb}", {"emails": list(addresses)}
                )
                if said.status != 400:
                    said.done("filling a list")

    async def aim(self, campaign: str, group: str) -> None:
        """At the list of that mailing."""
        said = await self._api.ask("PUT", _campaign(campaign), {"recipients": {"listIds": [int(group)]}})
        said.done("aiming the campaign")

    async def is_sent(self, campaign: str) -> bool:
        """Whatever is neither a draft nor suspended has begun, or is to begin at a time that was set in the tool."""
        said = (await self._api.ask("GET", _campaign(campaign))).done("reading the campaign")
        return said.read(_Campaign).status not in _NOT_BEGUN

    async def send(self, campaign: str) -> None:
        """Now."""
        (await self._api.ask("POST", f"{_campaign(campaign)}/sendNow")).done("sending the campaign")

    async def _folder(self) -> int:
        found = (await self._api.ask("GET", "/contacts/folders?limit=1&offset=0")).done("reading the folders")
        folders = found.read(_Folders).folders
        if folders:
            return folders[0].id
        made = await self._api.ask("POST", "/contacts/folders", {"name": "Backbone"})
        return made.done("adding a folder").read(_Named).id


def _contact(address: str) -> str:
    return f"/contacts/{quote(address, safe='')}"


def _campaign(campaign: str) -> str:
    return f"/emailCampaigns/{quote(campaign, safe='')}"
