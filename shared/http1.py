"""HTTP/1.1, to our own services and to addresses that the guarded dialler judged: connections that stay open, one
request at a time on each, on the event loop itself.

It does what these two need and no more: no redirects, no proxies, no decompression. A general client, which works in
threads of its own, was measured at twice the CPU a call, and its threads and ours wait for one interpreter.
"""

import asyncio
import ssl
import time
from collections.abc import Sequence

from shared.http1_connection import Answer, Broken, Connection, NotConnected, Sending

__all__ = ["Answer", "Broken", "Connection", "NotConnected", "Pool", "Sending", "head_of"]

# Servers close idle connections, uvicorn after five seconds. Ours give up first: a write to a connection that is just
# being closed cannot be told from one that was carried out.
_IDLE_SECONDS = 4.0
_CONNECT_SECONDS = 2.0
_IN_FLIGHT = 256
_REPEATABLE = frozenset({"GET", "HEAD"})


class Pool:
    """Connections to one address: at most 256 in use, the last one used first, so that the others can go.

    ``name`` is whose certificate is asked for, where that is not the host; ``connecting`` and ``idle`` are the seconds
    that a connection may take to be made, and may be kept unused.
    """

    def __init__(
        self,
        host: str,
        port: int,
        tls: ssl.SSLContext | None,
        *,
        name: str | None = None,
        connecting: float = _CONNECT_SECONDS,
        idle: float = _IDLE_SECONDS,
    ) -> None:
        self._address = host, port
        self._tls = tls
        self._name = name if tls is not None else None
        self._connecting, self._idle_seconds = connecting, idle
        self._idle: list[Connection] = []
        self._sweeping: asyncio.TimerHandle | None = None
        self._room = asyncio.Semaphore(_IN_FLIGHT)

    async def ask(self, method: str, request: bytes, ends: float, most: int | None = None) -> Answer:
        """Send a request and read its whole answer by ``ends`` (unix seconds). Raises Broken and TimeoutError.

        A reading request is sent once more where a connection that was kept open turns out to have been closed.
        ``most``: no more than so many bytes of the answer's body are read.
        """
        answer, _ = await self._asked(method, request, ends, None, may_stream=False, most=most)
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
            if self._sweeping is None:
                self._sweep_later()
        else:
            connection.close()

    async def _asked(
        self,
        method: str,
        request: bytes,
        ends: float,
        sending: Sending | None,
        *,
        may_stream: bool,
        most: int | None = None,
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
                    return await self._on(kept, method, request, ends, sending, may_stream, most)
                except Broken:
                    if kept.heard or method not in _REPEATABLE:
                        raise
            return await self._on(await self._connect(ends), method, request, ends, sending, may_stream, most)
        finally:
            self._room.release()

    def close(self) -> None:
        """End every connection that is not in use."""
        if self._sweeping is not None:
            self._sweeping.cancel()
            self._sweeping = None
        while self._idle:
            self._idle.pop().close()

    async def _on(
        self,
        connection: Connection,
        method: str,
        request: bytes,
        ends: float,
        sending: Sending | None,
        may_stream: bool,
        most: int | None,
    ) -> tuple[Answer, Connection]:
        answer = await connection.ask(
            request,
            without_body=method == "HEAD",
            seconds=ends - time.time(),
            sending=sending,
            may_stream=may_stream,
            most=most,
        )
        if not answer.streamed:
            self.keep(connection)
        return answer, connection

    def _kept(self) -> Connection | None:
        """The connection that was used last; where even that one has been idle for long, all have, and are ended."""
        while self._idle:
            connection = self._idle.pop()
            if connection.open and time.monotonic() - connection.idle_since < self._idle_seconds:
                return connection
            connection.close()
        return None

    def _sweep_later(self) -> None:
        self._sweeping = asyncio.get_running_loop().call_later(self._idle_seconds, self._sweep)

    def _sweep(self) -> None:
        """End what has been idle for long: of many addresses each would else hold what it once needed."""
        self._sweeping = None
        while self._idle and time.monotonic() - self._idle[0].idle_since >= self._idle_seconds:
            self._idle.pop(0).close()
        if self._idle:
            self._sweep_later()

    async def _connect(self, ends: float) -> Connection:
        loop = asyncio.get_running_loop()
        host, port = self._address
        seconds = min(self._connecting, ends - time.time())
        try:
            async with asyncio.timeout(seconds):
                _, connection = await loop.create_connection(
                    lambda: Connection(loop), host, port, ssl=self._tls, server_hostname=self._name
                )
        except TimeoutError:
            if seconds < self._connecting:
                raise
            raise NotConnected(f"no connection within {seconds:g} s") from None
        except ssl.SSLCertVerificationError as error:
            raise NotConnected(error.verify_message) from None
        except OSError as error:
            raise NotConnected(error.strerror or str(error)) from None
        return connection


def head_of(target: str, lines: Sequence[str]) -> bytes:
    """The request line, which is for ``target``, and the headers, each with its end of line; and their end.

    Raises ValueError where one of them would be read as something else.
    """
    head = "".join(lines) + "\r\n"
    if " " in target or head.count("\n") != len(lines) + 1 or head.count("\r") != len(lines) + 1 or "\0" in head:
        raise ValueError("a path has no space, and a header no end of a line")
    return head.encode("latin-1")
