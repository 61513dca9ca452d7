"""Guarantee 8: a part that is away fails what needs it, at once and with the reason; the rest goes on."""

import asyncio
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial

import httpx
import psycopg
import pytest

from services.gateway.nouns import SERVICES
from shared.testing.eventually import eventually
from shared.testing.kafka import KafkaServer
from shared.testing.postgres import PostgresServer
from tests.suite.lines import Line, Trouble
from tests.suite.processes import Suite, at_scale, free_ports, migrated

_AT_ONCE = 9.0
"""Seconds: within the request's own deadline of 10, and far from hanging."""
_SIGN_UP = {"person": {"given_name": "Ada"}}
_COMPOSED = ("/v1/overview", "/v1/backbone/functions", "/v1/backbone/power", "/v1/search?q=walk")


@pytest.fixture(scope="module")
def databases(postgres_server: PostgresServer) -> dict[str, str]:
    return migrated(postgres_server)


@pytest.fixture(scope="module")
def unstarted(
    tmp_path_factory: pytest.TempPathFactory, databases: dict[str, str], kafka_server: KafkaServer
) -> Iterator[Suite]:
    """Four processes on PostgreSQL and Kafka."""
    made = at_scale(tmp_path_factory.mktemp("outages"), databases, kafka_server.new_url())
    yield made
    made.kill()


@pytest.fixture(scope="module")
def lines(unstarted: Suite) -> Iterator[Mapping[str, Line]]:
    """The lines by which the gateway reaches each service; every test leaves them well."""
    ports = zip(SERVICES, free_ports(len(SERVICES)), strict=True)
    made = {service: Line(port, unstarted.processes[service].port) for service, port in ports}
    gateway = unstarted.processes["gateway"]
    by_line = {f"{service.upper()}_URL": f"http://127.0.0.1:{line.port}" for service, line in made.items()}
    gateway.environment = {**gateway.environment, **by_line}
    with ExitStack() as stack:
        for line in made.values():
            stack.enter_context(line.laid())
        yield made


@pytest.fixture(scope="module")
def suite(unstarted: Suite, lines: Mapping[str, Line]) -> Suite:
    """The processes, running; every test leaves them running and well."""
    asyncio.run(unstarted.start())
    return unstarted


async def test_a_service_that_is_away_fails_what_needs_it_and_nothing_else(suite: Suite) -> None:
    async with suite.client() as client:
        before = await _people(client)
        assert (await client.post("/v1/sign-ups", json=_SIGN_UP)).status_code == 201
        suite.processes["members"].kill()
        started = time.monotonic()
        refused = await client.post("/v1/sign-ups", json=_SIGN_UP)
        overview = await client.get("/v1/overview")
        required = await client.get("/v1/overview", params={"require": "members"})
        assert time.monotonic() - started < 3 * _AT_ONCE
        assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
        sections = overview.json()["sections"]
        assert overview.status_code == 200
        assert sections["members"]["status"] == "unavailable"
        assert sections["members"]["reason"]
        assert {sections[name]["status"] for name in ("totals", "measures", "grants")} == {"ok"}
        assert (required.status_code, required.json()["code"]) == (503, "section_missing")
        assert (await client.get("/v1/funds")).status_code == 200
        await suite.start()
        assert (await client.post("/v1/sign-ups", json=_SIGN_UP)).status_code == 201
        await eventually(lambda: _counts(client, before + 2), within=30)


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("trouble", ["away", "slow", "flapping"])
async def test_under_load_composed_reads_say_in_time_what_there_is_and_recover_by_themselves(
    suite: Suite, lines: Mapping[str, Line], service: str, trouble: Trouble
) -> None:
    async with suite.client() as client:
        well = [await _statuses(client, path) for path in _COMPOSED]
        assert all("timed_out" not in each.values() for each in well)
        lines[service].be(trouble)
        try:
            answers = await _read_for(client, 1.5)
            required = await client.get("/v1/overview", params={"require": service})
            started = time.monotonic()
            elsewhere = await client.get("/v1/rounds" if service != "grants" else "/v1/ladder")
            assert (elsewhere.status_code, time.monotonic() - started < _AT_ONCE) == (200, True)
        finally:
            lines[service].be("well")
        assert {answer.status_code for _, answer, _ in answers} == {200}
        assert max(seconds for _, _, seconds in answers) < _AT_ONCE
        lacking = 0
        for path, answer, _ in answers:
            for name, section in answer.json()["sections"].items():
                if section["source"] != service:
                    assert section["status"] == well[_COMPOSED.index(path)][name], (name, section)
                elif section["status"] != "ok":
                    lacking += 1
                    assert section["reason"]
                else:
                    assert trouble == "flapping", (name, section)
        assert lacking
        if trouble != "flapping":
            assert (required.status_code, required.json()["code"]) == (503, "section_missing")
        for path, before in zip(_COMPOSED, well, strict=True):
            await eventually(partial(_are, client, path, before), within=10)


async def _read_for(client: httpx.AsyncClient, seconds: float) -> list[tuple[str, httpx.Response, float]]:
    """What composed reads answer to eight readers at once, each with its path and how long it took."""
    until, answers = time.monotonic() + seconds, list[tuple[str, httpx.Response, float]]()

    async def read(path: str) -> None:
        while time.monotonic() < until:
            started = time.monotonic()
            answer = await client.get(path)
            answers.append((path, answer, time.monotonic() - started))

    await asyncio.gather(*(read(path) for path in _COMPOSED for _ in range(2)))
    return answers


