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
from sqlalchemy.orm import Session

from services.members.directory.people import names, store
from services.members.directory.people.models import Person
from services.members.directory.search import domain
from services.members.directory.search import store as search
from services.members.directory.search.domain import Noun
from shared import clock
from shared.db import Database, migrate, open_database
from shared.ids import new_id
from tests.bench.ground import Ground
from tests.bench.rows import Missing, Row, at_most, skipped
from tests.bench.turns import in_turns, percentile

PEOPLE = 100_000
_SLICE = 5_000
_QUERIES = 90
_MOVEMENT = "movement_01j5x3m0e8f7v9q2k4t6w8y0ab"
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
    called = list(_called(random.Random(1)))
    await _fill(database, called)
    queries = _queries(random.Random(2), called)
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


def _called(chance: random.Random) -> Iterator[tuple[str, str]]:
    """Names as uneven as real ones: some hundreds of given names, thousands of family names, a few of them common."""
    syllables = [first + vowel for first in "bdfghjklmnprstvwyz" for vowel in ("a", "e", "i", "o", "u", "ie", "ou")]
    given = ["".join(chance.choices(syllables, k=chance.choice((2, 3)))) for _ in range(800)]
    family = ["".join(chance.choices(syllables, k=chance.choice((2, 3, 4)))) for _ in range(20_000)]
    for _ in range(PEOPLE):
        yield given[int(800 * chance.random() ** 3)], family[int(20_000 * chance.random() ** 3)]


async def _fill(database: Database, called: Sequence[tuple[str, str]]) -> None:
    for start in range(0, len(called), _SLICE):
        await database.write(_add, called[start : start + _SLICE])
    words = sorted({word for pair in called for word in pair})
    for start in range(0, len(words), _SLICE):
        await database.write(search.learn, _MOVEMENT, words[start : start + _SLICE])
    await database.write(_count_rows)


def _add(session: Session, called: Sequence[tuple[str, str]]) -> None:
    at = clock.now()
    for given, family in called:
        person = Person(
            movement=_MOVEMENT, id=new_id("person"), given_name=given.title(), family_name=family.title(),
            known_as=None, postcode=None, languages=[], age_band="not_asked", date_of_birth=None,
            contact_preference=[], access_needs=None, version=1, created_at=at, updated_at=at,
        )  # fmt: skip
        store.add(session, _MOVEMENT, person)
        store.add_words(session, _MOVEMENT, person.id, names.words(f"{given} {family}"))


def _count_rows(session: Session) -> None:
    """What PostgreSQL does by itself a minute later: without it, its planner takes the tables for small ones."""
    session.execute(sa.text("ANALYZE"))


def _queries(chance: random.Random, called: Sequence[tuple[str, str]]) -> list[str]:
    """What is typed: both names, the beginnings of both, and both with two letters that changed places."""
    queries = []
    for number, (given, family) in enumerate(chance.sample(called, _QUERIES)):
        match number % 3:
            case 0:
                queries.append(f"{given} {family}")
            case 1:
                queries.append(f"{given[:3]} {family[:3]}")
            case _:
                queries.append(f"{_slipped(given)} {_slipped(family)}")
    return queries


def _slipped(word: str) -> str:
    return word[0] + word[2] + word[1] + word[3:]


async def _search(database: Database, query: str) -> None:
    await database.read(domain.search, _MOVEMENT, query, list(Noun), 20)


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
