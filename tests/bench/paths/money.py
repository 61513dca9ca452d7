"""Grants' money: awards that contend for one round, the ledger's balance at a million entries, and a round of 1,000.

Awards: sixteen at a time on PostgreSQL, beside the same conditional update in bare SQL by asyncpg, each committed by
itself. Nobody set a goal for that: ours also takes the application, writes the award, and tells of it by a numbered
event, all while it holds the round; the bound is there to notice a fall. The balance: the same read at ten thousand
entries and at a million, on SQLite. The round: a thousand groups apply and are offered an award, sixteen at a time,
each step a call of the API, the service on SQLite in this process.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from itertools import islice
from statistics import median

import sqlalchemy as sa
from fastapi import FastAPI
from sqlalchemy.orm import Session

from services.grants.app import create_app
from services.grants.awards import domain as awards
from services.grants.ledger import reading
from services.grants.ledger.chart import Kind, Restriction
from services.grants.ledger.models import LedgerEntry, LedgerLine
from services.grants.rounds.models import OverBudget
from shared import clock
from shared.auth import service_principal
from shared.db import Context
from shared.db.hot import Value, hot
from shared.db.types import microseconds
from shared.ids import new_id
from shared.money import Money
from shared.secrets import Secrets
from shared.settings import Settings
from shared.testing.service import Alone
from tests.bench.baselines import statements
from tests.bench.ground import Ground
from tests.bench.rows import Row, at_most, ratio
from tests.bench.turns import medians
from tests.grants.caller import Caller

_IN_FLIGHT = 16
_AWARDS = 320
_FEW, _MANY = 10_000, 1_000_000
_ENTRIES_AT_ONCE = 10_000
_READS = 50
_APPLICATIONS = 1_000
_POUNDS = 500

_entries, _lines = hot(sa.insert(LedgerEntry)), hot(sa.insert(LedgerLine))


async def measure(ground: Ground) -> Sequence[Row]:
    """Awards a second beside bare SQL, how a balance grows with the entries, and applications a second."""
    service = Alone("grants", create_app)
    async with _running(ground, service, service.postgres(ground.postgres())) as (_, grants):
        contended = await _contended(ground, grants)
    apart = ground.folder / "sqlite"
    apart.mkdir()
    async with _running(ground, service, service.sqlite(ground.folder, apart)) as (app, grants):
        round_of_1000 = await _round(grants)
        balance = await _balances(app, grants)
    return [
        ratio("awards that contend for a round / the bare update", contended["ours"], contended["bare"], "awards/s",
              goal=0.03),
        at_most(f"balance at {_MANY:,} entries", balance[_MANY] / balance[_FEW], "× the time", most=1.5,
                beside=f"{1000 * balance[_FEW]:.2f} ms at {_FEW:,}"),
        at_most(f"a round of {_APPLICATIONS:,}: asked and offered", round_of_1000, "s", most=60),
    ]  # fmt: skip


@asynccontextmanager
async def _running(ground: Ground, service: Alone, url: str) -> AsyncIterator[tuple[FastAPI, Caller]]:
    folder = ground.folder / new_id("run")
    folder.mkdir()
    async with service.running(url, folder, folder) as app:
        vouching = Secrets.load(Settings.model_validate({"data_dir": folder, "secrets_dir_set": folder}), "gateway")
        async with Caller(app, vouching, new_id("movement"), user=new_id("user")) as grants:
            yield app, grants


async def _contended(ground: Ground, grants: Caller) -> dict[str, float]:
    """Awards a second, of a round whose budget reaches for half of those who ask."""
    bare_url = ground.postgres().new_database()
    connections = await statements.connected(bare_url.replace("+psycopg", ""), _IN_FLIGHT)
    await connections[0].execute("CREATE TABLE bare (committed bigint, budget bigint, CHECK (committed <= budget))")
    db = grants.app.state.parts.db.on_behalf(Context(grants.movement, "bench"))
    principal = service_principal("grants", grants.movement)

    async def ours() -> float:
        opened = await grants.open_round(f"{_POUNDS * _AWARDS // 2}.00")
        asked = [await grants.application(opened) for _ in range(_AWARDS)]
        amount = Money.of(_POUNDS * 100, "GBP")

        async def offer(application: str) -> None:
            with suppress(OverBudget):
                await db.write(awards.offer_award, grants.movement, principal, application, amount)

        return await _rate([partial(offer, each) for each in asked])

    async def bare() -> float:
        await connections[0].execute("DELETE FROM bare")
        await connections[0].execute("INSERT INTO bare VALUES (0, $1)", _POUNDS * 100 * _AWARDS // 2)
        free = list(connections)

        async def offer() -> None:
            connection = free.pop()
            update = "UPDATE bare SET committed = committed + $1 WHERE committed + $1 <= budget"
            await connection.execute(update, _POUNDS * 100)
            free.append(connection)

        return await _rate([offer] * _AWARDS)

    rates = await medians({"ours": ours, "bare": bare})
    for connection in connections:
        await connection.close()
    return dict(rates)


async def _rate(steps: Sequence[Callable[[], Awaitable[None]]]) -> float:
    """Steps a second, sixteen at a time."""
    waiting, began = iter(steps), time.perf_counter()

    async def actor() -> None:
        for step in waiting:
            await step()

    await asyncio.gather(*(actor() for _ in range(_IN_FLIGHT)))
    return len(steps) / (time.perf_counter() - began)


async def _round(grants: Caller) -> float:
    """The seconds in which a thousand groups apply to a round, and are offered what they asked for."""
    opened = await grants.open_round(f"{_POUNDS * _APPLICATIONS}.00")

    async def one() -> None:
        await grants.award(await grants.application(opened))

    return _APPLICATIONS / await _rate([one] * _APPLICATIONS)


async def _balances(app: FastAPI, grants: Caller) -> dict[int, float]:
    """The median seconds of reading what each account holds, at few entries and at many."""
    fund = await grants.fund()
    gift = (await grants.get(f"/v1/funds/{fund}/contributions"))["data"][0]["id"]
    db, seconds, there = app.state.parts.db, dict[int, float](), 0
    for entries in (_FEW, _MANY):
        rows = _posted(grants.movement, fund, gift, entries - there)
        while some := list(islice(rows, _ENTRIES_AT_ONCE)):
            await db.write(_insert, some)
        there = entries
        reads = []
        for _ in range(_READS):
            began = time.perf_counter()
            sums = await db.read(reading.trial_balance, grants.movement, fund=fund, as_of=None)
            reads.append(time.perf_counter() - began)
            assert sums
        seconds[entries] = median(reads)
    assert (await db.read(reading.replay, grants.movement)).differences == []
    return seconds


def _posted(movement: str, fund: str, gift: str, count: int) -> Iterator[tuple[str, int]]:
    for number in range(count):
        yield (f"{movement} {fund} {gift}", 1 if number % 2 else -1)


def _insert(session: Session, some: Sequence[tuple[str, int]]) -> None:
    """Entries of a penny that goes into the bank and out of it again."""
    now = clock.now()
    entries: list[dict[str, Value]] = []
    lines: list[dict[str, Value]] = []
    for where, pence in some:
        movement, fund, gift = where.split()
        entry = new_id("entry")
        entries.append(
            {
                "movement": movement,
                "id": entry,
                "kind": Kind.CONTRIBUTION_CLEARED.value,
                "day": now.date().isoformat(),
                "about": gift,
                "currency": "GBP",
                "reverses": None,
                "reason": None,
                "posted_at": microseconds(now),
            }
        )
        for number, (account, sign) in enumerate((("bank", 1), ("promised", -1)), 1):
            lines.append(
                {
                    "movement": movement,
                    "entry_id": entry,
                    "number": number,
                    "account": account,
                    "fund_id": fund,
                    "contribution_id": gift,
                    "award_id": None,
                    "restriction": Restriction.UNRESTRICTED.value,
                    "pence": sign * pence,
                }
            )
    _entries.many(session, entries)
    _lines.many(session, lines)
