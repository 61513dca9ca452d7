"""Processes that answer over HTTP: ours as they are run, and the baselines that are written in Python."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from shared.testing.ports import free_ports
from tests.bench.ground import Ground

KEY = "a-platform-key-for-measuring-how-fast-we-are"
CREDENTIAL = {"authorization": f"Bearer {KEY}"}
_UNLIMITED = "1000000000"
"""Requests a minute: they are counted as ever, and no measurement reaches the limit."""


@dataclass(frozen=True, slots=True)
class Started:
    """A process of ours, and where it answers."""

    url: str
    process: int


def gateway(ground: Ground, behind: str) -> Started:
    """The gateway alone, on an SQLite database of its own, with every service at one address."""
    (port,) = free_ports(1)
    data = ground.folder / "gateway"
    environment = _environment(ground, "gateway", port) | {
        "DATABASE_URL": f"sqlite:///{data}/gateway.db",
        "BUS_URL": f"sqlite:///{data}/bus.db",
        **{f"{service}_URL": f"http://{behind}" for service in ("MEMBERS", "MEASURES", "GRANTS")},
    }
    data.mkdir()
    ground.run([sys.executable, "-m", "services", "migrate", "gateway"], environment)
    return Started(f"http://127.0.0.1:{port}", _start(ground, ["services", "gateway"], port, environment))


def embedded(ground: Ground) -> Started:
    """The whole suite in one process; what it needs is made at the first start, and found at the next ones."""
    port, admin = free_ports(2)
    environment = _environment(ground, "suite", port) | {"BACKBONE_ADMIN_PORT": str(admin)}
    return Started(f"http://127.0.0.1:{port}", _start(ground, ["services"], port, environment))


def things(ground: Ground, data: Path) -> Started:
    """The service of :mod:`tests.bench.things`, on a data folder that is prepared."""
    (port,) = free_ports(1)
    environment = {"BACKBONE_DATA_DIR": str(data)}
    return Started(f"http://127.0.0.1:{port}", _start(ground, ["tests.bench.things", str(port)], port, environment))


def joining(ground: Ground, data: Path) -> Started:
    """The members service as in :mod:`tests.bench.joining`, on a data folder that is prepared."""
    (port,) = free_ports(1)
    environment = {"BACKBONE_DATA_DIR": str(data)}
    return Started(f"http://127.0.0.1:{port}", _start(ground, ["tests.bench.joining", str(port)], port, environment))


def application(ground: Ground, name: str, environment: Mapping[str, str]) -> Started:
    """One of :mod:`tests.bench.baselines`, served by uvicorn with all that makes it fast."""
    (port,) = free_ports(1)
    served = ["uvicorn", f"tests.bench.baselines.{name}:app", "--port", str(port)]
    command = [sys.executable, "-m", *served, "--http", "httptools", "--loop", "uvloop", "--no-access-log"]
    return Started(f"http://127.0.0.1:{port}", ground.start(name, command, port, environment))


def _start(ground: Ground, module: Sequence[str], port: int, environment: Mapping[str, str]) -> int:
    return ground.start("-".join(module), [sys.executable, "-m", *module], port, environment, healthy=True)


def _environment(ground: Ground, name: str, port: int) -> dict[str, str]:
    return {
        "BACKBONE_DATA_DIR": str(ground.folder / name),
        "BACKBONE_PORT": str(port),
        "BACKBONE_BOOTSTRAP_KEY": KEY,
        "BACKBONE_RATE_LIMIT": _UNLIMITED,
        "BACKBONE_WEBHOOKS_TO_LOOPBACK": "true",
    }
