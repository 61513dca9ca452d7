"""HTTP/1.1 to our own services: connections that stay open, one request at a time on each, on the event loop itself.

It does what the hop between services needs and no more: no redirects, no proxies, no decompression. A general client,
which works in threads of its own, was measured at twice the CPU a call.
"""

import asyncio
import ssl
import time

from shared.http1_connection import Answer, Broken, Connection, Sending

__all__ = ["Answer", "Broken", "Connection", "Pool", "Sending"]

# Servers close idle connections, uvicorn after five seconds. Ours give up first: a write to a connection that is just
# being closed cannot be told from one that was carried out.
_IDLE_SECONDS = 4.0
_CONNECT_SECONDS = 2.0
_IN_FLIGHT = 256
_REPEATABLE = frozenset({"GET", "HEAD"})


class Pool:
    """Connections to one address: at most 256 in use, the last one used first, so that the others can go."""

    def __init__(self, host: str, port: int, tls: ssl.SSLContext | None) -> None:
        self._address = host, port
        self._tls = tls
        self._idle: list[Connection] = []
        self._room = asyncio.Semaphore(_IN_FLIGHT)

    async def ask(self, method: str, request: bytes, ends: float) -> Answer:
        """Send a request and read its whole answer by ``ends`` (unix seconds). Raises Broken and TimeoutError.

        A reading request is sent once more where a connection that was kept open turns out to have been closed.
        """
        answer, _ = await self._asked(method, request, ends, None, may_stream=False)
        return answer

    async def stream(
        self, method: str, request: bytes, ends: float, sending: Sending | None
    ) -> tuple[Answer, Connection]:
        """As :meth:`ask`, but a long answer is handed over at its head, with the connection that its body comes by.

        Whoever gets a streamed answer reads it to its end and gives the connection to :meth:`keep`, or closes it.
        """
        return await self._asked(method, request, ends, sending, may_stream=True)

    def keep(self, connection: Connection) -> None:
        """Keep a connection for the next request, where it can take one."""
        if connection.open:
            connection.idle_since = time.monotonic()
            self._idle.append(connection)
        else:
            connection.close()

    async def _asked(
        self, method: str, request: bytes, ends: float, sending: Sending | None, *, may_stream: bool
    ) -> tuple[Answer, Connection]:
        if self._room.locked():
            async with asyncio.timeout(ends - time.time()):
                await self._room.acquire()
        else:
            await self._room.acquire()
        try:
            kept = self._kept() if sending is None else None  # a body that is sent as it comes cannot be sent again
            if kept is not None:
                try:
                    return await self._on(kept, method, request, ends, sending, may_stream=may_stream)
                except Broken:
                    if kept.heard or method not in _REPEATABLE:
                        raise
            return await self._on(await self._connect(ends), method, request, ends, sending, may_stream=may_stream)
        finally:
            self._room.release()

    def close(self) -> None:
        """End every connection that is not in use."""
        while self._idle:
            self._idle.pop().close()

    async def _on(
        self,
        connection: Connection,
        method: str,
        request: bytes,
        ends: float,
        sending: Sending | None,
        *,
        may_stream: bool,
    ) -> tuple[Answer, Connection]:
        answer = await connection.ask(
            request,
            without_body=method == "HEAD",
            seconds=ends - time.time(),
            sending=sending,
            may_stream=may_stream,
        )
        if not answer.streamed:
            self.keep(connection)
        return answer, connection

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
