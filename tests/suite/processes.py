"""The suite as processes of its own: one (embedded), or one a service on PostgreSQL and Kafka.

Their databases are copies of one that was migrated once, and they are forked from a process that has imported the
suite: seventy migrations and a thousand modules a start would be most of these tests' time. That a suite begins from
nothing is what ``tests/cli`` is about.
"""

import asyncio
import os
import shutil
import signal
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache, partial
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from services.cli import DATA_SERVICES
from shared.bus import open_bus
from shared.events.envelope import topic
from shared.secrets import create_all
from shared.testing.postgres import PostgresServer
from shared.testing.service import migrate
from tests import noon
from tests.forking import FORKED
from tests.suite.entry import run

KEY = "a-platform-key-for-the-tests-of-the-whole-suite"
_STARTED_WITHIN = 90.0


class DidNotStart(AssertionError):
    """A process ended, or never became healthy; the message holds what it wrote."""


@dataclass
class Process:
    """One process of the suite: its arguments, its environment, its port."""

    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    port: int
    log: Path
    running: ForkServerProcess | None = None
    away: timedelta = noon.AWAY
    """How far its clock is from the machine's."""

    def start(self, die: str | None = None) -> None:
        """Start it; ``die`` is where and when it kills itself."""
        environment = dict(self.environment) | ({"BACKBONE_TEST_DIE": die} if die else {})
        self.running = FORKED.Process(target=run, args=(self.arguments, os.environ | environment, self.log, self.away))
        self.running.start()

    async def healthy(self, *, may_die: bool = False) -> None:
        """Wait until it answers that it is well; or, where it ``may_die``, until it has."""
        deadline = time.monotonic() + _STARTED_WITHIN
        async with httpx.AsyncClient(timeout=5) as client:
            while time.monotonic() < deadline:
                if not self.alive:
                    if may_die:
                        return
                    raise DidNotStart(self.log.read_text()[-4000:])
                try:
                    if (await client.get(f"http://127.0.0.1:{self.port}/health")).status_code == 200:
                        return
                except httpx.TransportError:
                    pass
                await asyncio.sleep(0.05)
        raise DidNotStart(self.log.read_text()[-4000:])

    @property
    def alive(self) -> bool:
        return self.running is not None and self.running.is_alive()

    def kill(self) -> None:
        """What a crash does."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """What an operator does."""
        self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> None:
        if self.running is not None and self.running.pid is not None:
            with suppress(ProcessLookupError):  # it has ended by itself
                os.kill(self.running.pid, number)
            self.running.join(30)
            self.running = None


@dataclass
class Suite:
    """Processes by name; ``gateway`` answers for all of them."""

    processes: dict[str, Process] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.processes['gateway'].port}"

    async def start(self, die: Mapping[str, str] | None = None) -> None:
        """Start what does not run; ``die`` says, by process, where and when one kills itself."""
        dying = die or {}
        for name, process in self.processes.items():
            if not process.alive:
                process.start(dying.get(name))
        await asyncio.gather(*(each.healthy(may_die=name in dying) for name, each in self.processes.items()))

    def add_replica(self, name: str) -> None:
        """Another process of a service at scale, `<name>-2`, on its databases and its log; not yet started."""
        (port,) = free_ports(1)
        first = self.processes[name]
        environment = {**first.environment, "BACKBONE_PORT": str(port)}
        log = first.log.with_name(f"{name}-2.log")
        self.processes[f"{name}-2"] = Process(first.arguments, environment, port, log)

    def stop(self) -> None:
        for process in reversed(self.processes.values()):
            process.stop()

    def kill(self) -> None:
        for process in self.processes.values():
            process.kill()

    def client(self) -> httpx.AsyncClient:
        """A partner's client, with the platform key."""
        return httpx.AsyncClient(base_url=self.url, headers={"authorization": f"Bearer {KEY}"}, timeout=20)


def embedded(folder: Path, databases: str | None = None) -> Suite:
    """The whole suite in one process, on SQLite, or on the PostgreSQL ``databases``: a URL with ``{service}`` in it."""
    if databases is None:
        shutil.copytree(_migrated_files().name, folder / "data")
    port, admin = free_ports(2)
    environment = {
        "BACKBONE_DATA_DIR": str(folder / "data"), "BACKBONE_PORT": str(port), "BACKBONE_ADMIN_PORT": str(admin),
        "BACKBONE_BOOTSTRAP_KEY": KEY, "BACKBONE_WEBHOOKS_TO_LOOPBACK": "true", "BACKBONE_RATE_LIMIT": "1000000",
    }  # fmt: skip
    if databases is not None:
        environment["DATABASE_URL"] = databases
    return Suite({"gateway": Process((), environment, port, folder / "suite.log")})


def migrated(server: PostgresServer) -> dict[str, str]:
    """The addresses of a database of each service, by its name, without rows."""
    return {service: server.copy_of(service, partial(migrate, service)) for service in DATA_SERVICES}


def at_scale(folder: Path, databases: Mapping[str, str], bus_url: str) -> Suite:
    """A process a service, on PostgreSQL (``databases`` by service, see :func:`migrated`) and Kafka."""
    ports = dict(zip(DATA_SERVICES, free_ports(len(DATA_SERVICES)), strict=True))
    common = {
        "BACKBONE_DATA_DIR": str(folder / "data"), "BUS_URL": bus_url, "BACKBONE_BOOTSTRAP_KEY": KEY,
        "BACKBONE_WEBHOOKS_TO_LOOPBACK": "true", "BACKBONE_RATE_LIMIT": "1000000",
        "BACKBONE_SECRETS_DIR": str(folder / "secrets"),
    } | {f"{service.upper()}_URL": f"http://127.0.0.1:{port}" for service, port in ports.items()}  # fmt: skip
    suite = Suite()
    for service, port in ports.items():
        environment = common | {"DATABASE_URL": databases[service], "BACKBONE_PORT": str(port)}
        suite.processes[service] = Process((service,), environment, port, folder / f"{service}.log")
    create_all(folder / "secrets")
    asyncio.run(_make_topics(bus_url))
    return suite


def free_ports(count: int) -> list[int]:
    """Ports of loopback that nobody has at the moment."""
    listeners = [socket.socket() for _ in range(count)]
    for listener in listeners:
        listener.bind(("127.0.0.1", 0))
    ports = [int(listener.getsockname()[1]) for listener in listeners]
    for listener in listeners:
        listener.close()
    return ports


@cache
def _migrated_files() -> TemporaryDirectory[str]:
    """A folder with a migrated file of each service."""
    folder = TemporaryDirectory(prefix="backbone-migrated-")
    for service in DATA_SERVICES:
        migrate(service, f"sqlite:///{folder.name}/{service}.db")
    return folder


async def _make_topics(bus_url: str) -> None:
    bus = open_bus(bus_url)
    try:
        await bus.ensure_topics([topic(service) for service in DATA_SERVICES])
    finally:
        await bus.close()
