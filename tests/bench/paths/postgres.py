"""The write of :mod:`tests.bench.things` on PostgreSQL, at the executor: beside asyncpg running the same statements.

A request at a time, and five hundred in one verb, as an import writes them; 16 in flight on both sides.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from shared import idempotency
from shared.db import Context, Database, open_database
from shared.ids import new_id
from shared.secrets import Secrets
from shared.settings import Settings
from tests.bench import things
from tests.bench.baselines import statements
from tests.bench.ground import Ground
from tests.bench.one_service import MOVEMENT
from tests.bench.rows import Row, ratio
from tests.bench.turns import medians

_IN_FLIGHT = 16
_SECONDS = 2.0
_AT_ONCE = 500
_CONTEXT = Context(MOVEMENT, "key_1", "req_1", None, "00-1-2-01")

_Write = Callable[[], Awaitable[None]]


async def measure(ground: Ground) -> Sequence[Row]:
    """Writes a second beside asyncpg's."""
    url = ground.postgres().new_database()
    await things.prepare(url)
    secrets = Secrets.load(Settings.model_validate({"data_dir": ground.folder}), things.SERVICE)
    database = open_database(url, pool=_IN_FLIGHT)
    await database.open()
    connections = await statements.connected(url.replace("+psycopg", ""), _IN_FLIGHT)
    one, many = partial(_one, database, secrets), partial(_many, database)
    rates = await medians(
        {
            "one": partial(_rate, [one] * _IN_FLIGHT),
            "one, asyncpg": partial(_rate, [partial(statements.write_with_key, each) for each in connections]),
            "many": partial(_rate, [many] * _IN_FLIGHT, worth=_AT_ONCE),
            "many, asyncpg": partial(_rate, [partial(statements.write, each) for each in connections]),
        }
    )
    for connection in connections:
        await connection.close()
    await database.close()
    return [
        ratio("write on PostgreSQL, event and key / asyncpg", rates["one"], rates["one, asyncpg"], "req/s", goal=0.5),
        ratio("… rows and events, 500 in a verb / asyncpg", rates["many"], rates["many, asyncpg"], "rows/s", goal=3),
    ]


async def _rate(writers: Sequence[_Write], *, worth: int = 1) -> float:
    """Writes a second, each writer one after the other; one call is ``worth`` several."""
    began, done = time.perf_counter(), 0
    ends = began + _SECONDS

    async def go_on(write: _Write) -> None:
        nonlocal done
        while time.perf_counter() < ends:
            await write()
            done += worth

    await asyncio.gather(*map(go_on, writers))
    return done / (time.perf_counter() - began)


async def _one(database: Database, secrets: Secrets) -> None:
    request = idempotency.Request(new_id("req"), "key_1", "POST /v1/things", "0" * 64)
    await database.on_behalf(_CONTEXT).write(things.make_as_requested, MOVEMENT, request, secrets)


async def _many(database: Database) -> None:
    subjects = [new_id("mver")] * _AT_ONCE  # an import's events all belong to the version that it adds to
    await database.on_behalf(_CONTEXT).write(things.make_many, MOVEMENT, subjects)
