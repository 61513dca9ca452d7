"""A thousand listeners of the event feed who hear nothing: what each of them costs the gateway in memory."""

import asyncio
from collections.abc import Sequence

import httpx

from tests.bench import nginx, suite
from tests.bench.ground import Ground
from tests.bench.memory import resident
from tests.bench.rows import Row, at_most

_LISTENERS = 1000
_A_KEY = 50
"""Streams that a credential may have at a time."""
_AT_ONCE = 50


async def measure(ground: Ground) -> Sequence[Row]:
    """The memory that a thousand open streams take, by the listener."""
    started = suite.gateway(ground, nginx.fixed(ground, {}))
    async with httpx.AsyncClient(base_url=started.url, headers=suite.CREDENTIAL, timeout=30) as platform:
        tokens = [await _key(platform, number) for number in range(_LISTENERS // _A_KEY)]
    port = int(started.url.rpartition(":")[2])
    warm = [await _listening(port, tokens[0]) for _ in range(2)]
    before = resident(started.process)
    wanted = [token for token in tokens for _ in range(_A_KEY)][len(warm) :]
    opened = list(warm)
    for begun in range(0, len(wanted), _AT_ONCE):
        opened += await asyncio.gather(*(_listening(port, token) for token in wanted[begun : begun + _AT_ONCE]))
    each = (resident(started.process) - before) / len(wanted) / 1024
    for stream in opened:
        stream.close()
    return [at_most(f"an idle listener of the feed, one of {_LISTENERS:,}: memory", each, "KiB", most=100)]


async def _key(platform: httpx.AsyncClient, number: int) -> str:
    made = await platform.post("/v1/api-keys", json={"name": f"listener {number}", "scopes": ["events:read"]})
    return str(made.raise_for_status().json()["token"])


async def _listening(port: int, token: str) -> asyncio.StreamWriter:
    """A connection on which the stream has begun."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = (
        f"GET /v1/events HTTP/1.1\r\nHost: here\r\nAccept: text/event-stream\r\nAuthorization: Bearer {token}\r\n\r\n"
    )
    writer.write(head.encode())
    begun = await reader.readuntil(b"\r\n\r\n")
    assert begun.startswith(b"HTTP/1.1 200"), begun
    return writer
