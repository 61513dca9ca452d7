"""What passes through the hop as it comes, in this process and behind a server: long answers, and large bodies."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from shared.errors import BadRequest, DeadlinePassed, Unavailable
from shared.exchanges import Incoming, Passing
from shared.testing.eventually import eventually
from shared.testing.serving import served
from shared.upstream import Upstream, open_upstream, register, unregister

PIECE = b"x" * 64 * 1024


@dataclass
class Far:
    """A service whose answers a test lets out piece by piece."""

    made: int = 0
    ended: bool = False
    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    def app(self) -> Starlette:
        routes = [("/pieces", self.pieces), ("/slow", self.slow), ("/small", self.small), ("/upload", self.upload)]
        return Starlette(routes=[Route(path, endpoint, methods=["GET", "POST"]) for path, endpoint in routes])

    async def pieces(self, request: Request) -> Response:
        return StreamingResponse(self._pieces(int(request.query_params["count"])), media_type="text/csv")

    async def _pieces(self, count: int) -> AsyncIterator[bytes]:
        try:
            for _ in range(count):
                self.made += 1
                yield PIECE
        finally:
            self.ended = True

    async def slow(self, request: Request) -> Response:
        return StreamingResponse(self._slowly(request.query_params.get("breaks") == "yes"))

    async def _slowly(self, breaks: bool) -> AsyncIterator[bytes]:
        try:
            yield b"first"
            await self.go_on.wait()
            if breaks:
                raise ConnectionError
            yield b"second"
        finally:
            self.ended = True

    async def small(self, request: Request) -> Response:
        return PlainTextResponse("all of it")

    async def upload(self, request: Request) -> Response:
        if "refuse" in request.query_params:
            return PlainTextResponse("no", 413)
        sizes = [len(piece) async for piece in request.stream()]
        self.made = max(sizes)
        return PlainTextResponse(f"{sum(sizes)} {request.headers.get('content-length', 'unsaid')}")


@dataclass
class Caller:
    """Whom an answer is for."""

    status: int = 0
    got: list[bytes] = field(default_factory=list)
    taking: asyncio.Event = field(default_factory=asyncio.Event)
    left: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.taking.set()

    async def begin(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        self.status = status

    async def more(self, chunk: bytes) -> None:
        self.got.append(chunk)
        await self.taking.wait()

    async def gone(self) -> None:
        await self.left.wait()


@pytest.fixture
def far() -> Far:
    return Far()


@pytest.fixture
def caller() -> Caller:
    return Caller()


@pytest.fixture(params=["asgi", "http"])
async def upstream(request: pytest.FixtureRequest, far: Far) -> AsyncIterator[Upstream]:
    app = far.app()
    if request.param == "asgi":
        register("far", app)
        yield open_upstream("asgi://far")
        unregister("far", app)
        return
    async with served(app) as port:
        opened = open_upstream(f"http://127.0.0.1:{port}")
        yield opened
        await opened.close()


def passing(caller: Caller, idle: float = 30) -> Passing:
    return Passing(caller, idle)


async def test_a_piece_is_passed_on_before_the_next_one_is_made(upstream: Upstream, far: Far, caller: Caller) -> None:
    asked = asyncio.create_task(upstream.pass_on("GET", "/slow", passing(caller)))
    await eventually(lambda: caller.got == [b"first"])
    assert (caller.status, asked.done()) == (200, False)
    far.go_on.set()
    assert await asked is None
    assert b"".join(caller.got) == b"firstsecond"


async def test_a_small_answer_comes_whole(upstream: Upstream, caller: Caller) -> None:
    answer = await upstream.pass_on("GET", "/small", passing(caller))
    assert answer is not None
    assert (answer.body, caller.status) == (b"all of it", 0)


async def test_who_wants_it_whole_gets_it_whole(upstream: Upstream) -> None:
    assert len((await upstream.request("GET", "/pieces", query="count=3")).body) == 3 * len(PIECE)


async def test_no_more_is_made_than_the_caller_takes(upstream: Upstream, far: Far, caller: Caller) -> None:
    caller.taking.clear()
    asked = asyncio.create_task(upstream.pass_on("GET", "/pieces", passing(caller), query="count=1000"))
    await eventually(lambda: far.made > 0 and caller.got != [])
    await _until_still(lambda: far.made)
    assert far.made < 500, "what sockets and buffers hold, and not the 64 MB of it all"
    caller.taking.set()
    await asked
    assert sum(map(len, caller.got)) == 1000 * len(PIECE)


async def test_when_the_caller_leaves_the_making_ends(upstream: Upstream, far: Far, caller: Caller) -> None:
    asked = asyncio.create_task(upstream.pass_on("GET", "/slow", passing(caller)))
    await eventually(lambda: caller.got == [b"first"])
    caller.left.set()
    await eventually(lambda: far.ended)
    await asked
    assert caller.got == [b"first"]


async def test_the_deadline_is_for_the_first_byte(upstream: Upstream, far: Far, caller: Caller) -> None:
    near = time.time() + 0.2
    asked = asyncio.create_task(upstream.pass_on("GET", "/slow", passing(caller), deadline=near))
    await eventually(lambda: time.time() > near + 0.1)
    far.go_on.set()
    await asked
    assert b"".join(caller.got) == b"firstsecond"


async def test_a_stream_that_stands_still_is_broken_off(upstream: Upstream, far: Far, caller: Caller) -> None:
    with pytest.raises(Unavailable):
        await upstream.pass_on("GET", "/slow", passing(caller, idle=0.1), deadline=time.time() + 30)
    assert caller.got == [b"first"]
    await eventually(lambda: far.ended)


async def test_a_stream_that_breaks_off_is_not_taken_for_a_whole_one(
    upstream: Upstream, far: Far, caller: Caller
) -> None:
    far.go_on.set()
    with pytest.raises(Unavailable):
        await upstream.pass_on("GET", "/slow", passing(caller), query="breaks=yes")


@pytest.mark.parametrize("said", [True, False])
async def test_a_large_body_arrives_as_it_was_sent(upstream: Upstream, far: Far, caller: Caller, said: bool) -> None:
    body = Incoming(_sent(200), 200 * len(PIECE) if said else None)
    answer = await upstream.pass_on("POST", "/upload", passing(caller), body=body)
    assert answer is not None
    size = str(200 * len(PIECE))
    assert answer.body.decode().split() == [size, size if said else "unsaid"]
    assert far.made <= 1024 * 1024, "it came in pieces"


async def test_a_service_may_answer_before_it_has_the_whole_body(upstream: Upstream, caller: Caller) -> None:
    body = Incoming(_sent(2000), None)
    answer = await upstream.pass_on("POST", "/upload", passing(caller), body=body, query="refuse")
    assert answer is not None
    assert answer.status == 413


async def test_a_body_that_breaks_off_is_the_callers_fault(upstream: Upstream, caller: Caller) -> None:
    with pytest.raises(BadRequest):
        await upstream.pass_on("POST", "/upload", passing(caller), body=Incoming(_broken(), None))


async def test_a_large_body_has_a_deadline(upstream: Upstream, caller: Caller) -> None:
    with pytest.raises(DeadlinePassed):
        await upstream.pass_on(
            "POST", "/upload", passing(caller), body=Incoming(_stalled(), None), deadline=time.time() + 0.1
        )


async def _sent(count: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield PIECE


async def _broken() -> AsyncIterator[bytes]:
    yield PIECE
    raise BadRequest("the request broke off")


async def _stalled() -> AsyncIterator[bytes]:
    yield PIECE
    await asyncio.Event().wait()


async def _until_still(count: Callable[[], int]) -> None:
    """Wait until nothing is counted any more for a tenth of a second."""
    while True:
        before = count()
        since = time.monotonic()
        await eventually(lambda: time.monotonic() - since > 0.1)  # noqa: B023 - called within this turn only
        if count() == before:
            return
