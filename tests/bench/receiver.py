"""A partner's webhook receiver that costs next to nothing: it notes when each delivery came, and answers at once."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import cast

import httptools
import msgspec

_THANKS = b"HTTP/1.1 204 No Content\r\n\r\n"


class _Event(msgspec.Struct):
    id: str
    time: datetime


class Receiver:
    """What arrived: when, in unix seconds, and the body."""

    def __init__(self) -> None:
        self.got: list[tuple[float, bytes]] = []

    def latencies(self) -> list[float]:
        """Milliseconds from each event to its first arrival.

        An event's time is taken just before its commit and cut to whole milliseconds, so these are a little too long.
        """
        seen: dict[str, float] = {}
        for at, body in self.got:
            event = msgspec.json.decode(body, type=_Event)
            seen.setdefault(event.id, (at - event.time.timestamp()) * 1000)
        return list(seen.values())


class _Connection(asyncio.Protocol):
    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._parser = httptools.HttpRequestParser(self)
        self._chunks: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # a stream's; uvloop's own class is no subclass

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_body(self, chunk: bytes) -> None:
        self._chunks.append(chunk)

    def on_message_complete(self) -> None:
        self._receiver.got.append((time.time(), b"".join(self._chunks)))
        self._chunks = []
        self._transport.write(_THANKS)


@asynccontextmanager
async def listening(receiver: Receiver) -> AsyncIterator[str]:
    """Listen on loopback while the block lasts; the URL to deliver to."""
    server = await asyncio.get_running_loop().create_server(lambda: _Connection(receiver), "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/webhooks"
    finally:
        server.close()
