"""Asking a suite for what must be there, or must be refused."""

import asyncio
from collections.abc import Awaitable, Iterable
from typing import Any, TypeVar

import httpx

Json = dict[str, Any]
T = TypeVar("T")


async def every(client: httpx.AsyncClient, path: str, **query: str) -> list[Json]:
    """The first two hundred of a list."""
    rows: list[Json] = (await get(client, path, limit="200", **query))["data"]
    return rows


async def get(client: httpx.AsyncClient, path: str, **query: str) -> Any:
    """What a path answers that must be there."""
    return (await done(client.get(path, params=query))).json()


async def refused(client: httpx.AsyncClient, path: str, body: Json) -> tuple[int, str]:
    """The status and the code with which a POST is refused."""
    answer = await client.post(path, json=body)
    return answer.status_code, answer.json()["code"]


async def done(sent: Awaitable[httpx.Response]) -> httpx.Response:
    """The answer to what must succeed."""
    answer = await sent
    assert answer.is_success, f"{answer.request.url.path}: {answer.status_code} {answer.text}"
    return answer


async def each_of(jobs: Iterable[Awaitable[T]]) -> list[T]:
    """What comes of each, in order; a few side by side, as a few people work."""
    at_once = asyncio.Semaphore(8)

    async def one(job: Awaitable[T]) -> T:
        async with at_once:
            return await job

    return await asyncio.gather(*(one(job) for job in jobs))
