"""An application behind a real server, on this event loop and a port of its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

import uvicorn
from starlette.types import ASGIApp

from shared.testing.eventually import eventually


@asynccontextmanager
async def served(app: ASGIApp, http: type[asyncio.Protocol] | Literal["auto"] = "auto") -> AsyncIterator[int]:
    """Serve while the block lasts; answers the port. Connections that are still open at its end are cut."""
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, http=http, log_level="critical", lifespan="off", timeout_graceful_shutdown=1)
    )
    task = asyncio.create_task(server.serve())
    await eventually(lambda: server.started)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await task
