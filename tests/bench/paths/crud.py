"""Two nouns of ours beside the same rows in Directus, a generic backend: read, listed and made over HTTP, on SQLite.

Ours is the whole suite in one process, asked through the gateway by a key of one movement. Each request is
authenticated, held to its scopes and its movement, counted against the limits and traced; what is made leaves its event
and the record of its Idempotency-Key, and is on the disk (synchronous=FULL) when it is answered.
"""

import asyncio
import json
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import httpx

from shared.testing.eventually import eventually
from tests.bench import directus, suite, wrk
from tests.bench.directus import Collection
from tests.bench.ground import Ground
from tests.bench.rows import Row, ratio
from tests.bench.turns import in_turns

_IN_FLIGHT = 32
_ROWS = 1_000
"""On each side while it is read; only then is it written to, since the faster side has more rows from there on."""
_PAGE = 50
_NOUNS: Mapping[str, Mapping[str, object]] = {
    "funds": {
        "name": "Small grants", "grant_maker": "Forest Community Trust", "purpose": "Walking, and what leads to it.",
        "currency": "GBP", "stage": "early",
    },
    "organisations": {
        "name": "Cinderford Walkers", "kind": "community_group", "description": "A walk a week, from the clock tower.",
        "postcode": "GL14 2AB", "website": "https://walkers.example.org/", "email": "hello@walkers.example.org",
        "phone": "01594 555 010", "tags": ["walking", "weekly"],
    },
}  # fmt: skip
"""One that is a row of one table, as everything in a generic backend is, and one whose parts lie in seven."""
_IDLE = 0.1
"""Of one CPU, over half a second: who takes less has done what its requests left to be done."""

Run = Callable[[], Awaitable[wrk.Load]]


async def measure(ground: Ground) -> Sequence[Row]:
    """Requests a second at 32 in flight of each noun: reading one, reading a page of 50, and making one."""
    theirs, ours = directus.started(ground), suite.embedded(ground)
    rows: list[Row] = []
    async with httpx.AsyncClient(base_url=ours.url, timeout=30) as client:
        wanted = {"name": "partner", "scopes": [f"{noun}:{verb}" for noun in _NOUNS for verb in ("read", "write")]}
        key = await _made(client, "/v1/api-keys", wanted, suite.CREDENTIAL)
        for noun, body in _NOUNS.items():
            first = [dict(body) | {"name": f"{body['name']} {number}"} for number in range(_ROWS)]
            headers = {"authorization": f"Bearer {key['token']}"}
            made = [await _made(client, f"/v1/{noun}", row, headers) for row in first]
            of = Collection(f"{ours.url}/v1/{noun}", [str(one["id"]) for one in made], headers, ours.process)
            rows += await _compared(noun, of, directus.collection(theirs, noun, made[0], first), json.dumps(body))
    return rows


async def _compared(noun: str, ours: Collection, theirs: Collection, body: str) -> Sequence[Row]:
    sides = {"theirs": theirs, "ours": ours}
    return [
        await _row(f"GET one of {noun}", sides, lambda of: _load(of, "/{turn}", turns=of.ids), goal=5),
        await _row(f"GET {_PAGE} of {noun}", sides, lambda of: _load(of, f"?limit={_PAGE}"), goal=5),
        await _row(f"POST one of {noun}", sides, lambda of: _load(of, "", body=body), goal=7),
    ]


async def _made(
    client: httpx.AsyncClient, path: str, body: Mapping[str, object], headers: Mapping[str, str]
) -> Mapping[str, object]:
    made: Mapping[str, object] = (await client.post(path, json=body, headers=headers)).raise_for_status().json()
    return made


async def _row(name: str, sides: Mapping[str, Collection], load: Callable[[Collection], Run], *, goal: float) -> Row:
    loads = {side: partial(_then_idle, load(of), of.process) for side, of in sides.items()}
    for warm_up in loads.values():
        await warm_up()
    rates = {side: wrk.rate(found) for side, found in (await in_turns(loads)).items()}
    return ratio(f"{name} / Directus", rates["ours"], rates["theirs"], "req/s", goal=goal)


def _load(of: Collection, path: str, *, body: str | None = None, turns: Sequence[str] = ()) -> Run:
    return wrk.load(of.url + path, _IN_FLIGHT, of.headers, body, turns=turns)


async def _then_idle(run: Run, process: int) -> wrk.Load:
    """One run, and what it left to be done after its answers: in the other side's turn that would take the CPU."""
    answered = await run()
    await eventually(partial(_is_idle, process), within=60)
    return answered


async def _is_idle(process: int) -> bool:
    before = _cpu_seconds(process)
    await asyncio.sleep(0.5)
    return _cpu_seconds(process) - before < 0.5 * _IDLE


def _cpu_seconds(process: int) -> float:
    """What the process took of the CPUs since it began, in itself and for it in the system."""
    after_name = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, after_name[11:13])) / os.sysconf("SC_CLK_TCK")
