"""Steps of tests that keep records for as long as a rule says."""

from datetime import timedelta

from services.members.trust.retention.carrying_out import look
from shared import clock
from shared.testing.caller import Json
from shared.testing.eventually import eventually
from tests.members.caller import Caller

RETENTION = "/v1/retention"
TODAY = clock.now().date()
LONG_AGO = TODAY - timedelta(days=400)
A_YEAR = {"months": 12, "after": "happened", "action": "delete", "source": "our board"}


async def settled(user: Caller, kind: str, **said: object) -> Json:
    """A kind with a rule that was just settled."""
    version = (await user.get(f"{RETENTION}/{kind}"))["version"]
    answered = await user.client.put(f"{RETENTION}/{kind}", json=said, headers={"If-Match": f'"{version}"'})
    assert answered.status_code == 200, answered.text
    return dict(answered.json())


async def applied(user: Caller, kind: str) -> Json:
    """The run by which the rule of a kind was applied, once it is over."""
    seen = await user.get(f"{RETENTION}/{kind}/preview")
    begun = await user.client.post(f"{RETENTION}/{kind}/runs", headers={"If-Match": f'"{seen["version"]}"'})
    assert begun.status_code == 202, begun.text
    run = begun.json()["id"]
    await look(user.app.state.parts)
    await eventually(lambda: over(user, run), within=20)
    return await user.get(f"{RETENTION}/runs/{run}")


async def over(user: Caller, run: str) -> bool:
    return bool((await user.get(f"{RETENTION}/runs/{run}"))["state"] != "running")
