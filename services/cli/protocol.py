"""uvicorn's HTTP protocol, with all that one turn of the loop says to a client in one write.

uvicorn writes the head of an answer and its body one after the other. Each write is a call of the system, a packet,
and for a process that waits for it a change of context: a tenth of what the gateway does for a request that it passes
on.
"""

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_HELD_BYTES = 64 * 1024


class HttpProtocol(HttpToolsProtocol):
    """One connection of a client."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # A stream's transport; uvloop's own class is no subclass of asyncio's.
        super().connection_made(_Gathering(cast(asyncio.Transport, transport), self.loop))


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
