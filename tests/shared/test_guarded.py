"""The guard before a service: it keeps trouble to whoever asks for it, and ends by itself."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest

from shared.errors import DeadlinePassed, Unavailable
from shared.exchanges import Headers, Passing, UpstreamResponse
from shared.guarded import BUDGET, FAILURES, IN_FLIGHT, OPEN_SECONDS, Guarded
from shared.testing.eventually import eventually
from shared.upstream import Upstream

WELL = UpstreamResponse(200, [], b"")
ONCE = (("idempotency-key", "1"),)


async def well() -> UpstreamResponse:
    return WELL


async def away() -> UpstreamResponse:
    raise Unavailable("refused")


async def slow() -> UpstreamResponse:
    raise DeadlinePassed


async def hanging() -> UpstreamResponse:
    await asyncio.Event().wait()
    return WELL


@dataclass
class Network:
    """A service at the other end of a network that does what the test says; and a clock that it moves."""

    does: Callable[[], Awaitable[UpstreamResponse]] = well
    asked: int = 0
    now: float = 0.0
    later: list[Callable[[], Awaitable[UpstreamResponse]]] = field(default_factory=list)

    async def request(self, method: str, path: str, **_: object) -> UpstreamResponse:
        self.asked += 1
        return await (self.later.pop(0) if self.later else self.does)()

    async def pass_on(self, method: str, path: str, passing: Passing, **_: object) -> UpstreamResponse | None:
        self.asked += 1
        await passing.onward.begin(200, [])
        await passing.onward.more(b"first")
        await self.does()
        return None

    async def close(self) -> None:
        """Nothing is held."""


class Listener:
    """Whom a stream is for."""

    def __init__(self) -> None:
        self.heard: list[object] = []

    async def begin(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        self.heard.append(status)

    async def more(self, chunk: bytes) -> None:
        self.heard.append(chunk)

    async def gone(self) -> None:
        await asyncio.Event().wait()


def guarded(network: Network) -> Upstream:
    return Guarded("grants", network, lambda: network.now)


async def ask(upstream: Upstream, method: str = "POST", headers: Headers = ()) -> str:
    """What came of one request: `ok`, or why not."""
    try:
        await upstream.request(method, "/", headers=headers)
    except Unavailable as error:
        return error.detail
    except DeadlinePassed:
        return "timed out"
    return "ok"


@pytest.mark.parametrize("trouble", [away, slow])
async def test_after_failures_in_a_row_a_service_is_not_asked_until_one_request_has_tried(
    trouble: Callable[[], Awaitable[UpstreamResponse]],
) -> None:
    network = Network(trouble)
    upstream = guarded(network)
    for _ in range(FAILURES):
        await ask(upstream)
    assert "asked again in a moment" in await ask(upstream)
    assert network.asked == FAILURES
    network.now += OPEN_SECONDS
    await ask(upstream)  # it tries, and fails: another moment
    assert "asked again in a moment" in await ask(upstream)
    assert network.asked == FAILURES + 1
    network.now += OPEN_SECONDS
    network.does = well
    assert [await ask(upstream) for _ in range(3)] == ["ok"] * 3


async def test_while_one_request_tries_the_others_are_refused_at_once() -> None:
    network = Network(away)
    upstream = guarded(network)
    for _ in range(FAILURES):
        await ask(upstream)
    network.now += OPEN_SECONDS
    network.does = hanging
    trying = asyncio.create_task(ask(upstream))
    await asyncio.sleep(0)
    assert [await ask(upstream) for _ in range(3)] == ["grants does not answer; it is asked again in a moment"] * 3
    trying.cancel()
    await asyncio.wait([trying])
    network.does = well
    assert await ask(upstream) == "ok"


async def test_a_success_between_failures_keeps_it_open() -> None:
    network = Network(away)
    upstream = guarded(network)
    for _ in range(3):
        for _ in range(FAILURES - 1):
            await ask(upstream)
        network.later.append(well)
        assert await ask(upstream) == "ok"


async def test_so_many_wait_for_a_service_and_the_next_is_refused_at_once() -> None:
    network = Network(hanging)
    upstream = guarded(network)
    waiting = [asyncio.create_task(ask(upstream)) for _ in range(IN_FLIGHT)]
    await asyncio.sleep(0)
    assert await ask(upstream) == "grants has as many requests as it can take"
    for task in waiting:
        task.cancel()
    await asyncio.wait(waiting)
    network.does = well
    assert await ask(upstream) == "ok"


async def test_a_stream_that_has_begun_takes_no_place() -> None:
    network = Network(hanging)
    upstream, listener = guarded(network), Listener()
    streams = [asyncio.create_task(upstream.pass_on("GET", "/", Passing(listener, 1.0))) for _ in range(IN_FLIGHT + 5)]
    await eventually(lambda: listener.heard.count(b"first") == IN_FLIGHT + 5)
    for task in streams:
        task.cancel()
    await asyncio.wait(streams)


async def test_a_stream_that_breaks_off_is_not_begun_again() -> None:
    network = Network(away)
    with pytest.raises(Unavailable):
        await guarded(network).pass_on("GET", "/", Passing(Listener(), 1.0))
    assert network.asked == 1


@pytest.mark.parametrize(("method", "headers", "times"), [("GET", (), 2), ("POST", ONCE, 2), ("POST", (), 1)])
async def test_only_what_may_be_repeated_is_and_once(method: str, headers: Headers, times: int) -> None:
    network = Network(away)
    assert await ask(guarded(network), method, headers) == "refused"
    assert network.asked == times


async def test_what_is_repeated_may_succeed_and_a_timeout_is_not_repeated() -> None:
    network = Network(well, later=[away])
    assert (await ask(guarded(network), "GET"), network.asked) == ("ok", 2)
    network = Network(slow)
    assert (await ask(guarded(network), "GET"), network.asked) == ("timed out", 1)


async def test_repetitions_have_a_budget() -> None:
    network = Network()
    upstream = guarded(network)
    for _ in range(100):
        network.later = [away]
        await ask(upstream, "GET")
        network.later = []
        await ask(upstream)  # so that they are not failures in a row
    repeated = network.asked - 200
    assert BUDGET <= repeated <= BUDGET + 0.1 * 200
