"""A partner's receiver on loopback: a real server, which answers what a test tells it to and keeps what it got."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec


@dataclass(frozen=True)
class Got:
    """One request as it arrived; header names in lower case."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def event(self) -> dict[str, Any]:
        """The CloudEvent in the body."""
        event: dict[str, Any] = msgspec.json.decode(self.body)
        return event


@dataclass(frozen=True)
class Say:
    """An answer."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b"thanks"


class Silence(Exception):
    """Close the connection without an answer, as a crashed process does (RST)."""


Answer = Callable[[Got], Awaitable[Say]]


async def _thanks(got: Got) -> Say:
    return Say()


class Receiver:
    """The server. ``answers`` decides, by path, what is said; whatever has no entry is thanked for."""

    def __init__(self) -> None:
        self.got: list[Got] = []
        self.answers: dict[str, Answer] = {}
        self.under_way = 0
        self.most_under_way = 0
        self._held: list[asyncio.Event] = []
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    @property
    def port(self) -> int:
        assert self._server is not None
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    def url(self, path: str = "/") -> str:
        """The address of a path of it."""
        return f"http://127.0.0.1:{self.port}{path}"

    def at(self, path: str) -> list[Got]:
        """What arrived at a path."""
        return [got for got in self.got if got.path == path]

    def says(self, path: str, *statuses: int, **headers: str) -> None:
        """Answer these statuses one after the other at a path, and the last one for ever."""
        left = list(statuses)

        async def answer(got: Got) -> Say:
            status = left.pop(0) if len(left) > 1 else left[0]
            return Say(status, {name.replace("_", "-"): value for name, value in headers.items()})

        self.answers[path] = answer

    def holds(self, path: str, status: int = 200) -> asyncio.Event:
        """Answer nothing at a path before the event is set, and this status then."""
        release = asyncio.Event()
        self._held.append(release)

        async def answer(got: Got) -> Say:
            await release.wait()
            return Say(status)

        self.answers[path] = answer
        return release

    def let_go(self) -> None:
        """Answer everybody who is kept waiting."""
        for release in self._held:
            release.set()

    def breaks_off(self, path: str) -> None:
        """Close each connection to a path as a crashed process does."""

        async def answer(got: Got) -> Say:
            raise Silence

        self.answers[path] = answer

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Receiver"]:
        """Listen while the block lasts."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        try:
            yield self
        finally:
            self._server.close()
            for writer in self._writers:
                writer.transport.abort()
            await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            while True:
                await self._exchange(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError, Silence):
            writer.transport.abort()
        except asyncio.CancelledError:
            return  # the test is over: streams would complain about a task that ends cancelled
        finally:
            self._writers.discard(writer)

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        got = Got(head[0].split()[1], headers, body)
        self.got.append(got)
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            said = await self.answers.get(got.path, _thanks)(got)
        finally:
            self.under_way -= 1
        lines = [f"HTTP/1.1 {said.status} x", f"content-length: {len(said.body)}"]
        lines += [f"{name}: {value}" for name, value in said.headers.items()]
        writer.write("\r\n".join([*lines, "", ""]).encode() + said.body)
        await writer.drain()
