"""Ten million figures of one movement: what is asked of them over the API, beside bare DuckDB on the same rows.

Sixty measures, ten districts of 138 small areas each, a hundred and twenty months. The baseline reads a Parquet file of
these rows, with the filter, join, sum and interval of the same question; ours adds the definition, the rules, the
places' hierarchy, targets and trends, and answers JSON. It is asked as the gateway asks a service of its own process.
"""

import asyncio
import os
import random
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any

import duckdb
import httpx

from services.cli import serve
from services.measures.app import create_app
from services.measures.observations.models import Observation
from shared.auth import Principal, sign
from shared.ids import new_id
from shared.in_process import AsgiUpstream, register, unregister
from shared.secrets import Secrets, create_all
from shared.settings import Settings
from shared.testing.eventually import eventually
from shared.testing.service import Alone
from tests.bench.ground import Ground
from tests.bench.one_service import MOVEMENT
from tests.bench.rows import Row, at_most
from tests.bench.turns import in_turns, percentile
from tests.measures.caller import Caller

_MEASURES, _DISTRICTS, _AREAS, _MONTHS = 60, 10, 138, 120
_WITHIN = float(os.environ.get("BACKBONE_BENCH_SHARE", "1"))
"""The share of the small areas to make: a machine without ten gigabytes to spare takes fewer."""
_ASKED, _TIMES = 20, 5
_MOST_SECONDS = 600.0
_P95, _OVER_BARE, _ROLLUP, _CORRECTION = 150.0, 2.0, 10.0, 5.0
_COUNTY = "E10000001"
_DISTRICT = [f"E07{number:06}" for number in range(1, _DISTRICTS + 1)]
_ROWS_AT_ONCE = 50_000

Client = httpx.AsyncClient
Asked = tuple[str, int]
"""A measure and a month, by chance."""
Answer = Callable[[str, int], Awaitable[None]]
Ask = Callable[[str], Awaitable[None]]
"""Have the whole answer to a path: to read half a megabyte of JSON is the caller's work, and not measured."""

_INTERVAL = """
    (p + 3.8414588 / (2 * denominator) - 1.959964 * sqrt(p * (1 - p) / denominator + 3.8414588 / (4 * denominator ^ 2)))
        / (1 + 3.8414588 / denominator) AS low,
    (p + 3.8414588 / (2 * denominator) + 1.959964 * sqrt(p * (1 - p) / denominator + 3.8414588 / (4 * denominator ^ 2)))
        / (1 + 3.8414588 / denominator) AS high
"""


async def measure(ground: Ground) -> Sequence[Row]:
    """The 95th percentile of each question, and how long a correction takes to be seen."""
    async with _service(ground.folder) as (client, ask):
        measures = await _defined(client)
        bare = duckdb.connect()
        count = await asyncio.to_thread(_fill, bare, ground.folder, list(measures.values()))
        began = time.perf_counter()
        await eventually(partial(_is_made, client, _drill(next(iter(measures)), 0)), within=_MOST_SECONDS)
        built = time.perf_counter() - began
        chance = random.Random(7)
        asked = [(chance.choice(list(measures)), chance.randrange(_MONTHS)) for _ in range(_ASKED)]
        rows = [at_most(f"{count:,} figures as columns, made anew", built, "s", most=_MOST_SECONDS)]
        for name, path, sql in (
            ("drill-down over a hierarchy", _drill, _BARE_DRILL),
            ("ten districts, 120 months, with intervals", _ten, _BARE_TEN),
            ("scorecard of sixty measures", _card, _BARE_CARD),
        ):
            rows += await _beside(name, ask, path, bare, sql, measures, asked)
        coverage = [await _timed(ask(f"/v1/measures/{each}/coverage")) for each, _ in asked * 3]
        rows.append(at_most("… what there is by period, kept up: p50", percentile(coverage, 0.5), "ms", most=_ROLLUP,
                            beside=f"p95 {percentile(coverage, 0.95):.1f} ms"))  # fmt: skip
        rows.append(
            at_most("… a correction, until it is seen", await _corrected(client, measures), "s", most=_CORRECTION)
        )
        return rows


