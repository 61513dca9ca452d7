"""The npm packages by which partners sign and verify webhooks: run by node, where it and they can be had."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

PACKAGES = {"standardwebhooks": "1.1.1", "svix": "2.5.0"}


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


def by_node(packages: Path, script: str, **given: object) -> Any:
    """What a script answers, as JSON on its standard output, to what it reads as JSON from its standard input."""
    done = subprocess.run(
        ["node", "-e", script], input=json.dumps(given), cwd=packages, capture_output=True, text=True, check=True,
        timeout=60,
    )  # fmt: skip
    return json.loads(done.stdout)
