"""From commit to receipt with 1, 100 and 1,000 endpoints, and beside one that hangs; and a million that wait.

As many deliveries a second, however many endpoints they are for. nginx receives, and notes when.
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from statistics import median

import sqlalchemy as sa
from sqlalchemy import orm

from services.gateway.webhooks.domain import MOST_ENDPOINTS
from services.gateway.webhooks.models import Delivery
from services.gateway.webhooks.sender import Sender
from shared.dialler import Dialler
from shared.parts import Parts
from shared.testing.eventually import eventually
from tests.bench import nginx, outward
from tests.bench.ground import Ground
from tests.bench.memory import peak_during
from tests.bench.rows import Row, at_most, factor
from tests.bench.turns import in_turns, percentile

_SECONDS = 5
_A_SECOND, _BESIDE_A_DEAD_ONE = 200, 500
_MOST_ONE, _MOST_BURST, _MOST_FACTOR, _MOST_SLOWER = 5.0, 50.0, 10.0, 1.1
_MOVEMENTS, _EVENTS = 10, 1_000
"""So many events of so many movements, each with as many endpoints as it may have: a million deliveries."""
_WATCHED_SECONDS, _MOST_MEGABYTES = 20.0, 200.0


async def measure(ground: Ground) -> Sequence[Row]:
    """Milliseconds from commit to receipt, in which nothing of ours but the webhooks takes part; and megabytes."""
    receiving, notes = nginx.noting(ground)
    alone, well, ill, *others = [f"movement_{number}" for number in range(3 + _MOVEMENTS)]
    async with _silent() as dead, outward.opened(ground.folder / "fanning") as parts:
        await outward.subscribe(parts, alone, receiving)
        await outward.subscribe(parts, ill, dead)
        await outward.subscribe(parts, ill, receiving, MOST_ENDPOINTS - 1)
        for movement in (well, *others):
            await outward.subscribe(parts, movement, receiving, MOST_ENDPOINTS)
        async with outward.sending(parts) as sender:
            feed = partial(_latencies, parts, sender, notes)
            found = {
                1: await feed([alone], 1, _A_SECOND),
                MOST_ENDPOINTS: await feed([well], MOST_ENDPOINTS, _A_SECOND),
                MOST_ENDPOINTS * _MOVEMENTS: await feed(others, MOST_ENDPOINTS, _A_SECOND),
            }
            tails = await in_turns(
                {
                    "well": partial(feed, [well], MOST_ENDPOINTS, _BESIDE_A_DEAD_ONE),
                    "ill": partial(feed, [ill], MOST_ENDPOINTS - 1, _BESIDE_A_DEAD_ONE),
                }
            )
    return [*_rows(found), _slower(tails), await _pending(ground)]


def _rows(found: Mapping[int, Sequence[float]]) -> list[Row]:
    rows: list[Row] = []
    for count, latencies in found.items():
        path, p50 = f"commit to webhook, endpoints: {count:,}", percentile(latencies, 0.5)
        rows.append(at_most(f"{path}: p50", p50, "ms", most=_MOST_ONE if count == 1 else _MOST_BURST))
        rows.append(factor(f"{path}: tail", percentile(latencies, 0.99), p50, most=_MOST_FACTOR))
    return rows


def _slower(tails: Mapping[str, Sequence[Sequence[float]]]) -> Row:
    ill, well = (median([percentile(run, 0.99) for run in tails[name]]) for name in ("ill", "well"))
    reached = ill / well
    path = f"p99 of {MOST_ENDPOINTS - 1} endpoints beside one that hangs / without"
    goal = f"≤ {_MOST_SLOWER:g} ×"
    return Row(path, f"{ill:.1f} ms", f"{well:.1f} ms", f"{reached:.2f} ×", goal, reached <= _MOST_SLOWER)


async def _latencies(
    parts: Parts, sender: Sender, notes: Path, movements: Sequence[str], heard: int, a_second: int
) -> Sequence[float]:
    """Publish events evenly, so that so many deliveries a second are due; milliseconds from commit to receipt.

    `heard` of each movement's endpoints answer.
    """
    before = len(notes.read_bytes())
    endpoints = 1 if heard == 1 else MOST_ENDPOINTS
    events = a_second * _SECONDS // endpoints
    began, wrote = time.perf_counter(), []
    for number in range(events):
        await asyncio.sleep(began + number * endpoints / a_second - time.perf_counter())
        movement = movements[number % len(movements)]
        write = outward.of(parts, movement).write(outward.publish, movement, 1, sender)
        wrote.append(asyncio.ensure_future(write))
    await asyncio.gather(*wrote)

    def arrived() -> list[list[str]]:
        return [line.split() for line in notes.read_bytes()[before:].decode().splitlines()]

    await eventually(lambda: len(arrived()) >= events * heard, within=60, every=0.1)
    came = await parts.db.read(_came, movements)
    return [float(at) * 1000 - came[delivery] for at, delivery in arrived() if delivery in came]


def _came(session: orm.Session, movements: Sequence[str]) -> Mapping[str, float]:
    """When each delivery was queued, in milliseconds since 1970: just before its commit."""
    rows = session.execute(sa.select(Delivery.id, Delivery.created_at).where(Delivery.movement.in_(movements)))
    return {id_: at.timestamp() * 1000 for id_, at in rows}


async def _pending(ground: Ground) -> Row:
    """How much more memory a sender takes for a million deliveries, to endpoints that hang."""
    folders = {"without": ground.folder / "empty", "with": ground.folder / "pending"}
    peaks = {}
    async with _silent() as dead:
        for name, folder in folders.items():
            async with outward.opened(folder) as parts:
                if name == "with":
                    await _queue_a_million(parts, dead)
            with ground.again() as here:
                port = int(dead.rpartition(":")[2].strip("/"))  # it listens already: nothing tells when a sender is up
                process = here.start(name, [sys.executable, "-m", "tests.bench.outward", str(folder)], port)
                peaks[name] = await peak_during(asyncio.sleep(_WATCHED_SECONDS), process) / 1e6
    return at_most(
        "memory for a million pending deliveries", peaks["with"] - peaks["without"], "MB", most=_MOST_MEGABYTES,
        beside=f"{peaks['without']:.0f} MB without",
    )  # fmt: skip


async def _queue_a_million(parts: Parts, url: str) -> None:
    nobody = Sender(Dialler())
    for number in range(_MOVEMENTS):
        movement = f"movement_{number}"
        await outward.subscribe(parts, movement, url, MOST_ENDPOINTS)
        for _ in range(_EVENTS // 25):
            await outward.of(parts, movement).write(outward.publish, movement, 25, nobody)


@asynccontextmanager
async def _silent() -> AsyncIterator[str]:
    """A receiver that takes connections and never answers; its URL."""
    kept: list[asyncio.StreamWriter] = []

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        kept.append(writer)
        with suppress(asyncio.CancelledError):  # it is over: streams would complain
            while await reader.read(65_536):
                continue

    server = await asyncio.start_server(hear, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    finally:
        server.close()
        for writer in kept:
            writer.transport.abort()
