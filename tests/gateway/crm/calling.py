"""CRMs that call a hook whenever somebody's record changes, whoever changed it: some calls twice, some long after."""

import asyncio
import base64
import hashlib
import hmac
import json
from abc import abstractmethod
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import ClassVar
from uuid import uuid4

import httpx

from shared import clock
from tests.gateway.crm.civicrm_server import CiviCrmServer
from tests.gateway.crm.hubspot_server import HubSpotServer
from tests.gateway.crm.salesforce_server import SalesforceServer
from tests.gateway.crm.servers import CrmServer, Json

_EVERY_SO_MANY = 7
APP_SECRET = "the-client-secret-of-a-hubspot-app"


class Call:
    """One call: what it says, and what the CRM itself calls it."""

    def __init__(self, said: object) -> None:
        self.said = said
        self.name = str(uuid4())


class Calling(CrmServer):
    """Its users edit people; ``names`` are its fields by our names, ``key`` the one that holds our id.

    ``hook`` opens the hook at which it calls, besides the basis.
    """

    names: ClassVar[Mapping[str, str]]
    key: ClassVar[str]
    hook: ClassVar[Json] = {"scheme": "shared_secret"}

    def __init__(self) -> None:
        super().__init__()
        self._changed: asyncio.Queue[Call] = asyncio.Queue()
        self.calls = 0

    @abstractmethod
    def says(self, number: str, changed: Json) -> object:
        """What it calls with once fields of a record have changed."""

    def headers(self, url: str, secret: str, call: Call, body: bytes) -> dict[str, str]:
        """With what it shows that it is it."""
        return {"backbone-hook-secret": secret}

    def edit(self, number: str, **ours: object) -> None:
        """A user edits somebody's record, by our names of fields."""
        changed = {self.names[name]: value for name, value in ours.items()}
        self.records[number].update(changed)
        self.tells(number, changed)

    def create(self, **ours: object) -> str:
        """A user enters somebody; what the CRM calls them."""
        fields = {self.names[name]: value for name, value in ours.items()}
        number = self.made(**self.new(), **fields)
        self.tells(number, fields)
        return number

    def new(self) -> Json:
        """What each new record has besides."""
        return {}

    def tells(self, number: str, changed: Json) -> None:
        """Call of this, when it is its turn."""
        self._changed.put_nowait(Call(self.says(number, changed)))

    def record_of(self, person: str) -> str:
        """What it calls somebody who has our id of them."""
        (number,) = (number for number, record in self.records.items() if record.get(self.key) == person)
        return number

    @property
    def is_quiet(self) -> bool:
        """Whether it has called of everything."""
        return self._changed.empty()

    @asynccontextmanager
    async def calling(self, url: str, secret: str) -> AsyncIterator[None]:
        """Let it call a hook while the block lasts."""
        async with httpx.AsyncClient(timeout=20) as client:
            task = asyncio.create_task(self._call_us(client, url, secret))
            try:
                yield
            finally:
                task.cancel()

    async def _call_us(self, client: httpx.AsyncClient, url: str, secret: str) -> None:
        late: list[Call] = []
        while True:
            call = await self._changed.get()
            self.calls += 1
            several = [call, *late] if self.calls % _EVERY_SO_MANY == 0 else [call]
            late = [call] if self.calls % _EVERY_SO_MANY == 1 else late
            for each in several:
                body = json.dumps(each.said).encode()
                taken = await client.post(url, content=body, headers=self.headers(url, secret, each, body))
                assert taken.status_code == 202, taken.text


class CallingCiviCrm(Calling, CiviCrmServer):
    """A rule of CiviRules posts each changed contact, with the secret that it shares with us."""

    names: ClassVar = {
        "given_name": "first_name", "family_name": "last_name", "known_as": "nick_name",
        "postcode": "address_primary.postal_code", "email": "email_primary.email",
    }  # fmt: skip
    key: ClassVar = "external_identifier"

    def new(self) -> Json:
        return {"is_deleted": False, "contact_type": "Individual"}

    def says(self, number: str, changed: Json) -> object:
        return {"id": int(number), **self.records[number]}

    def _save(self, records: list[Json], match: list[str]) -> Json:
        answer = super()._save(records, match)
        for value in answer.get("values", ()):
            if str(value["id"]) in self.records:
                self.tells(str(value["id"]), {})
        return answer


class CallingSalesforce(Calling, SalesforceServer):
    """The asynchronous path of a record-triggered flow makes an HTTP callout, whoever wrote the record. It says which
    one; its interview is what it calls the call, whenever it is tried again."""

    names: ClassVar = {
        "given_name": "FirstName", "family_name": "LastName", "postcode": "MailingPostalCode", "email": "Email",
    }  # fmt: skip
    key: ClassVar = "Backbone_Id__c"

    def __init__(self) -> None:
        super().__init__()
        self.calls_left = 100_000  # of an Enterprise Edition org, a day

    def says(self, number: str, changed: Json) -> object:
        return {"Id": number}

    def headers(self, url: str, secret: str, call: Call, body: bytes) -> dict[str, str]:
        return {"backbone-hook-secret": secret, "webhook-id": call.name}

    def _write(self, number: str | None, record: Json) -> Json:
        written = super()._write(number, record)
        if written["success"] and written["id"] in self.records:
            self.tells(written["id"], {})
        return written


class CallingHubSpot(Calling, HubSpotServer):
    """An app's subscription to contact.propertyChange: lists of events, signed with its client secret."""

    names: ClassVar = {"given_name": "firstname", "family_name": "lastname", "postcode": "zip", "email": "email"}
    key: ClassVar = "backbone_id"
    hook: ClassVar = {"scheme": "hubspot_v3", "secret": APP_SECRET}

    def says(self, number: str, changed: Json) -> object:
        about = {
            "subscriptionId": 22, "portalId": 33, "appId": 44, "occurredAt": clock.milliseconds(), "attemptNumber": 0,
            "objectId": int(number),
        }  # fmt: skip
        said: list[Json] = []
        for place, (name, value) in enumerate(changed.items()):
            told = {"propertyName": name, "propertyValue": value, "changeSource": "CRM_UI"}
            kind = "contact.propertyChange"
            said.append({**about, "eventId": self.calls * 100 + place, "subscriptionType": kind, **told})
        return said

    def headers(self, url: str, secret: str, call: Call, body: bytes) -> dict[str, str]:
        at = str(clock.milliseconds())
        made = hmac.digest(APP_SECRET.encode(), b"POST" + url.encode() + body + at.encode(), hashlib.sha256)
        return {
            "x-hubspot-signature-v3": base64.b64encode(made).decode(), "x-hubspot-request-timestamp": at,
            "content-type": "application/json",
        }  # fmt: skip

    def _write(self, records: dict[str, Json], said: Json, by_ours: bool) -> tuple[str, str | None]:
        number, category = super()._write(records, said, by_ours)
        if category is None and records is self.records:
            self.tells(number, said["properties"])
        return number, category
