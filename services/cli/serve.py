"""Serving: the whole suite in one process, or one service alone. Start-up, signals, and a stop in bounded time."""

import asyncio
import gc
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager

import uvicorn
import uvloop
from starlette.types import ASGIApp

from services.cli import DATA_SERVICES, banner, control, ports
from services.cli.databases import refuse_if_behind
from services.cli.errors import WRONG_USE, Refused, explained
from services.cli.protocol import HttpProtocol
from services.cli.suite import application, embedded, first_start, started
from shared import log
from shared.settings import Settings

_DRAIN_SECONDS = 5
"""What requests in flight are given to finish after the signal to stop."""

_STOP_SECONDS = 20
"""When a stop that hangs is cut short. What was answered by then is on the disk already."""

_KEEP_ALIVE_SECONDS = 75
"""How long an idle connection is kept: longer than any client of ours keeps one (30 s), so that none meets its end."""

_UPSTREAMS = {"gateway": ("members", "measures", "grants"), "admin": ("gateway",)}


def serve(service: str | None = None) -> None:
    """Run the whole suite in this process, or one service alone, until it is told to stop."""
    os.umask(0o077)
    with explained():
        settings = Settings.load(service)
        log.configure(settings.log_level)
        uvloop.run(_serve_suite(settings) if service is None else _serve_one(settings, service))


async def _serve_suite(settings: Settings) -> None:
    from services.cli.actions import running_suite

    stop = Stop()
    with ExitStack() as stack:
        gateway = stack.enter_context(ports.taken(settings.host, settings.port, "BACKBONE_PORT"))
        admin = stack.enter_context(ports.taken(settings.host, settings.admin_port, "BACKBONE_ADMIN_PORT"))
        async with embedded(settings) as apps, control.opened(settings.data_dir, running_suite(settings, apps)):
            first = await first_start(apps["gateway"])
            servers = [Server(apps["gateway"], gateway), Server(apps["admin"], admin)]
            await _run(servers, stop, lambda: banner.suite(settings, first, ports.url(gateway), ports.url(admin)))


async def _serve_one(settings: Settings, service: str) -> None:
    missing = [f"{name.upper()}_URL" for name in _UPSTREAMS.get(service, ()) if _in_process(settings, name)]
    if missing:
        raise Refused(f"{service} alone needs {' and '.join(missing)}: the others run elsewhere", WRONG_USE)
    stop = Stop()
    if service in DATA_SERVICES:
        await refuse_if_behind(settings, service)
    with ports.taken(settings.host, settings.port, "BACKBONE_PORT") as listening:
        app = application(service, settings)
        async with started(app):
            first = await first_start(app) if service == "gateway" else None
            await _run([Server(app, listening)], stop, lambda: banner.one(service, first, ports.url(listening)))


def _in_process(settings: Settings, service: str) -> bool:
    return settings.upstream_url(service).startswith("asgi://")


async def _run(servers: Sequence["Server"], stop: "Stop", announce: Callable[[], None]) -> None:
    """Serve until told to stop or until a server fails; requests in flight are finished first."""
    serving = [asyncio.create_task(server.serve([server.listening])) for server in servers]
    ready = asyncio.create_task(_all_ready(servers))
    await asyncio.wait([ready, *serving], return_when=asyncio.FIRST_COMPLETED)
    if ready.done():
        settle()
        announce()
        stopping = asyncio.create_task(stop.heard())
        await asyncio.wait([stopping, *serving], return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
    ready.cancel()
    for server in servers:
        server.should_exit = True
    await asyncio.gather(*serving)


async def _all_ready(servers: Sequence["Server"]) -> None:
    for server in servers:
        await server.ready.wait()


def settle() -> None:
    """Take what start-up made out of the collector's sight: a full collection costs tens of milliseconds a request."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)
    gc.enable()
    sys.setswitchinterval(0.001)  # the writing threads give the loop its turn sooner than after the usual 5 ms


class Server(uvicorn.Server):
    """One listening socket and its application. Signals are the process's, which may have two of these."""

    def __init__(self, app: ASGIApp, listening: socket.socket) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=HttpProtocol,
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_keep_alive=_KEEP_ALIVE_SECONDS,
                timeout_graceful_shutdown=_DRAIN_SECONDS,
            )
        )
        self.listening = listening
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


class Stop:
    """Hears SIGTERM and SIGINT: the first asks for a stop, a second one, or one that hangs, ends the process."""

    def __init__(self) -> None:
        self._asked = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, self._hear)

    async def heard(self) -> None:
        """Wait for the first signal."""
        await self._asked.wait()

    def _hear(self) -> None:
        if self._asked.is_set():
            os._exit(1)
        self._asked.set()
        limit = threading.Timer(_STOP_SECONDS, os._exit, [1])
        limit.daemon = True
        limit.start()
