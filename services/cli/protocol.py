"""uvicorn's HTTP protocol, with the head of an answer and its body in one write.

uvicorn writes them one after the other, and each write is a call of the system and a packet: a seventh of all that the
gateway does for a request that it passes on.
"""

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_COPIED_BYTES = 64 * 1024
"""A larger body is handed over beside the head instead of being copied behind it."""


class HttpProtocol(HttpToolsProtocol):
    """One connection of a client."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # A stream's transport; uvloop's own class is no subclass of asyncio's.
        super().connection_made(_Joining(cast(asyncio.Transport, transport), self.loop))


class _Joining(asyncio.Transport):
    """A transport that holds an answer's head back until its body follows, for one turn of the loop at the most."""

    def __init__(self, inner: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._inner = inner
        self._loop = loop
        self._head = b""

    def write(self, data: Any) -> None:
        head, self._head = self._head, b""
        if head:
            if len(data) <= _COPIED_BYTES:
                self._inner.write(head + data)
            else:
                self._inner.writelines((head, data))
        elif data.startswith(b"HTTP/1.1 ") and data.endswith(b"\r\n\r\n"):
            self._head = data
            self._loop.call_soon(self._let_go)
        else:
            self._inner.write(data)

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
        """Write a head whose body is late: a stream of events, or an answer to HEAD."""
        head, self._head = self._head, b""
        if head:
            self._inner.write(head)
