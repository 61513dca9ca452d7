"""Events that flow from one database over a log to another."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from shared import outbox
from shared.bus import Bus
from shared.consumer import Consumer, each
from shared.db import Context, Database
from shared.events.base import Event, Received
from shared.relay import Relay

metadata = sa.MetaData()
effect = sa.Table(
    "effect",
    metadata,
    sa.Column("n", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
)
BY_TEST = Context("movement_1", "tester", causation="request_1", traceparent="00-1-2-01")


class ThingCounted(Event, type="thing.counted", service="things", key="thing"):
    """A thing was counted."""

    thing: str
    number: int


@dataclass
class Flow:
    """A publishing database, a log, and a consuming database."""

    publisher: Database
    bus: Bus
    reader: Database

    def consumer(self, apply: Callable[[orm.Session, Received, ThingCounted], None], name: str = "counts") -> Consumer:
        return Consumer(name, self.reader, self.bus, ["things"], each({ThingCounted: apply}))

    async def publish(self, key: str, numbers: Sequence[int]) -> None:
        for number in numbers:
            await self.publisher.on_behalf(BY_TEST).write(count, key, number)

    async def effects(self) -> dict[str, list[int]]:
        def read(session: orm.Session) -> dict[str, list[int]]:
            found: dict[str, list[int]] = {}
            for key, number in session.execute(sa.select(effect.c.key, effect.c.number).order_by(effect.c.n)):
                found.setdefault(key, []).append(number)
            return found

        return await self.reader.read(read)


def count(session: orm.Session, key: str, number: int) -> None:
    outbox.record(session, ThingCounted(thing=key, number=number))


def keep(session: orm.Session, received: Received, event: ThingCounted) -> None:
    session.execute(sa.insert(effect).values(key=event.thing, number=event.number))


@asynccontextmanager
async def running(*parts: Relay | Consumer) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(part.run()) for part in parts]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
