"""HTTP/1.1 to our own services: connections that stay open, one request at a time on each, on the event loop itself.

It does what the hop between services needs and no more: whole bodies, no redirects, no proxies, no decompression. A
general client, which works in threads of its own, was measured at twice the CPU a call.
"""

import asyncio
import ssl
import time
from typing import cast

import httptools
import msgspec

Headers = list[tuple[bytes, bytes]]

# Servers close idle connections, uvicorn after five seconds. Ours give up first: a write to a connection that is just
# being closed cannot be told from one that was carried out.
_IDLE_SECONDS = 4.0
_CONNECT_SECONDS = 2.0
_IN_FLIGHT = 256
_REPEATABLE = frozenset({"GET", "HEAD"})


class Broken(Exception):
    """No whole answer: the connection could not be made, ended early, or carried something that is not HTTP."""


class Answer(msgspec.Struct, frozen=True, gc=False):
    """A whole answer. Header names are lower case."""

    status: int
    headers: Headers
    body: bytes


class Connection(asyncio.Protocol):
    """One connection, and the answer that is being read from it."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.Future[Answer] | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._headers: Headers = []
        self._chunks: list[bytes] = []
        self._without_body = False
        self.open = True
        """Whether another request can be sent."""
        self.heard = False
        """Whether anything of the present answer has come."""
        self.idle_since = 0.0

    async def ask(self, request: bytes, *, without_body: bool, seconds: float) -> Answer:
        """Send a request and read its answer. Raises Broken, and TimeoutError after so many seconds.

        ``without_body``: the request was a HEAD, whose answer says the length of a body that does not come.
        """
        waiting: asyncio.Future[Answer] = self._loop.create_future()
        self._waiting = waiting
        self._without_body, self.heard = without_body, False
        timer = self._loop.call_later(seconds, self._fail, TimeoutError())
        try:
            if self._transport is None or not self.open:
                raise Broken
            # At the end of the loop's turn: several requests in a row wake the other side once, and not each time.
            self._loop.call_soon(self._write, request)
            return await waiting
        except BaseException:  # given up, cancelled or broken: what still comes would be taken for the next answer
            self.close()
            raise
        finally:
            timer.cancel()
            self._waiting = None

    def close(self) -> None:
        """End it at once."""
        self.open = False
        if self._transport is not None:
            self._transport.abort()

    # What the transport calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # a stream's; uvloop's own class is no subclass

    def data_received(self, data: bytes) -> None:
        self.heard = True
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self._fail(Broken())

    def connection_lost(self, error: Exception | None) -> None:
        self.open = False
        self._fail(Broken())

    # What the parser calls.

    def on_message_begin(self) -> None:
        if self._waiting is None or self._waiting.done():  # nobody asked for a second answer
            self.close()

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        if self._without_body:  # the parser does not know, and would go on waiting for it
            self.open = False
            self._finish()

    def on_body(self, chunk: bytes) -> None:
        self._chunks.append(chunk)

    def on_message_complete(self) -> None:
        if not self._parser.should_keep_alive():
            self.open = False
        self._finish()

    def _write(self, request: bytes) -> None:
        if self._transport is not None and self.open:
            self._transport.write(request)

    def _finish(self) -> None:
        chunks, headers = self._chunks, self._headers
        self._chunks, self._headers = [], []
        waiting, status = self._waiting, self._parser.get_status_code()
        if waiting is not None and not waiting.done() and status >= 200:  # below, the answer proper is still to come
            waiting.set_result(Answer(status, headers, chunks[0] if len(chunks) == 1 else b"".join(chunks)))

    def _fail(self, error: Exception) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(error)


class Pool:
    """Connections to one address: at most 256 in use, the last one used first, so that the others can go."""

    def __init__(self, host: str, port: int, tls: ssl.SSLContext | None) -> None:
        self._address = host, port
        self._tls = tls
        self._idle: list[Connection] = []
        self._room = asyncio.Semaphore(_IN_FLIGHT)

    async def ask(self, method: str, request: bytes, ends: float) -> Answer:
        """Send a request and read its answer by ``ends`` (unix seconds). Raises Broken and TimeoutError.

        A reading request is sent once more where a connection that was kept open turns out to have been closed.
        """
        if self._room.locked():
            async with asyncio.timeout(ends - time.time()):
                await self._room.acquire()
        else:
            await self._room.acquire()
        try:
            kept = self._kept()
            if kept is not None:
                try:
                    return await self._on(kept, method, request, ends)
                except Broken:
                    if kept.heard or method not in _REPEATABLE:
                        raise
            return await self._on(await self._connect(ends), method, request, ends)
        finally:
            self._room.release()

    def close(self) -> None:
        """End every connection that is not in use."""
        while self._idle:
            self._idle.pop().close()

    async def _on(self, connection: Connection, method: str, request: bytes, ends: float) -> Answer:
        answer = await connection.ask(request, without_body=method == "HEAD", seconds=ends - time.time())
        if connection.open:
            connection.idle_since = time.monotonic()
            self._idle.append(connection)
        else:
            connection.close()
        return answer

    def _kept(self) -> Connection | None:
        """The connection that was used last; where even that one has been idle for long, all have, and are ended."""
        while self._idle:
            connection = self._idle.pop()
            if connection.open and time.monotonic() - connection.idle_since < _IDLE_SECONDS:
                return connection
            connection.close()
        return None

    async def _connect(self, ends: float) -> Connection:
        loop = asyncio.get_running_loop()
        host, port = self._address
        seconds = min(_CONNECT_SECONDS, ends - time.time())
        try:
            async with asyncio.timeout(seconds):
                _, connection = await loop.create_connection(lambda: Connection(loop), host, port, ssl=self._tls)
        except TimeoutError:
            if seconds < _CONNECT_SECONDS:
                raise
            raise Broken from None
        except OSError:
            raise Broken from None
        return connection
