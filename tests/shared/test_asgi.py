import asyncio
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send
from structlog.testing import capture_logs

from shared.asgi import ASGIApp, Edge, Limits, exchange_of
from shared.ids import is_id, new_id
from shared.testing.eventually import eventually
from tests.shared.trial import Trial, running_trial, settings_for

TRACE = "0af7651916cd43dd8448eb211c80319c"


@pytest.fixture
async def trial(tmp_path: Path) -> AsyncIterator[Trial]:
    async with running_trial(settings_for(tmp_path, max_body=2048, request_timeout=5)) as running:
        yield running


class Caller:
    """A server's side of one request, by hand: for what a client library does not show."""

    def __init__(self, app: ASGIApp, timeout: float = 5) -> None:
        limits = Limits(timeout, 2048)
        self.edge = Edge(app, service="trial", limits=limits, uploads=limits)
        self.sent: list[Message] = []

    async def ask(self, *, body: list[bytes] | None = None, headers: list[tuple[bytes, bytes]] | None = None) -> None:
        chunks = body or [b""]

        async def receive() -> Message:
            return {"type": "http.request", "body": chunks.pop(0), "more_body": bool(chunks)}

        async def send(message: Any) -> None:
            self.sent.append(message)

        scope = {"type": "http", "method": "POST", "path": "/x", "query_string": b"", "headers": headers or []}
        await self.edge(scope, receive, send)

    @property
    def status(self) -> int:
        status: int = self.sent[0]["status"]
        return status


async def test_a_request_id_of_ours_is_kept_and_any_other_is_replaced(trial: Trial) -> None:
    ours = new_id("req")
    kept = await trial.client.get("/metrics", headers={"backbone-request-id": ours})
    assert kept.headers["backbone-request-id"] == ours
    made = await trial.client.get("/metrics", headers={"backbone-request-id": "alice@example.org"})
    assert is_id(made.headers["backbone-request-id"], "req")


@pytest.mark.parametrize("sent", [f"00-{TRACE}-b7ad6b7169203331-01", f"00-{TRACE}-b7ad6b7169203331-00"])
async def test_a_trace_goes_on_with_a_span_of_our_own(trial: Trial, sent: str) -> None:
    version, trace, span, flags = (
        (await trial.client.get("/metrics", headers={"traceparent": sent})).headers["traceparent"].split("-")
    )
    assert (version, trace, flags) == ("00", TRACE, sent[-2:])
    assert span != "b7ad6b7169203331"
    assert len(span) == 16


@pytest.mark.parametrize("sent", ["", "nonsense", f"00-{'0' * 32}-b7ad6b7169203331-01", f"ff-{TRACE}-b7ad6b7169203331"])
async def test_without_a_trace_one_begins(trial: Trial, sent: str) -> None:
    answered = await trial.client.get("/metrics", headers={"traceparent": sent})
    trace = answered.headers["traceparent"].split("-")[1]
    assert len(trace) == 32
    assert trace not in (TRACE, "0" * 32)


async def test_every_answer_forbids_sniffing_and_storing_unless_the_route_says_otherwise() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"cache-control", b"max-age=60")]})
        await send({"type": "http.response.body", "body": b""})

    caller = Caller(app)
    await caller.ask()
    headers = dict(caller.sent[0]["headers"])
    assert headers[b"x-content-type-options"] == b"nosniff"
    assert headers[b"cache-control"] == b"max-age=60"


async def test_the_callers_deadline_ends_a_request_with_504(trial: Trial) -> None:
    started = time.monotonic()
    deadline = str(int((time.time() + 0.05) * 1000))
    answered = await trial.client.get("/open/never", headers={"backbone-deadline": deadline})
    assert (answered.status_code, answered.json()["code"]) == (504, "deadline_passed")
    assert time.monotonic() - started < 2


async def test_our_own_limit_holds_where_the_caller_allows_more(tmp_path: Path) -> None:
    async with running_trial(settings_for(tmp_path, request_timeout=0.05)) as trial:
        later = str(int((time.time() + 3600) * 1000))
        assert (await trial.client.get("/open/never", headers={"backbone-deadline": later})).status_code == 504
        assert (await trial.client.get("/open/never")).status_code == 504


@pytest.mark.parametrize("sent", [b"", b"soon", b"-1", b"9" * 10_000, "١".encode()])
async def test_a_deadline_that_is_no_moment_is_passed_over(sent: bytes) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        left = exchange_of(scope).deadline - time.time()
        await send({"type": "http.response.start", "status": 200 + round(left), "headers": []})

    caller = Caller(app)
    await caller.ask(headers=[(b"backbone-deadline", sent)])
    assert caller.status == 205


