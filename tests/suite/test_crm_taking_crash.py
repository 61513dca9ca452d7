"""What a CRM tells is applied once, in order, and its log says so, though the suite is killed with kill -9 as it is."""

import asyncio
import json
import os
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from shared.testing.caller import Json
from shared.testing.eventually import eventually
from shared.testing.serving import served
from tests.gateway.crm.generic_server import GenericServer
from tests.plugins.parts import scale
from tests.suite.connecting import connect
from tests.suite.entry import TAKING
from tests.suite.processes import Suite, embedded
from tests.suite.story import post
from tests.suite.test_crm_round_trip import every

MAPPING: Json = {
    "person": {
        "object": "supporters",
        "key": "ref",
        "fields": [
            {"ours": "given_name", "theirs": "name"},
            {"ours": "known_as", "theirs": "nick", "owner": "crm"},
        ],
    },
    "calls": {
        "create": {"method": "POST", "path": "/api/supporters"},
        "tell": {"method": "PATCH", "path": "/api/supporters/{id}"},
        "body": "{supporter: fields}",
        "id": "supporter.number",
    },
}  # fmt: skip
"""Its records cannot be read: each call says all there is, so that each is one change of one person."""


@pytest.fixture
def suite(tmp_path: Path) -> Iterator[Suite]:
    """The suite as one process, not yet started."""
    made = embedded(tmp_path)
    yield made
    made.kill()


class Calling:
    """A CRM that calls for as long as it is let, and again with the same id where it had no answer."""

    def __init__(self, suite: Suite, there: GenericServer, hook: Json, chance: random.Random) -> None:
        self.nicks: dict[str, list[str]] = defaultdict(list)
        """What each record was called, one after the other."""
        self.stopped = asyncio.Event()
        self._url = f"{suite.url}{hook['path']}"
        self._headers = {"backbone-hook-secret": hook["secret"]}
        self._there = there
        self._chance = chance

    async def call(self) -> None:
        """Call of new records, and of changed ones, until stopped."""
        async with httpx.AsyncClient(timeout=20) as client:
            for number in range(1_000_000):
                if self.stopped.is_set():
                    return
                if not self.nicks or self._chance.random() < 0.3:
                    record = self._there.made(name="".join(self._chance.sample("abcdefghijklmnopqrstuvwxyz", 12)))
                else:
                    record = self._chance.choice(list(self.nicks))
                self._there.records[record]["nick"] = f"Nick {number}"
                await self._told(client, f"msg_{number}", {"id": record, **self._there.records[record]})
                self.nicks[record].append(f"Nick {number}")

    async def _told(self, client: httpx.AsyncClient, message: str, said: Json) -> None:
        headers = self._headers | {"webhook-id": message}

        async def has_it() -> bool:
            try:
                answered = await client.post(self._url, content=json.dumps(said), headers=headers)
            except httpx.TransportError:
                return False
            return answered.status_code == 202

        await eventually(has_it, within=120)


async def test_what_a_crm_tells_is_applied_once_though_whoever_takes_it_up_is_killed_at_every_point(
    suite: Suite,
) -> None:
    seed = int(os.environ.get("BACKBONE_TEST_SEED", random.SystemRandom().randrange(1_000_000)))
    print(f"BACKBONE_TEST_SEED={seed}")  # noqa: T201 - a failure is repeated with it
    chance = random.Random(seed)
    points = [*TAKING] * scale(1)
    chance.shuffle(points)
    deaths = [{"gateway": f"{point}:{chance.randint(1, 4)}"} for point in points]
    there = GenericServer()
    await suite.start(deaths[0])  # it has not come to any point before somebody calls
    async with served(there.app) as port, suite.client() as client:
        path, hook = await _hooked(client, f"http://127.0.0.1:{port}")
        crm = Calling(suite, there, hook, chance)
        async with asyncio.TaskGroup() as calling:
            calling.create_task(crm.call())
            for following in [*deaths[1:], {}]:
                await eventually(lambda: not suite.processes["gateway"].alive, within=240)
                await suite.start(following)
            crm.stopped.set()
        await _all_taken_up(client, path)
        await _assert_applied(client, path, crm.nicks)


async def _all_taken_up(client: httpx.AsyncClient, path: str) -> None:
    async def none_waits() -> bool:
        return not await every(client, f"{path}/messages", state="pending")

    await eventually(none_waits, within=240)


async def _assert_applied(client: httpx.AsyncClient, path: str, nicks: dict[str, list[str]]) -> None:
    """Each call has its line in the log, and each person as many versions as there were calls, the last being how they
    are."""
    log = await every(client, f"{path}/messages")
    assert Counter(one["state"] for one in log) == {"applied": sum(map(len, nicks.values()))}
    assert Counter(one["record"] for one in log) == {record: len(told) for record, told in nicks.items()}
    people = {person["id"]: person for person in await every(client, "/v1/people")}
    of = {one["record"]: people[one["person"]] for one in log}
    assert len(people) == len(of) == len(nicks), "nobody twice"
    assert {record: person["known_as"] for record, person in of.items()} == {
        record: told[-1] for record, told in nicks.items()
    }
    assert {record: person["version"] for record, person in of.items()} == {
        record: len(told) for record, told in nicks.items()
    }


async def _hooked(client: httpx.AsyncClient, url: str) -> tuple[str, Json]:
    """A connection to a partner's CRM, and the hook at which that calls."""
    crm = {"vendor": "generic", "url": url, "credentials": GenericServer.credentials, "mapping": MAPPING}
    path = await connect(client, crm)
    return path, await post(client, f"{path}/hook", {"scheme": "shared_secret", "basis": "legitimate_interests"})
