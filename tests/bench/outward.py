"""The gateway's webhooks alone, on an SQLite database: to queue deliveries in them, and to send these.

``python -m tests.bench.outward FOLDER`` sends what waits in a data folder until it is ended.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import uvloop
from sqlalchemy import orm

from services.cli.databases import bring_up
from services.gateway.feed import domain as feed
from services.gateway.feed.cloudevents import Item, encode
from services.gateway.webhooks import domain, fanout
from services.gateway.webhooks.schemas import NewEndpoint
from services.gateway.webhooks.sender import Sender
from shared import clock
from shared.bus import open_bus
from shared.cpu import Cpu
from shared.db import Bound, Context, after_commit, open_database
from shared.dialler import Dialler
from shared.events.base import Received
from shared.events.members.engagement import ActivityRecorded
from shared.ids import new_id
from shared.parts import Parts
from shared.relay import Relay
from shared.secrets import Secrets
from shared.settings import Settings
from shared.testing.eventually import eventually


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Parts]:
    """The gateway's parts in a data folder, which is set up where it is not."""
    settings = Settings.model_validate({"data_dir": folder})
    folder.mkdir(exist_ok=True)
    await bring_up(settings, ["gateway"])
    db, bus = open_database(settings.database_url("gateway")), open_bus(settings.bus_url)
    await db.open()
    secrets = Secrets.load(settings, "gateway")
    try:
        yield Parts("gateway", settings, secrets, {}, db, bus, Relay("gateway", db, bus), Cpu(60), {})
    finally:
        await bus.close()
        await db.close()


@asynccontextmanager
async def sending(parts: Parts) -> AsyncIterator[Sender]:
    """A sender at work while the block lasts."""
    sender = Sender(Dialler(to_loopback=True))
    task = asyncio.create_task(sender.send_webhooks(parts))
    try:
        await eventually(lambda: sender.worker, every=0.01)
        yield sender
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def subscribe(parts: Parts, movement: str, url: str, count: int = 1) -> None:
    """Endpoints of a movement that take everything."""
    wanted = NewEndpoint(url=url, types=["*"]).settings()

    def make(session: orm.Session) -> None:
        for _ in range(count):
            domain.create(session, movement, wanted, organisation=None, signature="hmac", secrets=parts.secrets)
            session.flush()

    await of(parts, movement).write(make)


def publish(session: orm.Session, movement: str, count: int, sender: Sender) -> list[Item]:
    """Let events enter the feed, and their deliveries the queue; the sender takes what it has room for."""
    items = feed.publish(session, movement, [_received(movement) for _ in range(count)])
    after_commit(session, partial(sender.take, fanout.fan_out(session, movement, items, sender)))
    return items


def of(parts: Parts, movement: str) -> Bound:
    """The database, on behalf of somebody of a movement."""
    return parts.db.on_behalf(Context(movement, "key_1"))


def _received(movement: str) -> Received:
    event = ActivityRecorded(person=new_id("person"), activity=new_id("activity"), kind="walk")
    return Received(
        id=new_id("evt"), type=event.event_type, service=event.event_service, key=event.subject, sequence=1,
        movement=movement, actor="key_1", causation="req_1", origin=None, traceparent="00-1-2-01",
        time=clock.now(), payload=encode(event),
    )  # fmt: skip


async def _send(folder: Path) -> None:
    async with opened(folder) as parts, sending(parts):
        await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(_send(Path(sys.argv[1])))
