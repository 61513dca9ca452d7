"""Searching 100,000 people by name, at the executor: beside the same statements run bare, on each database's driver.

The queries are of three kinds in equal parts: both names as they are, their beginnings, and a slip in each. What ours
adds to the statements is the session, the ranking of what they find, and the way to another thread and back.
"""

import random
import time
from collections.abc import Awaitable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from services.members.directory.search import domain
from services.members.directory.search.domain import Noun
from shared.db import Database, migrate, open_database
from tests.bench.crowd import PEOPLE, Name, called, fill, slipped
from tests.bench.ground import Ground
from tests.bench.one_service import MOVEMENT
from tests.bench.rows import Missing, Row, at_most, skipped
from tests.bench.turns import in_turns, percentile

_QUERIES = 90
_P95 = 100.0
"""Milliseconds: what a person who types feels as at once (Nielsen, Usability Engineering, 1993, chapter 5)."""
_MOST_OVER_BARE = 3.0

Statement = tuple[str, Any]


async def measure(ground: Ground) -> Sequence[Row]:
    """The 95th percentile of a search on each database, beside its statements alone."""
    rows = await _on(f"sqlite:///{ground.folder / 'members.db'}", "SQLite")
    try:
        rows += await _on(ground.postgres().new_database(), "PostgreSQL")
    except Missing as missing:
        rows.append(skipped("search on PostgreSQL", str(missing)))
    return rows


async def _on(url: str, name: str) -> list[Row]:
    database = open_database(url, pool=4)
    migrate.upgrade("members", database.engine)
    await database.open()
    crowd = list(called(random.Random(1)))
    await fill(database, crowd, {})
    queries = _queries(random.Random(2), crowd)
    statements = [await _recorded(database, query) for query in queries]
    driver = database.engine.raw_connection()

    async def ours() -> list[float]:
        return [await _timed(_search(database, query)) for query in queries]

    async def bare() -> list[float]:
        return [_run(driver, each) for each in statements]

    await ours()
    sides = await in_turns({"ours": ours, "bare": bare})
    p95 = {side: percentile([each for turn in turns for each in turn], 0.95) for side, turns in sides.items()}
    driver.close()
    await database.close()
    over = p95["ours"] / p95["bare"]
    said = f"{p95['bare']:.1f} ms"
    return [
        at_most(f"search of {PEOPLE:,} people on {name}, p95", p95["ours"], "ms", most=_P95, beside=said),
        Row(f"… / its statements bare, {name}", f"{p95['ours']:.1f} ms", said, f"{over:.1f} ×",
            f"≤ {_MOST_OVER_BARE:g} ×", over <= _MOST_OVER_BARE),
    ]  # fmt: skip


def _queries(chance: random.Random, crowd: Sequence[Name]) -> list[str]:
    """What is typed: both names, the beginnings of both, and both with two letters that changed places."""
    queries = []
    for number, (given, family) in enumerate(chance.sample(crowd, _QUERIES)):
        match number % 3:
            case 0:
                queries.append(f"{given} {family}")
            case 1:
                queries.append(f"{given[:3]} {family[:3]}")
            case _:
                queries.append(f"{slipped(given)} {slipped(family)}")
    return queries


async def _search(database: Database, query: str) -> None:
    await database.read(domain.search, MOVEMENT, query, list(Noun), 20)


async def _recorded(database: Database, query: str) -> list[Statement]:
    """The statements of a search, as the driver is given them."""
    with _recording() as statements:
        await _search(database, query)
    return statements


@contextmanager
def _recording() -> Iterator[list[Statement]]:
    statements: list[Statement] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        statements.append((statement, parameters))

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)


def _run(driver: sa.PoolProxiedConnection, statements: Sequence[Statement]) -> float:
    """Run statements and fetch all that they find; milliseconds."""
    began = time.perf_counter()
    for statement, parameters in statements:
        cursor = driver.cursor()
        cursor.execute(statement, parameters)
        cursor.fetchall()
        cursor.close()
    return (time.perf_counter() - began) * 1000


async def _timed(doing: Awaitable[None]) -> float:
    began = time.perf_counter()
    await doing
    return (time.perf_counter() - began) * 1000