async def test_a_request_that_comes_too_late_is_not_begun() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        raise AssertionError("begun")

    caller = Caller(app)
    await caller.ask(headers=[(b"backbone-deadline", b"1000")])
    assert caller.status == 504


async def test_an_answer_that_has_begun_may_go_on_past_the_deadline() -> None:
    go_on = asyncio.Event()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await go_on.wait()
        await send({"type": "http.response.body", "body": b"late"})

    caller = Caller(app, timeout=0.05)
    asked, past = asyncio.create_task(caller.ask()), time.time() + 0.1
    await eventually(lambda: time.time() > past)
    go_on.set()
    await asked
    assert caller.sent[-1]["body"] == b"late"


async def test_another_waits_timeout_is_not_taken_for_the_deadline() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        raise TimeoutError

    caller = Caller(app)
    with capture_logs():
        await caller.ask()
    assert caller.status == 500


async def test_a_body_at_the_limit_is_taken(trial: Trial) -> None:
    assert (await trial.client.post("/open/echo", content=b"x" * 2048)).text == "2048"


async def test_a_body_that_says_it_is_too_large_is_refused_unread() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        raise AssertionError("begun")

    caller = Caller(app)
    await caller.ask(headers=[(b"content-length", b"2049")])
    assert caller.status == 413


async def test_a_body_that_does_not_say_its_size_is_cut_off_at_the_limit(trial: Trial) -> None:
    taken = 0

    async def chunks() -> AsyncIterator[bytes]:
        nonlocal taken
        for _ in range(100):
            taken += 1
            yield b"x" * 1024

    for path in ("/open/echo", "/v1/things"):
        taken = 0
        headers = {"content-type": "application/json", **trial.as_caller()}
        answered = await trial.client.post(path, content=chunks(), headers=headers)
        assert (answered.status_code, answered.json()["code"], answered.json()["max_bytes"]) == (
            413,
            "payload_too_large",
            2048,
        )
        assert taken == 3, "it read on after the limit"


async def test_chunks_are_counted_together() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive())["more_body"]:
            continue
        raise AssertionError("read to the end")

    caller = Caller(app)
    await caller.ask(body=[b"x" * 1000] * 3)
    assert caller.status == 413


async def test_a_crash_becomes_a_problem_that_tells_nothing_and_a_line_that_tells_where(trial: Trial) -> None:
    with capture_logs() as lines:
        answered = await trial.client.get("/open/crash")
    assert (answered.status_code, answered.json()["code"]) == (500, "internal_error")
    assert answered.headers["content-type"] == "application/problem+json"
    assert "Alice" not in answered.text
    assert lines[0]["request_id"] in answered.json()["instance"]


async def test_a_crash_in_the_middle_of_an_answer_is_left_to_the_server_to_break_off() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise ZeroDivisionError

    caller = Caller(app)
    with pytest.raises(ZeroDivisionError):
        await caller.ask()
    assert len(caller.sent) == 1


async def test_a_problem_names_the_request_that_it_answers() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        raise ZeroDivisionError(exchange_of(scope).request_id)

    caller, ours = Caller(app), new_id("req")
    with capture_logs():
        await caller.ask(headers=[(b"backbone-request-id", ours.encode())])
    assert json.loads(caller.sent[1]["body"])["instance"] == f"urn:backbone:request:{ours}"


@pytest.mark.parametrize(
    "path", ["/v1/%2e/things", "/v1/x/%2e%2e/things", "/v1/x/%2E%2e", "/v1/a%00b", "/v1/things?cursor=%00"]
)
async def test_an_address_that_two_servers_may_read_differently_is_refused(trial: Trial, path: str) -> None:
    answered = await trial.client.request("GET", f"http://trial{path}", headers=trial.as_caller())
    assert (answered.status_code, answered.json()["code"]) == (400, "bad_request")


async def test_requests_are_counted_by_template_and_never_by_id(trial: Trial) -> None:
    with capture_logs():
        for path in ("/v1/things/alice", "/v1/nothing/alice", "/open/crash"):
            await trial.client.get(path, headers=trial.as_caller())
        await trial.client.request("ALICE", "/v1/things")
    counted = (await trial.client.get("/metrics")).text
    for labels in (
        'method="GET",route="/v1/things/{name}",service="grants",status="404"',
        'method="GET",route="none",service="grants",status="404"',
        'method="GET",route="/open/crash",service="grants",status="500"',
        'method="other",route="/v1/things",service="grants",status="405"',
    ):
        assert f"backbone_requests_total{{{labels}}}" in counted
    assert "alice" not in counted.lower()
