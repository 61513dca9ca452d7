"""Posting bodies, so many in flight, and nothing else: by our own client, and by pyreqwest."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from urllib.parse import urlsplit

from pyreqwest.client import ClientBuilder

from shared.http1 import Pool, head_of

_HEADERS = {"content-type": "application/cloudevents+json"}
_SECONDS = 15.0


async def by_pool(url: str, bodies: Sequence[bytes], in_flight: int) -> float:
    """Bodies a second by the connections that the dialler sends on."""
    parts = urlsplit(url)
    pool = Pool(parts.hostname or "", parts.port or 80, None)
    lines = [f"POST {parts.path} HTTP/1.1\r\n", f"host: {parts.netloc}\r\n"]
    lines += [f"{name}: {value}\r\n" for name, value in _HEADERS.items()]

    async def post(body: bytes) -> None:
        head = head_of(parts.path, [*lines, f"content-length: {len(body)}\r\n"])
        await pool.ask("POST", head + body, time.time() + _SECONDS)

    try:
        return await _rate(post, bodies, in_flight)
    finally:
        pool.close()


async def by_pyreqwest(url: str, bodies: Sequence[bytes], in_flight: int) -> float:
    """Bodies a second by a general client whose work is done in Rust."""
    async with ClientBuilder().build() as client:

        async def post(body: bytes) -> None:
            answer = await client.post(url).headers(_HEADERS).body_bytes(body).build().send()
            await answer.bytes()

        return await _rate(post, bodies, in_flight)


async def _rate(post: Callable[[bytes], Awaitable[None]], bodies: Sequence[bytes], in_flight: int) -> float:
    waiting: Iterator[bytes] = iter(bodies)

    async def work() -> None:
        for body in waiting:
            await post(body)

    began = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(in_flight)))
    return len(bodies) / (time.perf_counter() - began)
