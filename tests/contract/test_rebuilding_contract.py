"""A projection made anew beside the live one: on SQLite with its log, and on PostgreSQL with Kafka's."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from shared.bus.records import Outgoing
from shared.consumer import Consumer, each
from shared.consumer.projection import Projection, to_copy
from shared.consumer.rebuilding import CannotBeRebuilt, rebuild
from shared.db import infrastructure
from shared.events.base import Received
from shared.events.envelope import topic
from shared.relay import Relay
from shared.testing.eventually import eventually
from tests.contract.flow import Flow, ThingCounted, running
from tests.plugins.parts import scale

NOT_ON_THE_MOCK = pytest.mark.parametrize("flow", ["embedded", "real kafka"], indirect=True)
"""The mock takes seconds to form a group, and the first test forms one on it."""

metadata = sa.MetaData()
LIVE, COPY = (
    sa.Table(name, metadata, sa.Column("key", sa.Text, primary_key=True), sa.Column("sum", sa.Integer, nullable=False))
    for name in ("tally", "tally_copy")
)


def add(session: orm.Session, received: Received, event: ThingCounted) -> None:
    """Sum up what was counted of a thing."""
    table = COPY if to_copy(session) else LIVE
    more = sa.update(table).where(table.c.key == event.thing).values(sum=table.c.sum + event.number)
    if session.connection().execute(more).rowcount == 0:
        session.execute(sa.insert(table).values(key=event.thing, sum=event.number))


def digest(session: orm.Session, of_copy: bool) -> str:
    return repr(sums(session, COPY if of_copy else LIVE))


def swap(session: orm.Session) -> None:
    session.execute(sa.delete(LIVE))
    session.execute(sa.insert(LIVE).from_select(["key", "sum"], sa.select(COPY.c.key, COPY.c.sum)))


def clear(session: orm.Session) -> None:
    session.execute(sa.delete(COPY))


def sums(session: orm.Session, table: sa.Table = LIVE) -> dict[str, int]:
    """What was counted of each thing."""
    rows = session.execute(sa.select(table.c.key, table.c.sum).order_by(table.c.key))
    return {row.key: row.sum for row in rows}


def tallying(flow: Flow, apply: Callable[[orm.Session, Received, ThingCounted], None] = add) -> Consumer:
    """The consumer that keeps the sums."""
    projection = Projection(digest, swap, clear)
    return Consumer("tally", flow.reader, flow.bus, ["things"], each({ThingCounted: apply}), projection)


@pytest.fixture
async def tallied(flow: Flow) -> AsyncIterator[Flow]:
    """A flow whose reader has the projection's tables, and whose relay runs."""
    await flow.reader.write(lambda session: metadata.create_all(session.connection()))
    async with running(Relay("things", flow.publisher, flow.bus)):
        yield flow


async def _says(flow: Flow, expected: dict[str, int]) -> bool:
    return await flow.reader.read(sums) == expected


async def _everything(flow: Flow, table: sa.Table) -> list[Any]:
    return await flow.reader.read(lambda session: list(session.execute(sa.select(table))))


async def test_under_load_it_is_made_anew_and_nobody_reads_less_than_before(tallied: Flow) -> None:
    live, done, rounds = tallying(tallied), asyncio.Event(), scale(30)
    read: list[int] = []

    async def publish() -> None:
        for number in range(rounds):
            await asyncio.gather(*(tallied.publish(f"thing_{key}", [1]) for key in range(4)))
            if number >= rounds // 2:
                await done.wait()  # the rest comes while it is swapped or after

    async def look() -> None:
        while True:
            read.append(sum((await tallied.reader.read(sums)).values()))
            await asyncio.sleep(0)

    async with running(live):
        await tallied.publish("thing_0", [1])
        await eventually(lambda: _says(tallied, {"thing_0": 1}), within=60)
        publishing, looking = asyncio.create_task(publish()), asyncio.create_task(look())
        releasing = asyncio.get_running_loop().call_later(0.2, done.set)
        rebuilt = await rebuild(live)
        releasing.cancel()
        done.set()
        await publishing
        expected = {f"thing_{key}": rounds for key in range(4)} | {"thing_0": rounds + 1}
        await eventually(lambda: _says(tallied, expected), within=60)
        looking.cancel()
    assert rebuilt.before == rebuilt.after
    assert read == sorted(read)
    assert await _everything(tallied, COPY) == []
    inbox = await _everything(tallied, infrastructure.inbox)
    assert {row.consumer for row in inbox} == {"tally"}


