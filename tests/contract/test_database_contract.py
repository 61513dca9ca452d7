"""The executor's contract, on SQLite and on PostgreSQL: what a verb may count on, however its neighbours behave."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from shared.db import Context, Database, Session, after_commit, open_database
from shared.db.hot import hot
from shared.db.lists import among, as_array, json_list
from shared.db.session import OnlyTheExecutorEnds
from shared.errors import DeadlinePassed
from shared.filelock import AlreadyOwned
from tests.plugins.parts import scale

metadata = sa.MetaData()
account = sa.Table(
    "account",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("balance", sa.Integer, sa.CheckConstraint("balance >= 0"), nullable=False),
)
_open = hot(sa.insert(account))
_take = hot(
    sa.update(account)
    .where(account.c.id == sa.bindparam("account"), account.c.balance >= sa.bindparam("amount"))
    .values(balance=account.c.balance - sa.bindparam("amount"))
)


_freeze = hot(
    sa.update(account)
    .where(account.c.balance == sa.bindparam("was"), account.c.id.in_(["a", "b"]), account.c.balance.not_in([0, 1]))
    .values(balance=0)
)


_as_arrays = hot(
    sa.select(as_array(account.c.id, as_array(account.c.balance, sa.null()))).where(among(account.c.id, "ids"))
)


class Base(orm.DeclarativeBase):
    metadata = metadata


class Account(Base):
    __table__ = account


def open_account(session: orm.Session, name: str, balance: int = 0) -> str:
    _open.run(session, {"id": name, "balance": balance})
    return name


def accounts(session: orm.Session) -> set[str]:
    return set(session.scalars(sa.select(account.c.id)))


def open_twice_through_the_unit_of_work(session: orm.Session, name: str) -> None:
    session.add(Account(id=name, balance=1))
    session.flush()
    session.execute(sa.insert(account).values(id=f"{name}-beside", balance=1))
    session.add(Account(id=f"{name}-beside", balance=2))  # fails only when the executor flushes


def break_a_check(session: orm.Session, name: str) -> None:
    session.execute(sa.insert(account).values(id=name, balance=-1))


def break_a_check_in_a_nested_transaction(session: orm.Session, name: str) -> None:
    with session.begin_nested():
        session.execute(sa.insert(account).values(id=name, balance=-1))


def raise_after_writing(session: orm.Session, name: str) -> None:
    open_account(session, name)
    raise LookupError(name)


def end_the_transaction(session: Session, name: str) -> None:
    open_account(session, name)
    session.driver.execute("ROLLBACK")  # what an automatic rollback of the database's own does to the batch
    raise RuntimeError("the database rolled back by itself")


BAD: list[Callable[..., None]] = [
    open_twice_through_the_unit_of_work, break_a_check, break_a_check_in_a_nested_transaction, raise_after_writing,
    end_the_transaction,
]  # fmt: skip


@pytest.fixture
async def bank(database: Database) -> Database:
    await database.write(lambda session: metadata.create_all(session.connection()))
    return database


@pytest.mark.parametrize("bad", BAD, ids=lambda verb: verb.__name__)
async def test_a_job_that_fails_sinks_no_other_and_leaves_nothing(bank: Database, bad: Callable[..., None]) -> None:
    jobs: list[Awaitable[str | None]] = []
    for n in range(scale(20)):
        jobs.append(bank.write(open_account, f"good-{n}"))
        jobs.append(bank.write(bad, f"bad-{n}"))
    outcomes = await asyncio.gather(*jobs, return_exceptions=True)
    assert outcomes[::2] == [f"good-{n}" for n in range(scale(20))]
    assert all(isinstance(outcome, Exception) for outcome in outcomes[1::2])
    assert await bank.read(accounts) == {f"good-{n}" for n in range(scale(20))}
    assert await bank.write(open_account, "afterwards") == "afterwards"


async def test_a_verb_neither_commits_nor_rolls_back(bank: Database) -> None:
    for end in (lambda session: session.commit(), lambda session: session.rollback()):
        with pytest.raises(OnlyTheExecutorEnds):
            await bank.write(end)


async def test_a_job_whose_deadline_has_passed_is_dropped(bank: Database) -> None:
    late = bank.on_behalf(Context("", "test"), time.time() - 1)
    with pytest.raises(DeadlinePassed):
        await late.write(open_account, "late")
    assert await bank.read(accounts) == set()


async def test_callbacks_run_after_a_commit_and_only_then(bank: Database) -> None:
    heard: list[str] = []

    def verb(session: orm.Session, name: str, fail: bool) -> None:
        open_account(session, name)
        after_commit(session, lambda: heard.append(name))
        if fail:
            raise LookupError(name)

    await asyncio.gather(*(bank.write(verb, f"{n}", n % 2 == 1) for n in range(10)), return_exceptions=True)
    assert sorted(heard) == ["0", "2", "4", "6", "8"]


async def test_what_is_buffered_is_written_before_the_commit_or_not_at_all(bank: Database) -> None:
    def verb(session: orm.Session, name: str) -> int:
        _open.later(session, {"id": name, "balance": 1})
        _open.later(session, {"id": f"{name}-too", "balance": 1})
        seen = len(accounts(session))
        if name == "fails":
            _open.later(session, {"id": "fails", "balance": 1})
        return seen

    assert await bank.write(verb, "a") == 0
    with pytest.raises(sa.exc.IntegrityError):
        await bank.write(verb, "fails")
    assert await bank.read(accounts) == {"a", "a-too"}


async def test_a_hot_statement_may_have_lists_of_its_own_and_takes_none(bank: Database) -> None:
    for name, balance in (("a", 5), ("b", 1), ("c", 5)):
        await bank.write(open_account, name, balance)
    assert await bank.write(lambda session: _freeze.run(session, {"was": 5})) == 1
    assert await bank.write(lambda session: _freeze.run(session, {"was": 1})) == 0
    balances = sa.select(account.c.id, account.c.balance).order_by(account.c.id)
    assert await bank.read(lambda session: session.execute(balances).all()) == [("a", 0), ("b", 1), ("c", 5)]

    unknown = hot(sa.delete(account).where(account.c.id.in_(sa.bindparam("names", expanding=True))))
    with pytest.raises(TypeError, match="list of unknown length: names"):
        await bank.write(lambda session: unknown.run(session, {"names": "a"}))


async def test_a_row_comes_back_as_one_json_array_whatever_is_in_it(bank: Database) -> None:
    names = {"": 0, 'quo"te\\and slash': 1, "line\nend\ttab\x01\x1f\x7f": 2**31 - 1, "Łódź ☂ 😀 \u2028": 3}
    for name, balance in names.items():
        await bank.write(open_account, name, balance)
    asked = {"ids": json_list([*names, "nobody"])}
    rows = await bank.read(lambda session: _as_arrays.rows(session, asked))
    read = [msgspec.json.decode(text, type=tuple[str, tuple[int, None]]) for (text,) in rows]
    assert {name: balance for name, (balance, _) in read} == names


async def test_what_the_database_refuses_at_the_flush_of_a_lone_job_is_told_as_that(bank: Database) -> None:
    """Alone in its batch, so that nobody takes the refusal for a loss of the transaction, or of the connection."""
    await bank.write(open_account, "taken")
    for bad in (open_twice_through_the_unit_of_work, break_a_check, break_a_check_in_a_nested_transaction):
        with pytest.raises(sa.exc.IntegrityError):
            await bank.write(bad, "bad")
    with pytest.raises(sa.exc.IntegrityError):
        await bank.write(lambda session: session.add(Account(id="taken", balance=1)))  # only the executor flushes
    assert await bank.read(accounts) == {"taken"}
    assert await bank.write(open_account, "afterwards") == "afterwards"


async def test_a_reader_cannot_write(bank: Database) -> None:
    for read in (bank.read, bank.read_by_key):
        with pytest.raises(sa.exc.DBAPIError):
            await read(open_account, "sneaked in")
    assert await bank.read(accounts) == set()


async def test_a_read_after_a_write_sees_it(bank: Database) -> None:
    for n in range(scale(50)):
        await bank.write(open_account, f"{n}")
        assert f"{n}" in await bank.read_by_key(accounts)
        assert f"{n}" in await bank.read(accounts)


async def test_one_conditional_update_never_overdraws_under_contention(bank: Database) -> None:
    await bank.write(open_account, "fund", 20_000)

    def take(session: orm.Session) -> bool:
        return _take.run(session, {"account": "fund", "amount": 500}) == 1

    granted = await asyncio.gather(*(bank.write(take) for _ in range(200)))
    assert sum(granted) == 40


async def test_nothing_writes_while_paused_and_everything_accepted_is_written_after(bank: Database) -> None:
    async with bank.paused():
        waiting = [asyncio.create_task(bank.write(open_account, f"{n}")) for n in range(5)]
        assert await bank.read(accounts) == set()
    await asyncio.gather(*waiting)
    assert len(await bank.read(accounts)) == 5


async def test_a_failed_commit_loses_nothing_that_was_answered_and_wedges_nothing(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/commit.db")
    await database.open()
    table = "CREATE TABLE child (id TEXT PRIMARY KEY, parent TEXT REFERENCES child DEFERRABLE INITIALLY DEFERRED)"
    await database.write(lambda session: session.execute(sa.text(table)))
    insert = sa.text("INSERT INTO child VALUES (:id, :parent)")

    def add(session: orm.Session, name: str, parent: str | None) -> str:
        session.execute(insert, {"id": name, "parent": parent})
        return name

    jobs = [database.write(add, f"{n}", "nobody" if n == 3 else None) for n in range(6)]
    outcomes = await asyncio.gather(*jobs, return_exceptions=True)
    assert [outcome for outcome in outcomes if isinstance(outcome, str)] == ["0", "1", "2", "4", "5"]
    there = await database.read(lambda session: set(session.scalars(sa.text("SELECT id FROM child"))))
    assert there == {"0", "1", "2", "4", "5"}
    assert await database.write(add, "later", None) == "later"
    await database.close()


async def test_a_second_owner_of_the_same_file_is_refused_with_the_reason(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/owned.db"
    first, second = open_database(url), open_database(url)
    await first.open()
    with pytest.raises(AlreadyOwned, match=r"owned\.db is in use by another process \(pid \d+\)"):
        await second.open()
    await first.close()
    await second.open()
    await second.close()


async def test_a_closed_database_is_one_file_again(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/alone.db")
    await database.open()
    await database.read(lambda session: session.scalar(sa.text("SELECT 1")))
    await database.read_by_key(lambda session: session.scalar(sa.text("SELECT 1")))
    await database.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["alone.db", "alone.db.lock"]


async def test_jobs_run_in_a_thread_of_their_own(bank: Database) -> None:
    assert await bank.write(lambda session: threading.get_ident()) != threading.get_ident()


async def test_a_race_lost_to_serialisation_is_run_again(postgres_url: str) -> None:
    database = open_database(postgres_url, pool=8)
    await database.open()
    await database.write(lambda session: metadata.create_all(session.connection()))
    await database.write(open_account, "fund", 100)

    def read_then_write(session: orm.Session) -> None:
        session.execute(sa.text("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE"))
        balance = session.scalar(sa.select(account.c.balance).where(account.c.id == "fund"))
        session.execute(sa.update(account).where(account.c.id == "fund").values(balance=(balance or 0) - 1))

    await asyncio.gather(*(database.write(read_then_write) for _ in range(8)))
    left = await database.read(lambda session: session.scalar(sa.select(account.c.balance)))
    await database.close()
    assert left == 92
