"""A CiviCRM that calls a hook whenever a contact changes, whoever changed it: some calls twice, some long after."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from tests.gateway.crm.civicrm_server import CiviCrmServer
from tests.gateway.crm.servers import Json

_EVERY_SO_MANY = 7


class CallingCiviCrm(CiviCrmServer):
    """Its users edit contacts; a rule of it posts each changed contact with the secret that it shares with us."""

    def __init__(self) -> None:
        super().__init__()
        self._changed: asyncio.Queue[tuple[str, Json]] = asyncio.Queue()
        self.calls = 0
        self.saves = 0

    def edit(self, number: str, **fields: object) -> None:
        """A user edits a contact."""
        self.records[number].update(fields)
        self._tell(number)

    def create(self, **fields: object) -> str:
        """A user makes a contact; its id."""
        number = self.made(is_deleted=False, contact_type="Individual", **fields)
        self._tell(number)
        return number

    def contact_of(self, person: str) -> str:
        """What it calls somebody who has our id of them."""
        (number,) = (n for n, record in self.records.items() if record.get("external_identifier") == person)
        return number

    @asynccontextmanager
    async def calling(self, url: str, secret: str) -> AsyncIterator[None]:
        """Let it call a hook while the block lasts."""
        async with httpx.AsyncClient(timeout=20) as client:
            task = asyncio.create_task(self._call_us(client, url, secret))
            try:
                yield
            finally:
                task.cancel()

    @property
    def is_quiet(self) -> bool:
        """Whether it has called of everything."""
        return self._changed.empty()

    def _save(self, records: list[Json], match: list[str]) -> Json:
        answer = super()._save(records, match)
        self.saves += 1
        for value in answer.get("values", ()):
            self._tell(str(value["id"]))
        return answer

    def _tell(self, number: str) -> None:
        self._changed.put_nowait((number, dict(self.records[number])))

    async def _call_us(self, client: httpx.AsyncClient, url: str, secret: str) -> None:
        headers = {"backbone-hook-secret": secret}
        late: list[Json] = []
        while True:
            number, record = await self._changed.get()
            self.calls += 1
            said = {"id": int(number), **record}
            several = [said, *late] if self.calls % _EVERY_SO_MANY == 0 else [said]
            late = [said] if self.calls % _EVERY_SO_MANY == 1 else late
            for each in several:
                taken = await client.post(url, content=json.dumps(each), headers=headers)
                assert taken.status_code == 202, taken.text
