"""One service of a measurement as a program, served over HTTP as any service of the suite is; and who calls it."""

from collections.abc import Callable

import uvloop
from fastapi import FastAPI

from services.cli import ports, serve
from services.cli.suite import started
from shared import log
from shared.auth import Principal, sign
from shared.secrets import Secrets
from shared.settings import Settings

MOVEMENT = "movement_01j5x3m0e8f7v9q2k4t6w8y0ab"


def run(application: Callable[[Settings], FastAPI], port: int) -> None:
    """Serve an application on the databases and the log that the environment names, until the process is ended."""
    log.configure("error")
    uvloop.run(_serve(application, port))


def credential(settings: Settings, service: str) -> dict[str, str]:
    """The headers of a caller for whom the gateway vouches, for half a minute."""
    principal = Principal(id="key_01j5x3m0e8f7v9q2k4t6w8y0ab", movement=MOVEMENT, scopes=frozenset({"*"}))
    return {"authorization": f"Bearer {sign(principal, service, Secrets.load(settings, 'gateway'))}"}


async def _serve(application: Callable[[Settings], FastAPI], port: int) -> None:
    app = application(Settings())
    with ports.taken("127.0.0.1", port, "PORT") as listening:
        async with started(app):
            await serve._run([serve.Server(app, listening)], serve.Stop(), lambda: None)
