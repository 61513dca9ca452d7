"""What a connection may send before anybody has said who is calling: no more, and no slower, than a head takes."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from services.cli import protocol
from services.cli.protocol import MOST_BYTES, MOST_HEADERS, HttpProtocol
from shared.asgi import Receive, Scope, Send
from shared.testing.serving import served


async def well(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


@pytest.fixture
async def port() -> AsyncIterator[int]:
    async with served(well, HttpProtocol) as port:
        yield port


async def told(port: int, *pieces: bytes, pause: float = 0.0) -> tuple[int, str | None]:
    """What a connection is answered to what it sends piece by piece: the status, and the code of a problem."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for piece in pieces:
            writer.write(piece)
            await asyncio.sleep(pause)
        async with asyncio.timeout(5):
            answer = await reader.readuntil(b"\r\n\r\n")
            status = int(answer.split()[1])
            return status, json.loads(await reader.read())["code"] if status >= 400 else None
    finally:
        writer.close()


async def test_a_head_of_an_ordinary_size_is_taken(port: int) -> None:
    headers = b"".join(b"x-%d: 1\r\n" % number for number in range(MOST_HEADERS - 1))
    assert await told(port, b"GET / HTTP/1.1\r\nhost: a\r\n", headers, b"\r\n") == (204, None)


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\n" + b"".join(b"x-%d: 1\r\n" % number for number in range(10_000)) + b"\r\n",
        b"GET / HTTP/1.1\r\nx: " + b"y" * MOST_BYTES + b"\r\n\r\n",
        b"GET /" + b"y" * MOST_BYTES + b" HTTP/1.1\r\n\r\n",
    ],
)
async def test_a_head_that_is_too_large_is_refused_by_a_problem(port: int, head: bytes) -> None:
    assert await told(port, head) == (431, "headers_too_large")


async def test_a_client_that_dribbles_its_head_is_cut_off(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "HEAD_SECONDS", 0.1)
    assert await told(port, b"GET / HTTP/1.1\r\n", b"x: 1\r\n", b"y: 1\r\n", pause=0.04) == (408, "request_timeout")
    assert await told(port) == (408, "request_timeout")


async def test_what_is_no_http_is_a_problem_too(port: int) -> None:
    assert await told(port, b"\x16\x03\x01 hello\r\n\r\n") == (400, "bad_request")


async def test_a_connection_is_kept_between_requests_as_long_as_ever(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "HEAD_SECONDS", 0.05)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(2):
        writer.write(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n")
        assert b"204" in await reader.readuntil(b"\r\n\r\n")
        await asyncio.sleep(0.1)
    writer.close()