async def _statuses(client: httpx.AsyncClient, path: str) -> dict[str, str]:
    """How each section of a composed read is: some are missing in a movement where nothing has happened."""
    sections = (await client.get(path)).json()["sections"]
    return {name: section["status"] for name, section in sections.items()}


async def _are(client: httpx.AsyncClient, path: str, statuses: dict[str, str]) -> bool:
    return await _statuses(client, path) == statuses


async def test_writes_go_on_without_the_broker_and_drain_when_it_is_back(
    suite: Suite, kafka_server: KafkaServer
) -> None:
    if not kafka_server.ours:
        pytest.skip("the broker at BACKBONE_TEST_KAFKA is not this run's to stop")
    async with suite.client() as client:
        before = await _people(client)
        assert (await client.post("/v1/sign-ups", json=_SIGN_UP)).status_code == 201
        await eventually(lambda: _counts(client, before + 1), within=30)
        kafka_server.stop()
        try:
            for _ in range(5):
                assert (await client.post("/v1/sign-ups", json=_SIGN_UP)).status_code == 201
        finally:
            kafka_server.start()
        await eventually(lambda: _counts(client, before + 6), within=90, every=0.2)


async def test_without_its_database_a_service_refuses_at_once_and_recovers_by_itself(
    suite: Suite, databases: dict[str, str]
) -> None:
    async with suite.client() as client:
        before = await _people(client)
        assert (await client.post("/v1/sign-ups", json=_SIGN_UP)).status_code == 201
        with _closed(databases["members"]):
            started = time.monotonic()
            refused = await client.post("/v1/sign-ups", json=_SIGN_UP)
            assert time.monotonic() - started < _AT_ONCE
            assert (refused.status_code, refused.json()["code"]) == (503, "unavailable"), refused.text
            assert "retry-after" in refused.headers
            health = await _health(suite, "members")
            assert health.status_code == 503
            assert "database" in health.text
        await eventually(lambda: _accepted(client), within=30)
        await eventually(lambda: _counts(client, before + 2), within=30)


@pytest.mark.parametrize("crashing", ["gateway", "members"])
async def test_a_hundred_twins_at_two_gateways_have_one_effect_and_one_answer_though_one_part_crashes(
    suite: Suite, databases: dict[str, str], crashing: str
) -> None:
    suite.add_replica("gateway")
    await suite.start()
    async with suite.client() as one, suite.client() as two:
        two.base_url = f"http://127.0.0.1:{suite.processes['gateway-2'].port}"
        before, twins = await _people(two), _Twins(f"twins-{crashing}")
        with _held(databases["members"], "people"):
            asking = [asyncio.create_task(twins.until_answered(one))]
            await eventually(lambda: twins.refused_by(two), within=30)  # the first of them is under way
            asking += [asyncio.create_task(twins.until_answered(gateway)) for gateway in [one, two] * 50][1:]
            await eventually(lambda: twins.refused > 20, within=30)
            suite.processes[crashing].kill()
        await suite.start()
        answers = await asyncio.gather(*asking)
        assert len(answers) == 100
        assert {answer.text for answer in answers} == {answers[0].text}
        assert sum(answer.headers.get("idempotent-replayed") != "true" for answer in answers) <= 1
        await eventually(lambda: _counts(two, before + 1), within=30)
    suite.processes.pop("gateway-2").kill()


class _Twins:
    """The same write, sent again and again with one Idempotency-Key."""

    def __init__(self, key: str) -> None:
        self._key = key
        self.refused = 0
        """How often it was told that its first was still under way."""

    async def until_answered(self, gateway: httpx.AsyncClient) -> httpx.Response:
        """The answer, however often it takes to get it."""
        answer = await eventually(lambda: self._answered(gateway), within=60, every=0.2)
        assert answer is not None
        return answer

    async def refused_by(self, gateway: httpx.AsyncClient) -> bool:
        """Whether the write, sent once more, is refused as a twin."""
        before = self.refused
        await self._answered(gateway)
        return self.refused > before

    async def _answered(self, gateway: httpx.AsyncClient) -> httpx.Response | None:
        try:
            answer = await gateway.post("/v1/sign-ups", json=_SIGN_UP, headers={"idempotency-key": self._key})
        except httpx.TransportError:
            return None  # of a gateway that crashed
        if answer.status_code == 409:
            assert answer.json()["code"] == "idempotency_key_in_flight"
            assert "retry-after" in answer.headers
            self.refused += 1
        return answer if answer.is_success else None


@contextmanager
def _held(url: str, table: str) -> Iterator[None]:
    """A table into which nobody can write until the block ends."""
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE".encode())
        yield


@contextmanager
def _closed(url: str) -> Iterator[None]:
    """A database that takes no connection and has cut those it had."""
    address, name = url.replace("+psycopg", "").rsplit("/", 1)
    with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false".encode())
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        try:
            yield
        finally:
            connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true".encode())


async def _accepted(client: httpx.AsyncClient) -> bool:
    return (await client.post("/v1/sign-ups", json=_SIGN_UP)).status_code == 201


async def _people(client: httpx.AsyncClient) -> int:
    totals = (await client.get("/v1/overview")).json()["sections"]["totals"]
    return int(totals["content"]["people"])


async def _counts(client: httpx.AsyncClient, number: int) -> bool:
    return await _people(client) == number


async def _health(suite: Suite, service: str) -> httpx.Response:
    async with httpx.AsyncClient(timeout=10) as anybody:
        return await anybody.get(f"http://127.0.0.1:{suite.processes[service].port}/health")
