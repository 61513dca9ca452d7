"""Importing people, through the whole suite in one process: beside a bare executemany of the rows that it leaves.

And how much memory a file takes that is five times as long, and how long other people's writes take meanwhile.
"""

import asyncio
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from shared.upstream import Upstream, open_upstream
from tests.bench import suite
from tests.bench.ground import Ground
from tests.bench.memory import peak_during
from tests.bench.rows import Row, at_most, ratio
from tests.bench.turns import percentile

_ROWS = 100_000
_FEWER = _ROWS // 5
_HEADER = "external_id.crm,given_name,family_name,email,tags"
_TABLES = ("people", "person_emails", "person_external_ids", "person_labels", "person_name_words",
           "person_provenance", "outbox", "outbox_sequence")  # fmt: skip
_GOAL, _MOST_MEMORY, _MOST_WAITING = 0.02, 1.3, 100.0
_OVER = ("succeeded", "failed", "cancelled")


async def measure(ground: Ground) -> Sequence[Row]:
    """Rows a second, the peak of memory, and the latency of other writes."""
    started = suite.embedded(ground)
    api = open_upstream(started.url)
    await _imported(api, 500, "warm", [])  # makes what is made at the first use
    few = await peak_during(_imported(api, _FEWER, "few", []), started.process)
    latencies: list[float] = []
    began = time.perf_counter()
    many = await peak_during(_imported(api, _ROWS, "many", latencies), started.process)
    rate = _ROWS / (time.perf_counter() - began)
    await api.close()
    (database,) = ground.folder.glob("**/members.db")
    bare = await asyncio.to_thread(_bare, database, ground.folder / "bare.db")
    return [
        ratio(f"import of {_ROWS:,} people", rate, bare, "rows/s", goal=_GOAL),
        at_most("… memory, of a file five times as long", many / few, "×", most=_MOST_MEMORY,
                beside=f"{many / 2**20:,.0f} MiB"),
        at_most("… another's sign-up meanwhile: p99", percentile(latencies, 0.99), "ms", most=_MOST_WAITING,
                beside=f"p50 {percentile(latencies, 0.5):.0f} ms"),
    ]  # fmt: skip


async def _imported(api: Upstream, rows: int, name: str, latencies: list[float]) -> None:
    """Import a file of so many people, and sign somebody up now and then until it is over."""
    file = "\n".join(
        [_HEADER, *(f"{name}{n},Ada{n % 977},Love{n % 1009},{name}{n}@example.org,walker" for n in range(rows))]
    )
    query = "source=crm&basis=legitimate_interests"
    headers = [*suite.CREDENTIAL.items(), ("content-type", "text/csv")]
    answer = await api.request("POST", "/v1/imports", headers=headers, body=file.encode(), query=query)
    assert answer.status == 202, answer.body
    job = msgspec.json.decode(answer.body)["id"]
    while (shown := await _job(api, job))["state"] not in _OVER:
        began = time.perf_counter()
        await _sign_up(api)
        latencies.append((time.perf_counter() - began) * 1000)
        await asyncio.sleep(0.1)
    assert (shown["state"], shown["result"]["new"]) == ("succeeded", rows), shown


async def _job(api: Upstream, job: str) -> dict[str, Any]:
    answer = await api.request("GET", f"/v1/jobs/{job}", headers=[*suite.CREDENTIAL.items()])
    shown: dict[str, Any] = msgspec.json.decode(answer.body)
    return shown


async def _sign_up(api: Upstream) -> None:
    headers = [*suite.CREDENTIAL.items(), ("content-type", "application/json")]
    answer = await api.request("POST", "/v1/sign-ups", headers=headers, body=b'{"person": {"given_name": "Beryl"}}')
    assert answer.status == 201, answer.body


def _bare(source: Path, target: Path) -> float:
    """People a second where the same rows go into the same tables by executemany, in one transaction."""
    with sqlite3.connect(source) as reading, sqlite3.connect(target) as writing:
        writing.execute("PRAGMA journal_mode=WAL")
        writing.execute("PRAGMA synchronous=FULL")
        for (made,) in reading.execute(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%'"
        ):
            writing.execute(made)
        rows = {table: reading.execute(f"SELECT * FROM {table}").fetchall() for table in _TABLES}
        people = len(rows["people"])
        began = time.perf_counter()
        for table, content in rows.items():
            places = ", ".join("?" * len(content[0]))
            writing.executemany(f"INSERT INTO {table} VALUES ({places})", content)
        writing.commit()
        return people / (time.perf_counter() - began)
