"""One connection: a request, and the answer that is read from it, whole, as it comes, or only its beginning.

Large bodies go out, and answers made as they go come in, no faster than the slower side takes them. The far side is
one of our own services or anybody's: whatever it says costs no more memory than the reader allows.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import cast

import httptools
import msgspec

Headers = list[tuple[bytes, bytes]]

WHOLE_BYTES = 1024 * 1024
"""An answer that has more bytes than this, or does not say how many, is read as it comes where that is asked for."""

_HELD_BYTES = 256 * 1024
"""Of an answer that is read as it comes: what is held until its reader takes it; then the far side has to wait."""


_HEAD_BYTES = 64 * 1024
"""The most that comes before an answer's body: all that a far side sends without end would else be kept."""


class Broken(Exception):
    """No whole answer: the connection could not be made, ended early, or carried something that is not HTTP."""


class NotConnected(Broken):
    """No connection could be made, so nothing was sent. The text says why."""


class Answer(msgspec.Struct, frozen=True, gc=False):
    """An answer. Header names are lower case. Where it is `streamed` its body follows, by :meth:`Connection.chunk`."""

    status: int
    headers: Headers
    body: bytes
    streamed: bool = False

    def header(self, name: bytes) -> str | None:
        """The first header of this lower-case name."""
        for known, value in self.headers:
            if known == name:
                return value.decode("latin-1")
        return None


class Sending(msgspec.Struct, frozen=True):
    """A body that is sent as it comes; `chunked` where its length is not known before."""

    chunks: AsyncIterator[bytes]
    chunked: bool


