"""The npm packages that partners use verify our signatures too: run by node, where it and they can be had."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from shared.events.grants.funds import FundCreated
from tests.gateway.outward import Outward
from tests.gateway.receiver import Got
from tests.gateway.running import ON_ONE_DATABASE

PACKAGES = {"standardwebhooks": "1.1.1", "svix": "2.5.0"}
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


@pytest.fixture(scope="session")
def packages() -> Path:
    """A folder in which node finds the packages; made once, and kept for later runs."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("the npm packages that verify webhooks: NOT RUN (no node)")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "backbone-test-webhooks"
    if not (cache / "node_modules" / "svix").exists():
        cache.mkdir(parents=True, exist_ok=True)
        wanted = [f"{name}@{version}" for name, version in PACKAGES.items()]
        command = ["npm", "install", "--prefix", str(cache), "--ignore-scripts", "--no-audit", "--no-fund", *wanted]
        done = subprocess.run(command, check=False, capture_output=True, timeout=120)
        if done.returncode:
            shutil.rmtree(cache / "node_modules", ignore_errors=True)
            pytest.skip("the npm packages that verify webhooks: NOT RUN (the registry cannot be reached)")
    return cache


@ON_ONE_DATABASE
async def test_the_npm_packages_that_partners_use_verify_the_signature(outward: Outward, packages: Path) -> None:
    endpoint = await outward.us.endpoint(outward.receiver.url("/hook"))
    rotated = await outward.us.post(f"/v1/webhook-endpoints/{endpoint['id']}/secret")
    await outward.publish(FundCreated(fund="fund_1", currency="GBP"))
    (got,) = await outward.received("/hook")

    for secret in (endpoint["secret"], rotated["secret"]):
        assert verified(packages, secret, got) == {"standardwebhooks": [True, False], "svix": [True, False]}


def verified(packages: Path, secret: str, got: Got) -> dict[str, list[bool]]:
    """By package: whether the body as it came is taken for ours, and whether one that was changed is."""
    given = json.dumps({"secret": secret, "headers": dict(got.headers), "body": got.body.decode()})
    done = subprocess.run(
        ["node", "-e", VERIFY], input=given, cwd=packages, capture_output=True, text=True, check=True, timeout=60
    )
    found: dict[str, list[bool]] = json.loads(done.stdout)
    return found