@NOT_ON_THE_MOCK
async def test_what_was_altered_by_hand_is_put_right(tallied: Flow) -> None:
    live = tallying(tallied)
    async with running(live):
        await tallied.publish("thing_1", [1, 2])
        await tallied.bus.append(topic("things"), [Outgoing(b"thing_1", [("junk", b"x")], b"not an event")])
        await tallied.publish("thing_2", [4])
        await eventually(lambda: _says(tallied, {"thing_1": 3, "thing_2": 4}), within=60)
        await tallied.reader.write(lambda session: session.execute(sa.update(LIVE).values(sum=99)))
        await eventually(lambda: _at_the_end(live), within=60)
        rebuilt = await rebuild(live)
        assert (rebuilt.before, rebuilt.after) == (
            "{'thing_1': 99, 'thing_2': 99}",
            "{'thing_1': 3, 'thing_2': 4}",
        )
        await tallied.publish("thing_1", [5])
        await eventually(lambda: _says(tallied, {"thing_1": 8, "thing_2": 4}), within=60)


async def _at_the_end(consumer: Consumer) -> bool:
    return await consumer.lag() == 0


@NOT_ON_THE_MOCK
async def test_what_a_mended_handler_had_set_aside_is_in_it_and_waits_no_longer(tallied: Flow) -> None:
    broken = True

    def choke(session: orm.Session, received: Received, event: ThingCounted) -> None:
        if broken and event.number == 2:
            raise LookupError("cannot digest")
        add(session, received, event)

    live = tallying(tallied, choke)
    async with running(live):
        await tallied.publish("bad", [1, 2, 3])
        await tallied.publish("good", [1])
        await eventually(lambda: _says(tallied, {"bad": 1, "good": 1}), within=60)
        await eventually(lambda: _at_the_end(live), within=60)
        with pytest.raises(CannotBeRebuilt, match="LookupError"):
            await rebuild(live)
        assert await _says(tallied, {"bad": 1, "good": 1})
        assert [parked.waiting for parked in await live.parked()] == [2]
        broken = False
        await rebuild(live)
        assert await _says(tallied, {"bad": 6, "good": 1})
        assert await live.parked() == []
        await tallied.publish("bad", [10])
        await eventually(lambda: _says(tallied, {"bad": 16, "good": 1}), within=60)


@NOT_ON_THE_MOCK
async def test_one_that_ended_in_the_middle_leaves_everything_as_it_was_and_the_next_begins_anew(tallied: Flow) -> None:
    live = tallying(tallied)
    async with running(live):
        await tallied.publish("thing_1", [1, 2])
        await eventually(lambda: _says(tallied, {"thing_1": 3}), within=60)
    left = live.beside("tally.copy", live.reaction)  # as one that was killed leaves it: a cursor, an inbox, some totals
    async with running(left):
        await eventually(lambda: _says(tallied, {"thing_1": 6}), within=60)
    await tallied.reader.write(lambda session: session.execute(sa.insert(COPY).values(key="thing_1", sum=1)))
    rebuilt = await rebuild(live)
    assert rebuilt.after == "{'thing_1': 3}"
    assert await _says(tallied, {"thing_1": 3})


@NOT_ON_THE_MOCK
async def test_what_does_more_than_keep_what_events_say_is_not_made_anew(tallied: Flow) -> None:
    with pytest.raises(CannotBeRebuilt, match="does more"):
        await rebuild(tallied.consumer(add))
