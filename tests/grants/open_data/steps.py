"""The steps of tests about open data: who publishes, an award that stands, and whoever reads without a key."""

from collections.abc import Iterable

from shared.auth import Principal
from shared.ids import new_id
from shared.secrets import Secrets
from shared.testing.caller import InternalToken, Json
from tests.grants.caller import Caller, asking, gbp

ROOT = "/open/we-can-move/360giving"
TOLD = {"backbone-public-url": "https://data.example.org", "backbone-movement-name": "We%20can%20move"}
MAKER, FUNDER = "GB-CHC-1165512", "GB-COH-RC000766"
KNOWN = [{"name": "Action Together", "identifier": MAKER}, {"name": "Sport England", "identifier": FUNDER}]


def anybody(grants: Caller, secrets: Secrets) -> InternalToken:
    """What the gateway vouches for where nobody signs in."""
    return InternalToken(Principal(new_id("key"), grants.movement, frozenset({"open:read"})), "grants", secrets)


async def publisher(grants: Caller, **other: object) -> None:
    """Say who publishes: from now on everything stands open."""
    said = {"prefix": "actiontogether", "publisher": "Action Together", "organisations": KNOWN, **other}
    answered = await grants.client.patch("/v1/open-data-settings", json=said, headers={"If-Match": "*"})
    assert answered.status_code == 200, answered.text


async def accepted(grants: Caller, round_id: str, amount: str = "500.00", **said: object) -> str:
    """An award that its group accepted; its id."""
    application = (await grants.post("/v1/applications", asking(round_id, amount, **said)))["id"]
    award = (await grants.post("/v1/awards", {"application": application, "amount": gbp(amount)}))["id"]
    await grants.post(f"/v1/awards/{award}/accept")
    return str(award)


async def told(grants: Caller, award: str, **said: object) -> Json:
    """Say what is told of an award."""
    answered = await grants.client.put(f"/v1/awards/{award}/publication", json=said, headers={"If-Match": "*"})
    assert answered.status_code == 200, answered.text
    return dict(answered.json())


def of(grants: Iterable[Json], award: str) -> Json:
    """The grant that an award is published as."""
    (found,) = [grant for grant in grants if grant["id"].endswith(award)]
    return found
