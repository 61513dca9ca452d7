"""FastAPI with one shared httpx.AsyncClient: three fetches, merged into one answer."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from fastapi import FastAPI, Request

UPSTREAM = os.environ["UPSTREAM"]


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with httpx.AsyncClient(base_url=f"http://{UPSTREAM}") as client:
        app.state.client = client
        yield


app = FastAPI(lifespan=_lifespan)


@app.get("/v1/overview")
async def overview(request: Request) -> dict[str, Any]:
    """The three answers, under their names."""
    client: httpx.AsyncClient = request.app.state.client
    paths = {"members": "/v1/ladder", "measures": "/v1/measures", "grants": "/v1/rounds"}
    answers = await asyncio.gather(*(client.get(path) for path in paths.values()))
    return {name: answer.json() for name, answer in zip(paths, answers, strict=True)}
