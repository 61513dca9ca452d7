import asyncio
import gzip
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from shared.errors import DeadlinePassed, Unavailable
from shared.testing.eventually import eventually
from shared.upstream import Refused, Upstream, open_upstream, read_json, register, unregister


async def far_side(scope: Scope, receive: Receive, send: Send) -> None:
    """What both kinds of upstream are asked: a service that does as its path says."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
        return
    match scope["path"]:
        case "/never":
            await asyncio.get_running_loop().create_future()
        case "/moved":
            await _answer(send, 302, b"", [(b"location", b"/echo")])
        case "/zipped":
            await _answer(send, 200, gzip.compress(b"x" * 1000), [(b"content-encoding", b"gzip")])
        case "/broken-off":
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"9")]})
            await send({"type": "http.response.body", "body": b"x", "more_body": True})
            raise ConnectionError
        case "/in-parts":
            await send({"type": "http.response.start", "status": 200, "headers": [(b"x-two", b"1"), (b"x-two", b"2")]})
            for part in (b"a", b"b", b""):
                await send({"type": "http.response.body", "body": part, "more_body": part != b""})
        case "/refused":
            await _answer(send, 404, b'{"code":"not_found"}', [])
        case _:
            await _echo(scope, receive, send)


async def _echo(scope: Scope, receive: Receive, send: Send) -> None:
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    seen = {
        "method": scope["method"],
        "path": scope["path"],
        "raw_path": scope["raw_path"].decode(),
        "query": scope["query_string"].decode(),
        "headers": {name.decode(): value.decode() for name, value in scope["headers"]},
        "body": body.decode(),
    }
    await _answer(send, 200, json.dumps(seen).encode(), [(b"content-type", b"application/json")])


async def _answer(send: Send, status: int, body: bytes, headers: list[tuple[bytes, bytes]]) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _live(receive: Receive, send: Send) -> None:
    while True:
        kind = (await receive())["type"]
        await send({"type": f"{kind}.complete"})
        if kind == "lifespan.shutdown":
            return


@asynccontextmanager
async def served(port: int = 0) -> AsyncIterator[int]:
    """The far side behind a real server; answers its port."""
    server = uvicorn.Server(uvicorn.Config(far_side, port=port, log_level="critical", timeout_graceful_shutdown=1))
    task = asyncio.create_task(server.serve())
    await eventually(lambda: server.started)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await task


@pytest.fixture(params=["asgi", "http"])
async def upstream(request: pytest.FixtureRequest) -> AsyncIterator[Upstream]:
    """The far side, in this process and behind a server: the callers cannot tell."""
    if request.param == "asgi":
        register("far", far_side)
        yield open_upstream("asgi://far")
        unregister("far", far_side)
        return
    async with served() as port:
        opened = open_upstream(f"http://127.0.0.1:{port}")
        yield opened
        await opened.close()


@dataclass
class Seen:
    """What the far side saw of a request."""

    method: str
    path: str
    raw_path: str
    query: str
    headers: dict[str, str]
    body: str


async def seen(upstream: Upstream, path: str, *, query: str = "", deadline: float | None = None) -> Seen:
    return await read_json(
        upstream, path, Seen, headers=[("Authorization", "Bearer x")], query=query, deadline=deadline
    )


async def test_method_path_query_headers_and_body_arrive_as_they_were_given(upstream: Upstream) -> None:
    answered = await upstream.request(
        "POST",
        "/v1/things/a%20b%2Fc",
        headers=[("Content-Type", "text/csv"), ("Idempotency-Key", "k-1")],
        body="naïve".encode(),
        query="a=1&b=%20x",
    )
    arrived = json.loads(answered.body)
    assert (arrived["method"], arrived["path"], arrived["query"], arrived["body"]) == (
        "POST",
        "/v1/things/a b/c",
        "a=1&b=%20x",
        "naïve",
    )
    assert arrived["raw_path"] == "/v1/things/a%20b%2Fc"
    assert arrived["headers"]["content-type"] == "text/csv"
    assert arrived["headers"]["idempotency-key"] == "k-1"
    assert arrived["headers"]["content-length"] == "6"
    assert "host" in arrived["headers"]


async def test_a_request_without_a_body_has_none(upstream: Upstream) -> None:
    arrived = await seen(upstream, "/x")
    assert (arrived.method, arrived.body) == ("GET", "")
    assert arrived.headers["authorization"] == "Bearer x"


async def test_the_deadline_travels_on(upstream: Upstream) -> None:
    deadline = time.time() + 5
    assert (await seen(upstream, "/x", deadline=deadline)).headers["backbone-deadline"] == str(int(deadline * 1000))


async def test_an_answer_keeps_its_headers_but_not_those_of_the_hop(upstream: Upstream) -> None:
    answered = await upstream.request("GET", "/in-parts")
    assert (answered.status, answered.body) == (200, b"ab")
    assert [value for name, value in answered.headers if name == b"x-two"] == [b"1", b"2"]
    assert {b"connection", b"transfer-encoding", b"date", b"server"}.isdisjoint(dict(answered.headers))
    assert answered.header(b"x-two") == b"1"
    assert answered.header(b"x-none") is None


async def test_a_refusal_is_an_answer_like_any_other(upstream: Upstream) -> None:
    answered = await upstream.request("GET", "/refused")
    assert (answered.status, answered.body) == (404, b'{"code":"not_found"}')


async def test_a_redirect_is_handed_back_and_not_followed(upstream: Upstream) -> None:
    answered = await upstream.request("GET", "/moved")
    assert (answered.status, answered.header(b"location")) == (302, b"/echo")


async def test_a_compressed_body_is_handed_on_as_it_is(upstream: Upstream) -> None:
    answered = await upstream.request("GET", "/zipped")
    assert gzip.decompress(answered.body) == b"x" * 1000
    assert answered.header(b"content-encoding") == b"gzip"


async def test_nothing_is_waited_for_past_the_deadline(upstream: Upstream) -> None:
    started = time.monotonic()
    with pytest.raises(DeadlinePassed):
        await upstream.request("GET", "/never", deadline=time.time() + 0.1)
    assert time.monotonic() - started < 2
    with pytest.raises(DeadlinePassed):
        await upstream.request("GET", "/x", deadline=time.time() - 1)


async def test_a_caller_that_goes_away_is_not_held_up(upstream: Upstream) -> None:
    asked = asyncio.create_task(upstream.request("GET", "/never"))
    await asyncio.wait({asked}, timeout=0.05)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(asked, 2)
    assert (await upstream.request("GET", "/x")).status == 200


async def test_an_answer_that_is_broken_off_is_none(upstream: Upstream) -> None:
    with pytest.raises(Unavailable):
        await upstream.request("GET", "/broken-off", deadline=time.time() + 5)


async def test_many_calls_at_once_are_all_answered(upstream: Upstream) -> None:
    deadline = time.time() + 30
    answers = await asyncio.gather(*(seen(upstream, f"/{number}", deadline=deadline) for number in range(400)))
    assert [arrived.path for arrived in answers] == [f"/{number}" for number in range(400)]


async def test_what_is_read_as_json_has_the_agreed_shape_or_is_refused(upstream: Upstream) -> None:
    for path in ("/refused", "/zipped", "/in-parts"):
        with pytest.raises(Refused) as caught:
            await read_json(upstream, path, Seen)
        assert caught.value.status == 502


async def test_a_service_that_is_not_there_is_unavailable_and_named() -> None:
    async with served() as port:
        pass
    gone = open_upstream(f"http://127.0.0.1:{port}")
    with pytest.raises(Unavailable, match=f"127.0.0.1:{port}"):
        await gone.request("GET", "/x", deadline=time.time() + 5)
    await gone.close()
    with pytest.raises(Unavailable, match="nobody"):
        await open_upstream("asgi://nobody").request("GET", "/x")


async def test_a_service_that_comes_back_is_found_again_by_the_same_client() -> None:
    async with served() as port:
        upstream = open_upstream(f"http://127.0.0.1:{port}")
        assert (await upstream.request("GET", "/x")).status == 200
    with pytest.raises(Unavailable):
        await upstream.request("GET", "/x", deadline=time.time() + 5)
    async with served(port):
        assert (await upstream.request("GET", "/x", deadline=time.time() + 5)).status == 200
    await upstream.close()


async def test_the_environments_proxies_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with served() as port:
        upstream = open_upstream(f"http://127.0.0.1:{port}")
        assert (await upstream.request("GET", "/x")).status == 200
        await upstream.close()


async def test_the_latest_service_of_a_name_is_the_one_that_answers() -> None:
    async def other(scope: Scope, receive: Receive, send: Send) -> None:
        await _answer(send, 204, b"", [])

    register("far", far_side)
    register("far", other)
    unregister("far", far_side)
    assert (await open_upstream("asgi://far").request("GET", "/x")).status == 204
    unregister("far", other)


@pytest.mark.parametrize("url", ["ftp://members", "members:8000", ""])
def test_an_address_of_another_kind_is_refused_at_once(url: str) -> None:
    with pytest.raises(ValueError, match="asgi://, http:// or https://"):
        open_upstream(url)
