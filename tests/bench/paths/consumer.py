"""The consumer on a real Kafka and PostgreSQL, beside ``getmany`` with one commit a batch and no effect at all.

Ours keeps its cursor and its inbox in the database in any case; with effects, each event also adds a row there.
"""

import asyncio
import time
from collections.abc import Sequence
from functools import partial

import sqlalchemy as sa
from sqlalchemy import orm

from shared.bus import Bus, open_bus
from shared.bus.kafka import KafkaBus
from shared.bus.records import Record
from shared.consumer import Consumer, Handlers, each
from shared.db import Session, open_database
from shared.db.hot import hot
from shared.events.base import Event, Received
from shared.events.members.directory import MembershipJoined, PersonCreated
from shared.events.members.pledges import PledgeMade
from shared.events.members.trust import PermissionGiven
from shared.ids import new_id
from shared.testing.postgres import PostgresServer
from tests.bench import events, things
from tests.bench.baselines import kafka as plain
from tests.bench.ground import Ground
from tests.bench.rows import Row, ratio
from tests.bench.turns import medians

_metadata = sa.MetaData()
_effects = sa.Table(
    "effect",
    _metadata,
    sa.Column("event", sa.Text, primary_key=True),
    sa.Column("movement", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
)
_insert = hot(sa.insert(_effects))


def _keep(session: orm.Session, received: Received, event: Event) -> None:
    row = {"event": received.id, "movement": received.movement, "subject": event.subject, "type": received.type}
    _insert.later(session, row)


_EFFECTS: Handlers = dict.fromkeys((PersonCreated, MembershipJoined, PermissionGiven, PledgeMade), _keep)


class _Counting(Consumer):
    """A consumer that knows when it has applied the last of the events."""

    def begin(self) -> "asyncio.Future[float]":
        """Events a second from the moment when the first are there, once all are applied."""
        self._began, self._left = 0.0, events.COUNT
        self._rate: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        return self._rate

    async def apply(self, records: Sequence[Record]) -> None:
        self._began = self._began or time.perf_counter()
        await super().apply(records)
        self._left -= len(records)
        if not self._left:
            self._rate.set_result(events.COUNT / (time.perf_counter() - self._began))


async def measure(ground: Ground) -> Sequence[Row]:
    """Events a second beside aiokafka's, with effects and without."""
    postgres, kafka = ground.postgres(), ground.kafka()
    bus = open_bus(kafka.new_url())
    assert isinstance(bus, KafkaBus)
    await bus.ensure_topics([events.TOPIC])
    await bus.append(events.TOPIC, await events.records(await events.filled(postgres)))
    empty = await _empty(postgres)
    read = partial(plain.read, kafka.servers, bus.physical((events.TOPIC, 0)).topic)
    rates = await medians(
        {
            "with effects": partial(_ours, postgres, empty, bus, _EFFECTS),
            "without": partial(_ours, postgres, empty, bus, {}),
            "getmany": lambda: read(new_id("req"), events.COUNT),
        }
    )
    await bus.close()
    return [
        ratio("consumer with effects / getmany", rates["with effects"], rates["getmany"], "events/s", goal=0.5),
        ratio("consumer without effects / getmany", rates["without"], rates["getmany"], "events/s", goal=0.8),
    ]


async def _empty(postgres: PostgresServer) -> str:
    url = postgres.new_database()
    await things.prepare(url)
    database = open_database(url, pool=1)
    await database.open()
    await database.write(_create_effects)
    await database.close()
    return url.rsplit("/", 1)[1]


def _create_effects(session: Session) -> None:
    _metadata.create_all(session.connection())


async def _ours(postgres: PostgresServer, empty: str, bus: Bus, handlers: Handlers) -> float:
    database = open_database(postgres.new_database(empty), pool=4)
    await database.open()
    consumer = _Counting(new_id("req"), database, bus, [events.SERVICE], each(handlers))
    rate = consumer.begin()
    running = asyncio.create_task(consumer.run())
    answer = await rate
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await database.close()
    return answer
