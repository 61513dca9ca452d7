import asyncio
import json
import re
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from shared.app import Parts, create_frontend
from shared.testing.eventually import eventually
from shared.testing.postgres import PostgresServer
from shared.upstream import open_upstream
from tests.shared.trial import SERVICE, Trial, running_trial, settings_for

BALL = {"name": "ball", "price": {"amount": "12.50", "currency": "GBP"}}


@pytest.fixture
async def trial(tmp_path: Path) -> AsyncIterator[Trial]:
    async with running_trial(settings_for(tmp_path)) as running:
        yield running


def parts_of(health: httpx.Response) -> dict[str, Any]:
    return {part["name"]: part for part in health.json()["parts"]}


async def test_every_fault_of_a_body_is_named_and_none_of_its_values_is_repeated(trial: Trial) -> None:
    body = {"name": "Alice Example", "price": {"amount": "alice@example.org", "currency": "alice"}}
    answered = await trial.client.post("/v1/things", json=body, headers=trial.as_caller())
    assert (answered.status_code, answered.json()["code"]) == (422, "invalid")
    assert {fault["pointer"] for fault in answered.json()["errors"]} == {"/name", "/price/currency", "/price/amount"}
    assert "alice" not in answered.text.lower()


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"{", 400, "malformed_json"),
        (b'{"name": "a",}', 400, "malformed_json"),
        (b"\xff\xfe{", 400, "bad_request"),
        (b"[" * 100_000, 400, "bad_request"),
        (b"", 422, "invalid"),
        (b"null", 422, "invalid"),
        (b"[]", 422, "invalid"),
        (b'"x"', 422, "invalid"),
        (b'{"name": 1, "price": []}', 422, "invalid"),
        (b'{"name": "\\ud800", "price": {"amount": "1", "currency": "GBP"}}', 422, "invalid"),
        (b'{"name": "a", "price": {"amount": "1", "currency": "GBP", "\\ud800/~": 1}}', 422, "invalid"),
    ],
)
async def test_a_body_that_is_not_what_was_asked_for_is_a_problem(
    trial: Trial, content: bytes, status: int, code: str
) -> None:
    headers = {"content-type": "application/json", **trial.as_caller()}
    answered = await trial.client.post("/v1/things", content=content, headers=headers)
    assert (answered.status_code, answered.json()["code"]) == (status, code)
    assert answered.headers["content-type"] == "application/problem+json"


async def test_a_form_where_json_is_wanted_is_told_so(trial: Trial) -> None:
    answered = await trial.client.post("/v1/things", data={"name": "a"}, headers=trial.as_caller())
    assert answered.status_code == 422
    assert "application/json" in answered.json()["errors"][0]["reason"]


async def test_a_malformed_id_in_the_path_is_a_fault_of_that_parameter(trial: Trial) -> None:
    answered = await trial.client.get("/v1/owners/alice", headers=trial.as_caller())
    (fault,) = answered.json()["errors"]
    assert (answered.status_code, fault["pointer"], fault["code"]) == (422, "path:owner", "invalid_id")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1/nothing", 404, "not_found"),
        ("GET", "/v1/things/", 404, "not_found"),
        ("PATCH", "/v1/things/ball", 405, "method_not_allowed"),
        ("GET", "/docs", 404, "not_found"),
    ],
)
async def test_a_path_or_method_that_is_not_there_is_a_problem(
    trial: Trial, method: str, path: str, status: int, code: str
) -> None:
    answered = await trial.client.request(method, path, headers=trial.as_caller())
    assert (answered.status_code, answered.json()["code"]) == (status, code)


async def test_the_document_describes_problems_and_nothing_that_does_not_resolve(trial: Trial) -> None:
    document = (await trial.client.get("/openapi.json")).json()
    operation = document["paths"]["/v1/things"]["post"]
    assert operation["operationId"] == "make_thing"
    assert operation["x-scope"] == "things:write"
    assert operation["responses"].keys() == {"201", "default"}
    for reference in re.findall(r'"\$ref": ?"([^"]+)"', json.dumps(document)):
        found = document
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]


async def test_health_names_every_part_of_a_service_that_is_well(trial: Trial) -> None:
    health = await trial.client.get("/health")
    assert (health.status_code, health.json()["service"], health.json()["status"]) == (200, SERVICE, "ok")
    assert {name: part["status"] for name, part in parts_of(health).items()} == dict.fromkeys(
        ("database", "bus", "relay", "housekeeping"), "ok"
    )