async def _beside(
    name: str, ask: Ask, path: Callable[[str, int], str], bare: duckdb.DuckDBPyConnection, sql: str,
    measures: dict[str, str], asked: Sequence[Asked],
) -> list[Row]:  # fmt: skip
    sides = {
        "ours": _one_by_one(asked, lambda measure, month: ask(path(measure, month))),
        "bare": _one_by_one(asked, lambda measure, month: asyncio.to_thread(_run, bare, sql, measures[measure], month)),
    }
    await in_turns(sides, len(asked))
    p95 = {side: percentile(took, 0.95) for side, took in (await in_turns(sides, len(asked) * _TIMES)).items()}
    beside = f"{p95['bare']:.0f} ms"
    return [
        at_most(f"{name}: p95", p95["ours"], "ms", most=_P95, beside=beside),
        at_most("… beside bare DuckDB on Parquet", p95["ours"] / p95["bare"], "×", most=_OVER_BARE, beside=beside),
    ]


def _one_by_one(asked: Sequence[Asked], answer: Answer) -> Callable[[], Awaitable[float]]:
    """How long the next of the questions takes: both sides ask it at the same moment, be the machine fast or slow."""
    questions = cycle(asked)

    async def next_one() -> float:
        return await _timed(answer(*next(questions)))

    return next_one


@asynccontextmanager
async def _service(folder: Path) -> AsyncIterator[tuple[Client, Ask]]:
    """The measures service in this process; a client for whom the gateway vouches, and the gateway's own way to ask."""
    alone = Alone("measures", create_app)
    url = await asyncio.to_thread(alone.sqlite, folder, _made(folder / "store"))
    create_all(_made(folder / "secrets"))
    settings = Settings(data_dir=folder, secrets_dir_set=folder / "secrets")
    gateway = Secrets.load(settings, "gateway")
    async with alone.running(url, folder, folder / "secrets") as app, Caller(app, gateway, MOVEMENT) as caller:
        serve.settle()  # as the service does once it has started
        register("measures", app)
        upstream = AsgiUpstream("measures")
        principal = Principal(new_id("key"), MOVEMENT, frozenset("*"), platform=True)

        async def ask(path: str) -> None:
            asked, _, query = path.partition("?")
            token = [("authorization", f"Bearer {sign(principal, 'measures', gateway)}")]
            answer = await upstream.request("GET", asked, headers=token, query=query)
            assert answer.status == 200, answer.body

        yield caller.client, ask
        unregister("measures", app)


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


async def _defined(client: Client) -> dict[str, str]:
    """Sixty measures by id, each with its published version; and the places."""
    areas = [
        f"E01{district:03}{area:03},Area,LSOA,{code}" for district, code in enumerate(_DISTRICT) for area in _few()
    ]
    file = "\n".join(
        [
            "code,name,kind,parent",
            f"{_COUNTY},Shire,County,",
            *(f"{c},{c},District,{_COUNTY}" for c in _DISTRICT),
            *areas,
        ]
    )
    await _answered(client.post("/v1/places/imports", content=file, headers={"content-type": "text/csv"}))
    share = {"kind": "ratio", "unit": "percent", "period_type": "month", "roll_ups": {"place": "recompute"}}
    measures = {}
    for number in range(_MEASURES):
        said = {"key": f"measure_{number}", "title": f"Measure {number}"}
        measure = (await _answered(client.post("/v1/measures", json=said)))["id"]
        path = f"/v1/measures/{measure}/versions"
        measures[measure] = (await _answered(client.post(path, json=share)))["id"]
        await _answered(client.post(f"{path}/{measures[measure]}/publish"))
    first = next(iter(measures.values()))
    await _import(client, first, f"{_COUNTY},2010-01,1,10")
    return measures


def _few() -> range:
    return range(max(1, round(_AREAS * _WITHIN)))


def _fill(bare: duckdb.DuckDBPyConnection, folder: Path, versions: Sequence[str]) -> int:
    """The same rows as a Parquet file and in the service's store; answers how many."""
    places = [*_DISTRICT, *(f"E01{d:03}{a:03}" for d in range(_DISTRICTS) for a in _few())]
    owners = [*_DISTRICT, *(code for code in _DISTRICT for _ in _few())]
    bare.execute("CREATE TABLE places AS SELECT unnest($1) AS place, unnest($2) AS owner", [places, owners])
    bare.execute("CREATE TABLE versions AS SELECT unnest($1) AS version", [list(versions)])
    bare.execute(
        "COPY (SELECT version, place, strftime(DATE '2010-01-01' + to_months(m::INT), '%Y-%m-01') AS start, "
        "20 + (hash(version, place, m) % 60)::BIGINT AS numerator, 200 AS denominator "
        f"FROM versions, places, range({_MONTHS}) t(m) ORDER BY version, start, place) TO '{folder}/figures.parquet'"
    )
    bare.execute(f"CREATE VIEW figures AS FROM '{folder}/figures.parquet'")
    return _into_the_store(bare, folder)


