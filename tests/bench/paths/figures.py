"""A file of a million figures, validated through the whole suite in one process, every fault listed.

How long it takes, how much memory a file takes that is five times as long, and how long other people's requests wait.
"""

import asyncio
import time
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from shared.upstream import Upstream, open_upstream
from tests.bench import suite
from tests.bench.ground import Ground
from tests.bench.memory import peak_during
from tests.bench.rows import Row, at_most
from tests.bench.turns import percentile

_ROWS = 1_000_000
_FEWER = _ROWS // 5
_ONE_BAD_IN = 100
_PLACES, _MONTHS = 5_000, [f"{year}-{month:02}" for year in range(2000, 2020) for month in range(1, 13)]
_MOST_SECONDS, _MOST_MEMORY, _MOST_WAITING = 30.0, 1.3, 100.0
_OVER = ("succeeded", "failed", "cancelled")


async def measure(ground: Ground) -> Sequence[Row]:
    """Seconds, the peak of memory, and the latency of other reads."""
    started = suite.embedded(ground)
    api = open_upstream(started.url)
    version = await _version(api)
    few = await peak_during(_validated(api, version, _FEWER, []), started.process)
    latencies: list[float] = []
    began = time.perf_counter()
    many = await peak_during(_validated(api, version, _ROWS, latencies), started.process)
    seconds = time.perf_counter() - began
    await api.close()
    return [
        at_most(f"{_ROWS:,} figures validated, each fault listed", seconds, "s", most=_MOST_SECONDS,
                beside=f"{_ROWS // _ONE_BAD_IN:,} faults"),
        at_most("… memory, of a file five times as long", many / few, "×", most=_MOST_MEMORY,
                beside=f"{many / 2**20:,.0f} MiB"),
        at_most("… another's read meanwhile: p99", percentile(latencies, 0.99), "ms", most=_MOST_WAITING,
                beside=f"p50 {percentile(latencies, 0.5):.0f} ms"),
    ]  # fmt: skip


async def _version(api: Upstream) -> str:
    places = ["code,name,kind", *(f"{_code(n)},Place {n},district" for n in range(_PLACES))]
    await _post(api, "/v1/places/imports", "\n".join(places).encode(), "text/csv")
    measure = await _made(api, "/v1/measures", {"key": "counted", "title": "Counted"})
    definition = {"kind": "ratio", "unit": "percent", "period_type": "month"}
    version = await _made(api, f"/v1/measures/{measure}/versions", definition)
    await _post(api, f"/v1/measures/{measure}/versions/{version}/publish", b"", "application/json")
    return version


async def _validated(api: Upstream, version: str, rows: int, latencies: list[float]) -> None:
    """Have a file of so many rows validated, and read something now and then until it is over."""
    query = f"measure_version={version}&dry_run=true"
    path = "/v1/observations/imports/background"
    job = msgspec.json.decode(await _post(api, path, b"".join(_file(rows)), "text/csv", query))["id"]
    while (shown := await _job(api, job))["state"] not in _OVER:
        began = time.perf_counter()
        await api.request("GET", "/v1/measures", headers=[*suite.CREDENTIAL.items()])
        latencies.append((time.perf_counter() - began) * 1000)
        await asyncio.sleep(0.1)
    found = (shown["state"], shown["result"]["faulty"], shown["fault_count"])
    assert found == ("succeeded", rows // _ONE_BAD_IN, rows // _ONE_BAD_IN), shown


def _file(rows: int) -> Iterator[bytes]:
    """A CSV file in which each key stands once, and one row of a hundred counts more than there were."""
    yield b"place,period,numerator,denominator\n"
    for n in range(rows):
        numerator = 101 if n % _ONE_BAD_IN == 0 else n % 101
        yield f"{_code(n % _PLACES)},{_MONTHS[n // _PLACES % len(_MONTHS)]},{numerator},100\n".encode()


def _code(n: int) -> str:
    return f"E{n:08}"


async def _made(api: Upstream, path: str, body: object) -> str:
    made: dict[str, Any] = msgspec.json.decode(await _post(api, path, msgspec.json.encode(body), "application/json"))
    return str(made["id"])


async def _post(api: Upstream, path: str, body: bytes, kind: str, query: str = "") -> bytes:
    headers = [*suite.CREDENTIAL.items(), ("content-type", kind)]
    answer = await api.request("POST", path, headers=headers, body=body, query=query)
    assert answer.status < 300, answer.body
    return answer.body


async def _job(api: Upstream, job: str) -> dict[str, Any]:
    answer = await api.request("GET", f"/v1/jobs/{job}", headers=[*suite.CREDENTIAL.items()])
    shown: dict[str, Any] = msgspec.json.decode(answer.body)
    return shown