async def test_a_worker_that_fails_is_shown_and_runs_again(tmp_path: Path) -> None:
    runs = 0

    async def fickle(parts: Parts) -> None:
        nonlocal runs
        runs += 1
        if runs < 3:
            raise RuntimeError
        await asyncio.get_running_loop().create_future()

    with capture_logs() as lines:
        async with running_trial(settings_for(tmp_path), workers=[fickle]) as trial:
            failing = await eventually(lambda: _part_that_fails(trial, "fickle"))
            assert "RuntimeError" in failing["why"]
            await eventually(lambda: runs == 3)
            assert parts_of(await trial.client.get("/health"))["fickle"]["status"] == "ok"
            assert (
                'worker_restarts_total{service="grants",worker="fickle"}' in (await trial.client.get("/metrics")).text
            )
    assert [line["worker"] for line in lines if line["event"] == "worker_failed"] == ["fickle", "fickle"]


async def _part_that_fails(trial: Trial, name: str) -> Any:
    health = await trial.client.get("/health")
    part = parts_of(health)[name]
    return part if part["status"] == "failing" and health.json()["status"] == "degraded" else None


async def test_a_worker_is_stopped_with_its_service(tmp_path: Path) -> None:
    begun, stopped = asyncio.Event(), asyncio.Event()

    async def patient(parts: Parts) -> None:
        begun.set()
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            stopped.set()

    async with running_trial(settings_for(tmp_path), workers=[patient]):
        await begun.wait()
        assert not stopped.is_set()
    assert stopped.is_set()


async def test_without_the_log_writes_go_on_and_health_says_why_it_is_degraded(tmp_path: Path) -> None:
    async with running_trial(settings_for(tmp_path, bus="kafka://127.0.0.1:9")) as trial:
        written = await trial.client.post("/v1/things", json=BALL, headers=trial.as_caller())
        assert written.status_code == 201
        started = time.monotonic()
        health = await trial.client.get("/health")
        assert time.monotonic() - started < 2
    assert (health.status_code, health.json()["status"]) == (200, "degraded")
    assert parts_of(health)["bus"]["why"]


async def test_without_the_database_requests_fail_at_once_and_health_says_why(
    tmp_path: Path, postgres_url: str, postgres_server: PostgresServer
) -> None:
    settings = settings_for(tmp_path, database=SecretStr(postgres_url))
    async with running_trial(settings) as trial:
        assert (await trial.client.get("/health")).status_code == 200
        postgres_server.drop(postgres_url)
        started = time.monotonic()
        with capture_logs():
            refused = await trial.client.post("/v1/things", json=BALL, headers=trial.as_caller())
        health = await trial.client.get("/health")
        assert time.monotonic() - started < 4
    assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
    assert refused.headers["retry-after"] == "1"
    assert (health.status_code, health.json()["status"]) == (503, "down")
    assert parts_of(health)["database"]["why"]


async def test_a_value_that_no_column_takes_is_the_callers_fault(tmp_path: Path, postgres_url: str) -> None:
    async with running_trial(settings_for(tmp_path, database=SecretStr(postgres_url))) as trial:
        with capture_logs():
            body = {"name": "a", "price": {"amount": "999999999999.99", "currency": "GBP"}}
            answered = await trial.client.post("/v1/things", json=body, headers=trial.as_caller())
    assert (answered.status_code, answered.json()["code"]) == (422, "invalid")


async def test_a_running_service_is_reached_by_its_name_and_no_longer_once_it_stopped(tmp_path: Path) -> None:
    upstream = open_upstream(f"asgi://{SERVICE}")
    async with running_trial(settings_for(tmp_path)):
        assert (await upstream.request("GET", "/health")).status == 200
    with pytest.raises(Exception, match="does not run in this process"):
        await upstream.request("GET", "/health")


async def test_a_frontend_needs_no_database_and_reaches_the_services_it_names(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    frontend = create_frontend("admin", settings, routers=[], upstreams=["grants"], title="Admin", description="Pages.")
    async with running_trial(settings), frontend.router.lifespan_context(frontend):
        client = httpx.AsyncClient(transport=httpx.ASGITransport(frontend), base_url="http://admin")
        assert (await client.get("/health")).json() == {"service": "admin", "status": "ok", "parts": []}
        assert (await client.get("/nothing")).json()["code"] == "not_found"
        reached = await frontend.state.parts.upstreams["grants"].request("GET", "/health")
        assert reached.status == 200
    assert not (tmp_path / "admin.db").exists()
