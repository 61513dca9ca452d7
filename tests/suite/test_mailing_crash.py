"""A mailing goes out once, to everybody, though the process is killed with kill -9 on the way and as it is sent."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import httpx
import pytest
from starlette.responses import Response

from shared import clock
from shared.testing.caller import Json
from shared.testing.eventually import eventually
from shared.testing.serving import served
from tests.members.life.mail_tools import KEY, LIST, BrevoServer
from tests.members.life.mailing import YES
from tests.suite.processes import Suite, embedded

_PEOPLE = 60
"""More than are handed to the tool at once, so that some are handed before it dies and some after."""


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Suite]:
    suite = embedded(tmp_path)
    yield suite
    suite.kill()


class Deadly(BrevoServer):
    """Kills the suite while people are handed over, and once more when it has sent, before it says so."""

    def __init__(self, suite: Suite) -> None:
        super().__init__()
        self.deaths: list[str] = []
        self._suite = suite
        self.before = self._kill

    async def _kill(self, asked: str) -> Response | None:
        if not self.deaths and asked.endswith("/contacts/add"):
            return self._die(asked, Response(status_code=503))
        if asked.endswith("/sendNow") and len(self.deaths) == 1:
            return self._die(asked, self.send("c1"))
        return None

    def died(self, times: int) -> bool:
        """Whether it has killed so often."""
        return len(self.deaths) == times

    def _die(self, asked: str, answer: Response) -> Response:
        self.deaths.append(asked)
        self._suite.kill()
        return answer


async def test_a_mailing_is_sent_once_though_the_process_is_killed_twice(alone: Suite) -> None:
    there = Deadly(alone)
    await alone.start()
    async with served(there.app) as port, alone.client() as client:
        mailing = await _begun(client, f"http://127.0.0.1:{port}")
        await _post(client, f"/v1/mailings/{mailing}/send")
        for deaths in (1, 2):
            await eventually(partial(there.died, deaths), within=60)
            await alone.start()

        async def is_sent() -> bool:
            return bool((await client.get(f"/v1/mailings/{mailing}")).json()["state"] == "sent")

        await eventually(is_sent, within=60)
        assert [(campaign, len(people)) for campaign, people in there.sent] == [("c1", _PEOPLE)]
        assert (await client.get(f"/v1/mailings/{mailing}")).json()["handed"] == _PEOPLE


async def _begun(client: httpx.AsyncClient, url: str) -> str:
    """A mailing to people who allow it, with all that it needs."""
    vendor = (await _post(client, "/v1/organisations", {"name": "A mailing company"}))["id"]
    today = clock.now().date()
    agreement = {
        "kind": "processor", "parties": [vendor], "purposes": ["news"], "data_classes": ["contact"],
        "basis": "legitimate_interests", "reference": "DPA-1", "signed_on": today.isoformat(),
        "review_on": (today + timedelta(days=90)).isoformat(),
    }  # fmt: skip
    await _post(client, "/v1/agreements", agreement)
    for number in range(_PEOPLE):
        person = {"given_name": "Ada", "emails": [{"address": f"ada{number}@example.org"}]}
        await _post(client, "/v1/sign-ups", {"person": person, "permissions": [YES]})
    segment = await _post(client, "/v1/segments", {"name": "All", "filter": {"age_band": ["not_asked"]}})
    tool = {"kind": "brevo", "name": "News", "organisation": vendor, "purpose": "news", "list": LIST}
    made = await _post(client, "/v1/mailings/tools", {**tool, "api_key": KEY, "url": url})
    body = {"name": "Spring", "tool": made["id"], "segment": segment["id"], "campaign": "c1"}
    return str((await _post(client, "/v1/mailings", body))["id"])


async def _post(client: httpx.AsyncClient, path: str, body: object = None) -> Json:
    answered = await client.post(path, json=body, headers={"If-Match": "*"})
    assert answered.is_success, answered.text
    answer: Json = answered.json()
    return answer