def _into_the_store(bare: duckdb.DuckDBPyConnection, folder: Path) -> int:
    (file,) = folder.glob("**/store/measures.db")
    names = [column.name for column in Observation.__table__.columns]
    with sqlite3.connect(file, timeout=60) as store:
        store.row_factory = sqlite3.Row
        pattern = dict(store.execute("SELECT * FROM observations").fetchone())
        store.execute("DELETE FROM observations")
        rows = bare.execute("SELECT version, place, start, numerator, denominator FROM figures")
        count, into = 0, f"INSERT INTO observations ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
        while some := rows.fetchmany(_ROWS_AT_ONCE):
            made = [pattern | _row(count + place, *row) for place, row in enumerate(some)]
            store.executemany(into, [[each[name] for name in names] for each in made])
            count += len(some)
    return count


def _row(number: int, version: str, place: str, start: str, numerator: int, denominator: int) -> dict[str, object]:
    return {
        "id": f"obs_{number:026}", "version": version, "place": place, "period": start[:7], "period_start": start,
        "period_end": f"{start[:7]}-28", "numerator": numerator, "denominator": denominator,
    }  # fmt: skip


_BARE_DRILL = """
SELECT owner, sum(numerator) / sum(denominator) AS p, sum(denominator) AS denominator
FROM figures JOIN places USING (place)
WHERE version = $1 AND start = $2 AND place LIKE 'E01%' GROUP BY owner
"""
_BARE_TEN = f"""
SELECT place, start, numerator / denominator AS p, {_INTERVAL} FROM figures
WHERE version = $1 AND place LIKE 'E07%' AND $2 <> '' ORDER BY place, start
"""
_BARE_CARD = """
SELECT version, start, numerator, denominator FROM figures WHERE place = 'E07000001' AND $1 <> '' AND $2 <> ''
QUALIFY row_number() OVER (PARTITION BY version ORDER BY start DESC) <= 10
"""


def _run(bare: duckdb.DuckDBPyConnection, sql: str, version: str, month: int) -> None:
    bare.cursor().execute(sql, [version, f"{_month(month)}-01"]).fetchall()


def _month(month: int) -> str:
    return f"{2010 + month // 12}-{month % 12 + 1:02}"


def _drill(measure: str, month: int) -> str:
    return f"/v1/measures/{measure}/drill-down?place={_COUNTY}&of=lsoa&period={_month(month)}"


def _ten(measure: str, _: int) -> str:
    return f"/v1/measures/{measure}/series-by-place?" + "&".join(f"places={code}" for code in _DISTRICT)


def _card(_: str, __: int) -> str:
    return f"/v1/scorecard?place={_DISTRICT[0]}"


async def _corrected(client: Client, measures: dict[str, str]) -> float:
    """Seconds from the moment at which a correction is sent until a drill-down has it."""
    measure, version = next(iter(measures.items()))
    path = _drill(measure, 5)
    before = (await _ok(client, path))["rows"][0]["figure"]["numerator"]
    began = time.perf_counter()
    await _import(client, version, f"E01000000,{_month(5)},199,200")  # more than any that was made
    assert (await _ok(client, path))["rows"][0]["figure"]["numerator"] > before
    return time.perf_counter() - began


async def _import(client: Client, version: str, row: str) -> None:
    file = f"place,period,numerator,denominator\n{row}\n"
    headers, query = {"content-type": "text/csv"}, {"measure_version": version}
    await _answered(client.post("/v1/observations/imports", params=query, content=file, headers=headers))


async def _is_made(client: Client, path: str) -> bool:
    return (await client.get(path)).status_code == 200


async def _ok(client: Client, path: str) -> dict[str, Any]:
    return await _answered(client.get(path))


async def _answered(answering: Awaitable[httpx.Response]) -> dict[str, Any]:
    answer = await answering
    assert answer.is_success, answer.text
    answered: dict[str, Any] = answer.json()
    return answered


async def _timed(work: Awaitable[object]) -> float:
    began = time.perf_counter()
    await work
    return (time.perf_counter() - began) * 1000
