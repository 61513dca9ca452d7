import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Collection, Mapping
from pathlib import Path

import pytest

from shared.bus import Bus, NotAppended, Outgoing, Partition, StaleCursor, open_bus
from shared.bus.partition import partition_of
from shared.bus.sqlite import SqliteBus, open_sqlite
from tests.contract.reading import append, at, numbered
from tests.plugins.parts import scale

TOPIC = "backbone.grants"
AWARD_1: Partition = (TOPIC, partition_of(b"award_1"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "bus.db"


@pytest.fixture
async def bus(path: Path) -> AsyncIterator[Bus]:
    opened = open_bus(f"sqlite:///{path}")
    yield opened
    await opened.close()


async def from_the_start(partitions: Collection[Partition]) -> Mapping[Partition, int]:
    return {}


def awards(*numbers: int) -> list[Outgoing]:
    return [Outgoing(b"award_1", [], b"%d" % number) for number in numbers]


async def values(bus: Bus, count: int) -> list[bytes]:
    subscription = bus.subscribe("readers", [TOPIC], from_the_start)
    found: list[bytes] = []
    while len(found) < count:
        records = (await subscription.poll(500, 5)).records
        assert records, f"only {found}"
        found += [record.value for record in records]
    await subscription.close()
    return found


def statement(path: Path, sql: str) -> None:
    """Change the file behind the bus's back."""
    connection = sqlite3.connect(path)
    with connection:
        connection.execute(sql)
    connection.close()


def python(code: str, path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True)


def test_a_second_process_is_refused_with_the_reason(path: Path) -> None:
    first = open_bus(f"sqlite:///{path}")
    refused = python(
        "import sys\n"
        "from shared.bus import open_bus\n"
        "try: open_bus('sqlite:///' + sys.argv[1])\n"
        "except Exception as error: print(type(error).__name__, error)",
        path,
    )
    said, _ = refused.communicate(timeout=30)
    assert said == f"AlreadyOwned {path} is in use by another process (pid {os.getpid()})\n"
    asyncio.run(first.close())


def test_the_services_of_a_process_share_one_bus_a_file_and_the_last_to_close_it_ends_it(path: Path) -> None:
    first, second = open_sqlite(str(path)), open_sqlite(str(path))
    assert first is second

    async def close_one_and_append() -> list[BaseException | None]:
        await first.close()
        return list(await second.append(TOPIC, awards(1)))

    assert asyncio.run(close_one_and_append()) == [None]
    asyncio.run(second.close())
    reopened = open_sqlite(str(path))
    assert reopened is not first
    assert asyncio.run(reopened.end_offsets([TOPIC]))[AWARD_1] == 1
    asyncio.run(reopened.close())


def test_nothing_acknowledged_is_lost_when_the_process_is_killed(path: Path) -> None:
    killed = python(
        "import asyncio, sys\n"
        "from shared.bus import Outgoing, open_bus\n"
        "async def main():\n"
        "    bus = open_bus('sqlite:///' + sys.argv[1])\n"
        "    async def appending(caller):\n"
        "        for number in range(10_000):\n"
        "            assert await bus.append('backbone.grants', [Outgoing(b'award_%d' % caller, [], b'')]) == [None]\n"
        "            print(caller, number, flush=True)\n"
        "    await asyncio.gather(*map(appending, range(8)))\n"
        "asyncio.run(main())",
        path,
    )
    assert killed.stdout is not None
    acknowledged = dict.fromkeys(range(8), -1)
    for _ in range(300):
        caller, number = map(int, killed.stdout.readline().split())
        acknowledged[caller] = number
    killed.send_signal(signal.SIGKILL)
    for line in killed.stdout.read().splitlines():
        caller, number = map(int, line.split())
        acknowledged[caller] = number
    killed.wait()
    killed.stdout.close()

    connection = sqlite3.connect(path)
    kept = dict(connection.execute("SELECT key, count(*) FROM record GROUP BY key"))
    connection.close()
    for caller, number in acknowledged.items():
        assert kept[b"award_%d" % caller] >= number + 1


@pytest.mark.parametrize("what", ["ABORT", "ROLLBACK"])
async def test_a_commit_that_fails_is_answered_so_and_the_next_one_leaves_no_gap(
    bus: Bus, path: Path, what: str
) -> None:
    await bus.append(TOPIC, awards(0))
    statement(path, f"CREATE TRIGGER full BEFORE INSERT ON record BEGIN SELECT RAISE({what}, 'disk full'); END")

    outcomes = await asyncio.gather(*(bus.append(TOPIC, awards(number, number)) for number in range(5)))

    assert all(isinstance(outcome, NotAppended) for answers in outcomes for outcome in answers)
    assert "disk full" in (await bus.check() or "")
    assert (await bus.end_offsets([TOPIC]))[AWARD_1] == 1
    statement(path, "DROP TRIGGER full")
    assert await bus.append(TOPIC, awards(1)) == [None]
    assert await bus.check() is None
    assert await values(bus, 2) == [b"0", b"1"]


async def test_a_position_from_before_the_start_of_the_log_stops_the_reader(bus: Bus, path: Path) -> None:
    await bus.append(TOPIC, awards(*range(10)))
    statement(path, "DELETE FROM record WHERE position < 4")

    async def at_three(partitions: Collection[Partition]) -> Mapping[Partition, int]:
        return {AWARD_1: 3}

    subscription = bus.subscribe("behind", [TOPIC], at_three)
    with pytest.raises(StaleCursor, match="position 3"):
        await subscription.poll(10, 1)
    assert (await bus.earliest_offsets([TOPIC]))[AWARD_1] == 4
    assert await values(bus, 6) == [b"%d" % number for number in range(4, 10)]


async def test_a_reader_at_the_end_of_the_log_is_never_taken_for_one_that_is_too_late(bus: Bus) -> None:
    """Also while a commit comes between looking for its record and looking where the log ends."""
    assert isinstance(bus, SqliteBus)
    log = bus.log
    done, partition = False, at("award_1")

    def look() -> None:
        while not done:
            log.locate({partition: log.ends.get(partition, 0)})

    looking = asyncio.create_task(asyncio.to_thread(look))
    for number in range(scale(300)):
        await append(bus, numbered("award_1", range(number, number + 1)))
    done = True
    await looking


async def test_the_newest_member_of_a_group_reads_and_gives_back_when_it_leaves(bus: Bus) -> None:
    older = bus.subscribe("readers", [TOPIC], from_the_start)
    await bus.append(TOPIC, awards(1))
    batch = await older.poll(10, 5)

    newer = bus.subscribe("readers", [TOPIC], from_the_start)
    assert not older.current(batch.generation)
    assert not older.assignment()
    assert (await newer.poll(10, 5)).records
    waiting = asyncio.create_task(older.poll(10, 30))
    await newer.close()

    assert [record.value for record in (await waiting).records] == [b"1"]


async def test_a_reader_far_behind_in_one_partition_is_given_nothing_twice_in_the_others(bus: Bus) -> None:
    for number in range(50):
        await bus.append(TOPIC, [Outgoing(b"award_1", [], b"one %d" % number), Outgoing(b"award_2", [], b"two")])

    async def uneven(partitions: Collection[Partition]) -> Mapping[Partition, int]:
        return {AWARD_1: 5, (TOPIC, partition_of(b"award_2")): 50}

    subscription = bus.subscribe("readers", [TOPIC], uneven)
    found: list[bytes] = []
    while records := (await subscription.poll(10, 0.1)).records:
        found += [record.value for record in records]
    assert found == [b"one %d" % number for number in range(5, 50)]


async def test_a_reader_of_a_quiet_topic_gets_past_a_log_full_of_others(bus: Bus) -> None:
    subscription = bus.subscribe("readers", ["backbone.quiet"], from_the_start)
    for _ in range(5):
        await bus.append(TOPIC, awards(*range(5_000)))
    await bus.append("backbone.quiet", [Outgoing(b"fund_1", [], b"at last")])

    assert [record.value for record in (await subscription.poll(10, 5)).records] == [b"at last"]


def test_readers_can_neither_write_nor_checkpoint(path: Path) -> None:
    bus = open_sqlite(str(path))
    reader = bus.log._reader()
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader.execute("DELETE FROM record")
    assert reader.execute("PRAGMA wal_autocheckpoint").fetchone() == (0,)
    asyncio.run(bus.close())


def test_a_loop_that_ended_while_it_waited_harms_nobody(path: Path) -> None:
    bus = open_sqlite(str(path))

    async def leave_a_subscription_and_an_append_behind() -> None:
        bus.subscribe("left behind", [TOPIC], from_the_start)
        asyncio.get_running_loop().create_task(bus.append(TOPIC, awards(1)))
        await asyncio.sleep(0)

    asyncio.run(leave_a_subscription_and_an_append_behind())

    async def go_on() -> list[bytes]:
        await bus.append(TOPIC, awards(2))
        found = await values(bus, 1)
        await bus.close()
        return found

    assert asyncio.run(go_on())[-1] == b"2"


def test_the_url_says_where_the_file_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for url, where in {
        "sqlite:///data/relative.db": tmp_path / "data" / "relative.db",
        f"sqlite:///{tmp_path}/absolute.db": tmp_path / "absolute.db",
    }.items():
        bus = open_bus(url)
        assert where.exists()
        asyncio.run(bus.close())


@pytest.mark.parametrize("url", ["redis://localhost", "kafka://", "kafka://localhost:9092?replicas=3"])
def test_a_url_that_is_not_understood_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="BUS_URL"):
        open_bus(url)
