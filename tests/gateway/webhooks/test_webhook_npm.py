"""The npm packages that partners use verify our signatures too."""

from pathlib import Path

import pytest

from shared.events.grants.funds import FundCreated
from tests.gateway.npm import by_node
from tests.gateway.outward import Outward
from tests.gateway.receiver import Got
from tests.gateway.running import ON_ONE_DATABASE

VERIFY = """
const { readFileSync } = require("fs");
const { secret, headers, body } = JSON.parse(readFileSync(0, "utf8"));
const verified = {};
for (const name of ["standardwebhooks", "svix"]) {
  const { Webhook } = require(name);
  const verifies = (bytes) => {
    try { new Webhook(secret).verify(bytes, headers); return true; } catch { return false; }
  };
  verified[name] = [verifies(body), verifies(body.replace("fund_1", "fund_2"))];
}
console.log(JSON.stringify(verified));
"""


@ON_ONE_DATABASE
@pytest.mark.usefixtures("by_the_machine")
async def test_the_npm_packages_that_partners_use_verify_the_signature(outward: Outward, packages: Path) -> None:
    endpoint = await outward.us.endpoint(outward.receiver.url("/hook"))
    rotated = await outward.us.post(f"/v1/webhook-endpoints/{endpoint['id']}/secret")
    await outward.publish(FundCreated(fund="fund_1", currency="GBP"))
    (got,) = await outward.received("/hook")

    for secret in (endpoint["secret"], rotated["secret"]):
        assert verified(packages, secret, got) == {"standardwebhooks": [True, False], "svix": [True, False]}


def verified(packages: Path, secret: str, got: Got) -> dict[str, list[bool]]:
    """By package: whether the body as it came is taken for ours, and whether one that was changed is."""
    found: dict[str, list[bool]] = by_node(
        packages, VERIFY, secret=secret, headers=dict(got.headers), body=got.body.decode()
    )
    return found