class Connection(asyncio.Protocol):
    """One connection, and the answer that is being read from it."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.Future[Answer] | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._headers: Headers = []
        self._chunks: list[bytes] = []
        self._without_body = self._may_stream = False
        self._held = self._head_bytes = 0
        self._most: int | None = None
        self._in_body = self._streaming = False
        self._wake: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._ends = 0.0
        self._full = self._paused = False
        self.open = True
        """Whether another request can be sent."""
        self.heard = False
        """Whether anything of the present answer has come."""
        self.idle_since = 0.0

    async def ask(
        self,
        request: bytes,
        *,
        without_body: bool,
        seconds: float,
        sending: Sending | None = None,
        may_stream: bool = False,
        most: int | None = None,
    ) -> Answer:
        """Send a request and read its answer. Raises Broken, and TimeoutError after so many seconds.

        ``without_body``: the request was a HEAD, whose answer says the length of a body that does not come.
        ``sending`` is a body that follows the request; ``may_stream``: a long answer may be handed over at its head.
        ``most``: so many bytes of the answer's body are wanted; where there are more, the connection ends with them.
        """
        waiting: asyncio.Future[Answer] = self._loop.create_future()
        self._waiting = waiting
        self._without_body, self._may_stream, self._most, self.heard = without_body, may_stream, most, False
        self._held = 0
        self._end_at(self._loop.time() + seconds)
        try:
            if self._transport is None or not self.open:
                raise Broken
            # At the end of the loop's turn: several requests in a row wake the other side once, and not each time.
            self._loop.call_soon(self._write, request)
            if sending is not None:
                return await self._answered_while(sending, waiting)
            return await waiting
        except BaseException:  # given up, cancelled or broken: what still comes would be taken for the next answer
            self.close()
            raise
        finally:
            self._waiting = None

    async def chunk(self) -> bytes:
        """What has come of a streamed answer's body since the last time; empty at its end. Raises Broken."""
        while not self._chunks:
            if not self._streaming:
                return b""
            if self._transport is None or self._transport.is_closing():
                raise Broken
            await self._sleep()
        came = b"".join(self._chunks)
        self._chunks, self._held = [], 0
        if self._paused and self._transport is not None:
            self._paused = False
            self._transport.resume_reading()
        return came

    def close(self) -> None:
        """End it at once."""
        self.open = False
        self._stop_timer()
        if self._transport is not None:
            self._transport.abort()

    # What the transport calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # a stream's; uvloop's own class is no subclass

    def data_received(self, data: bytes) -> None:
        self.heard = True
        if not self._in_body:
            self._head_bytes += len(data)  # until the head ends
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self.close()
            self._fail(Broken("it answered what is not HTTP"))
        if self._head_bytes > _HEAD_BYTES:
            self.close()
            self._fail(Broken("the head of its answer does not end"))

    def connection_lost(self, error: Exception | None) -> None:
        self.open = False
        self._stop_timer()
        if error is None and self._ends_with_connection():
            self._finish()
        self._fail(Broken("the connection ended before the answer did"))

    def pause_writing(self) -> None:
        self._full = True

    def resume_writing(self) -> None:
        self._full = False
        self._awake()

    # What the parser calls.

    def on_message_begin(self) -> None:
        if self._waiting is None or self._waiting.done():  # nobody asked for a second answer
            self.close()

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        self._in_body, self._head_bytes = True, 0
        if self._without_body or self._most == 0:  # the parser does not know, and would go on waiting for it
            self.open = False
            self._finish()
        elif self._may_stream and self._is_long():
            self._streaming = True
            self._finish()

    def on_body(self, chunk: bytes) -> None:
        self._chunks.append(chunk)
        self._held += len(chunk)
        if self._most is not None and self._held > self._most:
            self._finish()
            self.close()
        elif self._streaming:
            if self._held > _HELD_BYTES and not self._paused and self._transport is not None:
                self._paused = True
                self._transport.pause_reading()
            self._awake()

    def on_message_complete(self) -> None:
        self._in_body = False
        if not self._parser.should_keep_alive():
            self.open = False
        if self._streaming:
            self._streaming = False
            self._awake()
        else:
            self._finish()

    def _is_long(self) -> bool:
        """Whether the body has no length that is known and small. What comes before the answer proper has no body."""
        status = self._parser.get_status_code()
        if status < 200 or status in (204, 304):
            return False
        length = next((value for name, value in self._headers if name == b"content-length"), None)
        return length is None or int(length) > WHOLE_BYTES

    def _ends_with_connection(self) -> bool:
        """Whether the answer under way has no other end than the connection's (RFC 9112, 6.3)."""
        lengths = (b"content-length", b"transfer-encoding")
        return self._in_body and not self._streaming and all(name not in lengths for name, _ in self._headers)

    def _write(self, request: bytes) -> None:
        if self._transport is not None and self.open:
            self._transport.write(request)

    async def _answered_while(self, sending: Sending, waiting: "asyncio.Future[Answer]") -> Answer:
        """The answer, while the body is being sent. A far side that answers before it has all wants no more of it."""
        sender = self._loop.create_task(self._send(sending))
        sender.add_done_callback(self._sent)
        try:
            return await waiting
        finally:
            if not sender.done():
                self.open = False
                sender.cancel()

    async def _send(self, sending: Sending) -> None:
        """Send the body as fast as the far side takes it."""
        async for chunk in sending.chunks:
            while self._full:
                await self._sleep()
            if chunk:
                self._write(b"%x\r\n%b\r\n" % (len(chunk), chunk) if sending.chunked else chunk)
        if sending.chunked:
            self._write(b"0\r\n\r\n")

    def _sent(self, sender: "asyncio.Task[None]") -> None:
        error = None if sender.cancelled() else sender.exception()
        if isinstance(error, Exception):  # the body broke off: there is no answer to half of it
            self._fail(error)

    async def _sleep(self) -> None:
        self._wake = self._loop.create_future()
        await self._wake

    def _awake(self) -> None:
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(None)

    def _finish(self) -> None:
        chunks, headers = self._chunks, self._headers
        self._chunks, self._headers = [], []
        waiting, status = self._waiting, self._parser.get_status_code()
        if waiting is not None and not waiting.done() and status >= 200:  # below, the answer proper is still to come
            body = chunks[0] if len(chunks) == 1 else b"".join(chunks)
            waiting.set_result(Answer(status, headers, body[: self._most], self._streaming))
            self._awake()

    def _end_at(self, ends: float) -> None:
        """Give up at this time of the loop. One timer serves many requests: nearly none would ever ring, and to set one
        costs as much as to write the request."""
        self._ends = ends
        if self._timer is not None and self._timer.when() > ends:
            self._stop_timer()
        if self._timer is None:
            self._timer = self._loop.call_at(ends, self._rung)

    def _rung(self) -> None:
        self._timer = None
        if self._waiting is None:
            return
        if self._loop.time() < self._ends:  # it was set for a request before this one
            self._timer = self._loop.call_at(self._ends, self._rung)
        else:
            self._fail(TimeoutError())

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _fail(self, error: Exception) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(error)
        self._awake()
