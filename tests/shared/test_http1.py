"""Connections to our own services: kept open, never confused, and given up where they cannot be trusted."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from shared.errors import DeadlinePassed, Unavailable
from shared.http1 import Pool
from shared.upstream import HttpUpstream

Serve = Callable[["Far", asyncio.StreamReader, asyncio.StreamWriter], Coroutine[None, None, None]]

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@dataclass
class Far:
    """A server that a test writes byte by byte."""

    serve: Serve
    port: int = 0
    connections: int = 0
    requests: list[bytes] = field(default_factory=list)

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            await self.serve(self, reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the other side has gone
        finally:
            writer.close()

    async def request(self, reader: asyncio.StreamReader) -> bytes:
        """The next request's head; it is kept."""
        head = await reader.readuntil(b"\r\n\r\n")
        self.requests.append(head)
        return head


@asynccontextmanager
async def far(serve: Serve) -> AsyncIterator[tuple[Far, HttpUpstream]]:
    """The server, and a client of it."""
    made = Far(serve)
    server = await asyncio.start_server(made.connected, "127.0.0.1", 0, backlog=512)
    made.port = server.sockets[0].getsockname()[1]
    upstream = HttpUpstream(f"http://127.0.0.1:{made.port}")
    try:
        yield made, upstream
    finally:
        await upstream.close()
        server.close()


def answering(*answers: bytes) -> Serve:
    """Answers each request of a connection with the next of these, and then closes it."""

    async def serve(far: Far, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for answer in answers:
            await far.request(reader)
            writer.write(answer)
            await writer.drain()

    return serve


def soon() -> float:
    """A deadline."""
    return time.time() + 5


async def test_one_connection_serves_one_request_after_the_other() -> None:
    async with far(answering(*[OK] * 5)) as (server, upstream):
        for _ in range(5):
            assert (await upstream.request("GET", "/x", deadline=soon())).body == b"ok"
        assert server.connections == 1


async def test_requests_side_by_side_have_connections_of_their_own() -> None:
    async with far(answering(OK, OK)) as (server, upstream):
        await asyncio.gather(*(upstream.request("GET", "/x", deadline=soon()) for _ in range(3)))
        assert server.connections == 3


async def test_a_read_is_repeated_where_a_kept_connection_was_closed_and_a_write_is_not() -> None:
    async def hangs_up_at_the_second(far: Far, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await far.request(reader)
        writer.write(OK)
        await far.request(reader)

    async with far(hangs_up_at_the_second) as (server, upstream):
        for _ in range(2):
            assert (await upstream.request("GET", "/x", deadline=soon())).status == 200
        assert (server.connections, len(server.requests)) == (2, 3)
        with pytest.raises(Unavailable):
            await upstream.request("POST", "/x", body=b"", deadline=soon())
        assert len(server.requests) == 4


async def test_an_answer_that_had_begun_is_not_asked_for_again() -> None:
    async with far(answering(OK, b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")) as (server, upstream):
        await upstream.request("GET", "/x", deadline=soon())
        with pytest.raises(Unavailable):
            await upstream.request("GET", "/x", deadline=soon())
        assert len(server.requests) == 2


async def test_the_answer_to_a_head_has_a_length_and_no_body() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
    async with far(answering(head)) as (_, upstream):
        answer = await upstream.request("HEAD", "/x", deadline=soon())
        assert (answer.header(b"content-length"), answer.body) == (b"1000", b"")


async def test_an_interim_answer_is_not_the_answer() -> None:
    async with far(answering(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + OK)) as (_, upstream):
        answer = await upstream.request("GET", "/x", deadline=soon())
        assert (answer.status, answer.header(b"link"), answer.body) == (200, None, b"ok")


async def test_an_answer_that_nobody_asked_for_ends_the_connection() -> None:
    async with far(answering(OK + OK.replace(b"ok", b"no"), OK)) as (server, upstream):
        for _ in range(2):
            assert (await upstream.request("GET", "/x", deadline=soon())).body == b"ok"
        assert server.connections == 2


async def test_a_late_answer_is_not_taken_for_the_next_ones() -> None:
    async def late(far: Far, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = far.connections == 1
        await far.request(reader)
        if first:
            await reader.read()  # until the client gives up
        writer.write(OK)

    async with far(late) as (server, upstream):
        with pytest.raises(DeadlinePassed):
            await upstream.request("GET", "/x", deadline=time.time() + 0.1)
        assert (await upstream.request("GET", "/x", deadline=soon())).body == b"ok"
        assert server.connections == 2


@pytest.mark.parametrize(("first", "second"), [(60.0, 0.1), (1.0, 1.2)])
async def test_each_request_of_a_connection_has_its_own_deadline(first: float, second: float) -> None:
    async def once(far: Far, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await far.request(reader)
        writer.write(OK)
        await far.request(reader)
        await reader.read()  # until the client gives up

    async with far(once) as (server, upstream):
        await upstream.request("GET", "/x", deadline=time.time() + first)
        ends = time.time() + second
        with pytest.raises(DeadlinePassed):
            await upstream.request("POST", "/x", deadline=ends)
        assert time.time() >= ends
        assert server.connections == 1


@pytest.mark.parametrize(
    "nonsense", [b"SSH-2.0-OpenSSH_9.6\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", b"\x00" * 100]
)
async def test_what_is_not_http_is_no_answer(nonsense: bytes) -> None:
    async with far(answering(nonsense)) as (_, upstream):
        with pytest.raises(Unavailable):
            await upstream.request("GET", "/x", deadline=soon())


async def test_a_connection_that_says_it_closes_is_not_used_again() -> None:
    closing = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"
    async with far(answering(closing, OK)) as (server, upstream):
        for _ in range(2):
            assert (await upstream.request("GET", "/x", deadline=soon())).header(b"connection") is None
        assert server.connections == 2


@pytest.mark.parametrize("name", ["x\r\ny", "x\ny", "x\ry", "x\0y"])
async def test_a_header_cannot_smuggle_another(name: str) -> None:
    async with far(answering(OK)) as (server, upstream):
        with pytest.raises(ValueError, match="header"):
            await upstream.request("GET", "/x", headers=[("a", name)], deadline=soon())
        with pytest.raises(ValueError, match="path"):
            await upstream.request("GET", "/x HTTP/1.1", deadline=soon())
        assert server.requests == []


async def test_no_more_than_256_requests_are_under_way_and_the_others_wait_their_turn() -> None:
    under_way, most = 0, 0

    async def slow(far: Far, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal under_way, most
        while True:
            await far.request(reader)
            under_way += 1
            most = max(most, under_way)
            if len(far.requests) < 256:  # the first ones wait for each other
                await full.wait()
            full.set()
            under_way -= 1
            writer.write(OK)
            await writer.drain()

    full = asyncio.Event()
    async with far(slow) as (server, upstream):
        answers = await asyncio.gather(*(upstream.request("GET", "/x", deadline=time.time() + 30) for _ in range(300)))
        assert [answer.status for answer in answers] == [200] * 300
        assert (most, server.connections) == (256, 256)


async def test_a_connection_that_nobody_uses_is_ended() -> None:
    ended = asyncio.Event()

    async def serve(far: Far, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await far.request(reader)
        writer.write(OK)
        await reader.read()
        ended.set()

    async with far(serve) as (server, _):
        pool = Pool("127.0.0.1", server.port, None, idle=0.05)
        await pool.ask("GET", b"GET / HTTP/1.1\r\n\r\n", soon())
        async with asyncio.timeout(5):
            await ended.wait()
