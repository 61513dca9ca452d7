import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import orm

from services.cli.errors import Refused
from services.cli.upkeep import UPKEEP, Work
from shared import outbox
from shared.bus import open_bus
from shared.consumer import Consumer, each
from shared.db import Context, infrastructure, open_database
from shared.events.base import Received
from shared.events.members.directory import PersonCreated
from shared.ids import new_id
from shared.relay import Relay
from shared.settings import Settings
from shared.testing.eventually import eventually

PERSON = new_id("person")


class Handler:
    """Fails until it is mended, and remembers the order in which events reached it."""

    def __init__(self) -> None:
        self.mended = False
        self.seen: list[int] = []

    def on_person_created(self, session: orm.Session, received: Received, event: PersonCreated) -> None:
        if not self.mended:
            raise LookupError("a fault in a handler")
        self.seen.append(received.sequence)


def create(session: orm.Session) -> None:
    outbox.record(session, PersonCreated(person=PERSON))


@pytest.fixture
def handler() -> Handler:
    return Handler()


@pytest.fixture
async def work(tmp_path: Path, handler: Handler) -> AsyncIterator[Work]:
    """A consumer whose handler failed on the first of three events of one person."""
    database, bus = open_database(f"sqlite:///{tmp_path}/gateway.db"), open_bus(f"sqlite:///{tmp_path}/bus.db")
    await database.open()
    await database.write(lambda session: infrastructure.metadata.create_all(session.connection()))
    consumer = Consumer("overview", database, bus, ["members"], each({PersonCreated: handler.on_person_created}))
    for _ in range(3):
        await database.on_behalf(Context("movement_1", "tester")).write(create)
    running = [asyncio.create_task(each.run()) for each in (Relay("members", database, bus), consumer)]
    await eventually(lambda: _all_wait(consumer))
    arguments = {"service": "gateway", "consumer": "overview", "of": "members", "key": PERSON}
    yield Work(Settings(data_dir=tmp_path), {"gateway": database}, {"gateway": {"overview": consumer}}, arguments)
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    await database.close()
    await bus.close()


async def _all_wait(consumer: Consumer) -> bool:
    return [parked.waiting for parked in await consumer.parked()] == [3]


async def test_parked_keys_are_listed_with_the_reason(work: Work) -> None:
    told = await UPKEEP["parked"].run(work)
    assert told.count("\n") == 0
    assert f"overview  members {PERSON}" in told
    assert "3 waiting" in told


async def test_a_mended_key_is_applied_in_its_order(work: Work, handler: Handler) -> None:
    handler.mended = True
    assert "3 events applied" in await UPKEEP["redrive"].run(work)
    assert handler.seen == [1, 2, 3]
    assert await UPKEEP["parked"].run(work) == "No key is parked."


async def test_a_key_whose_cause_is_not_mended_stays_parked(work: Work) -> None:
    with pytest.raises(Refused, match="failed again"):
        await UPKEEP["redrive"].run(work)
    assert "3 waiting" in await UPKEEP["parked"].run(work)


@pytest.mark.parametrize(("what", "value"), [("consumer", "nobody"), ("key", "person_0"), ("of", "grants")])
async def test_what_is_not_parked_is_not_redriven(work: Work, what: str, value: str) -> None:
    other = Work(work.settings, work.databases, work.consumers, {**work.arguments, what: value})
    with pytest.raises(Refused, match=r"is not parked|has no consumer"):
        await UPKEEP["redrive"].run(other)
    assert "3 waiting" in await UPKEEP["parked"].run(work)
