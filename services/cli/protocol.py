"""uvicorn's HTTP protocol: what one turn of the loop says in one write, and bounds on what a request's head may take.

uvicorn writes the head of an answer and its body one after the other. Each write is a call of the system, a packet,
and for a process that waits for it a change of context: a tenth of what the gateway does for a request that it passes
on. And it takes a head of any size, for as long as somebody likes to send one byte after another. A body's bounds are
the edge's (:mod:`shared.asgi`).
"""

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from shared.errors import AppError, BadRequest, problem

_HELD_BYTES = 64 * 1024

MOST_HEADERS = 100
MOST_BYTES = 32 * 1024
"""Of a head, its address included."""
HEAD_SECONDS = 10.0
"""From a connection's beginning, or a request's first byte, until its head is there."""


class HeadTooLarge(AppError):
    """The address or the headers are over the limit."""

    status, code, title = 431, "headers_too_large", "The head of the request is too large"


class HeadTooSlow(AppError):
    """The head did not come in time."""

    status, code, title = 408, "request_timeout", "The head of the request did not come in time"


class HttpProtocol(HttpToolsProtocol):
    """One connection of a client."""

    _bytes = 0
    _in_head = False
    _refusal: AppError | None = None
    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # A stream's transport; uvloop's own class is no subclass of asyncio's.
        super().connection_made(_Gathering(cast(asyncio.Transport, transport), self.loop))
        self._waiting = self.loop.call_later(HEAD_SECONDS, self._too_slow)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if not self._in_head:
            self._stop_waiting()
        elif self._waiting is None:
            self._waiting = self.loop.call_later(HEAD_SECONDS, self._too_slow)

    def on_message_begin(self) -> None:
        self._in_head, self._bytes = True, 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        self._hold(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._hold(len(name) + len(value))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._in_head = False
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """Say what is wrong with a head as everything else does that is wrong: by a problem."""
        refusal = self._refusal or BadRequest("it is not HTTP")
        body = problem(refusal, "")
        head = (
            f"HTTP/1.1 {refusal.status} {refusal.title}\r\ncontent-type: application/problem+json\r\n"
            f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()

    def _hold(self, more: int) -> None:
        """Count a part of the head. What it raises ends the parsing, which ends in :meth:`send_400_response`."""
        self._bytes += more
        if self._bytes > MOST_BYTES or len(self.headers) >= MOST_HEADERS:
            self._refusal = HeadTooLarge(f"it has at most {MOST_HEADERS} headers and {MOST_BYTES} bytes")
            raise self._refusal

    def _too_slow(self) -> None:
        self._waiting = None
        self._refusal = HeadTooSlow()
        self.send_400_response("")

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None


class _Gathering(asyncio.Transport):
    """A transport that holds what is written until the loop's turn ends, or until it is much."""

    def __init__(self, inner: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._inner = inner
        self._loop = loop
        self._held = b""

    def write(self, data: Any) -> None:
        if not self._held:
            self._loop.call_soon(self._let_go)
        self._held += data
        if len(self._held) > _HELD_BYTES:
            self._let_go()

    def close(self) -> None:
        self._let_go()
        self._inner.close()

    def abort(self) -> None:
        self._inner.abort()

    def is_closing(self) -> bool:
        return self._inner.is_closing()

    def pause_reading(self) -> None:
        self._inner.pause_reading()

    def resume_reading(self) -> None:
        self._inner.resume_reading()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self._inner.get_extra_info(name, default)

    def _let_go(self) -> None:
        held, self._held = self._held, b""
        if held and not self._inner.is_closing():
            self._inner.write(held)
