"""Sending webhooks that wait in the queue, signed and recorded, beside the same client posting the same bodies.

One endpoint, so 16 in flight on both sides; the receiver is nginx, which answers at once.
"""

import asyncio
import time
from collections.abc import Sequence
from functools import partial

import sqlalchemy as sa
from sqlalchemy import orm

from services.cli.databases import bring_up
from services.gateway.feed import domain as feed
from services.gateway.feed.cloudevents import cloud_event, encode
from services.gateway.webhooks import domain, fanout
from services.gateway.webhooks.models import IN_FLIGHT, Delivery
from services.gateway.webhooks.schemas import NewEndpoint
from services.gateway.webhooks.sender import Sender
from shared import clock
from shared.bus import open_bus
from shared.cpu import Cpu
from shared.db import Bound, Context, Database, Session, open_database
from shared.db.hot import hot
from shared.dialler import Dialler
from shared.events.base import Received
from shared.events.members.engagement import ActivityRecorded
from shared.ids import new_id
from shared.parts import Parts
from shared.relay import Relay
from shared.secrets import Secrets
from shared.settings import Settings
from shared.testing.eventually import eventually
from tests.bench import nginx
from tests.bench.baselines.posting import post
from tests.bench.ground import Ground
from tests.bench.one_service import MOVEMENT
from tests.bench.rows import Row, ratio
from tests.bench.turns import medians

_COUNT = 5_000
_open = hot(sa.select(Delivery.id).where(sa.text("status <> 'succeeded'")).limit(1))


async def measure(ground: Ground) -> Sequence[Row]:
    """Deliveries a second beside bare posts."""
    url = f"http://{nginx.fixed(ground, {})}/webhooks"
    settings = Settings.model_validate({"data_dir": ground.folder / "sending"})
    settings.data_dir.mkdir()
    await bring_up(settings, ["gateway"])
    db, bus = open_database(settings.database_url("gateway")), open_bus(settings.bus_url)
    await db.open()
    secrets = Secrets.load(settings, "gateway")
    parts = Parts("gateway", settings, secrets, {}, db, bus, Relay("gateway", db, bus), Cpu(60), {})
    wanted = NewEndpoint(url=url, types=["*"]).settings()
    await _for_all(db).write(domain.create, MOVEMENT, wanted, organisation=None, signature="hmac", secrets=secrets)
    bodies = await _for_all(db).write(_queue)
    rates = await medians({"ours": partial(_ours, parts), "bare": partial(post, url, bodies, IN_FLIGHT)})
    await bus.close()
    await db.close()
    return [ratio("webhooks, signed and recorded / bare posts", rates["ours"], rates["bare"], "posts/s", goal=0.4)]


async def _ours(parts: Parts) -> float:
    """Queue what is to be sent while nobody sends; then send it all."""
    if not await parts.db.read(_some_open):
        await _for_all(parts.db).write(_queue)
    sender = Sender(Dialler(to_loopback=True))
    began = time.perf_counter()
    sending = asyncio.create_task(sender.send_webhooks(parts))
    await eventually(lambda: _all_sent(parts.db), within=60, every=0.01)
    seconds = time.perf_counter() - began
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
    return _COUNT / seconds


def _queue(session: Session) -> list[bytes]:
    """Let events enter the feed, and a delivery of each the queue; answers the bodies that it will have."""
    items = feed.publish(session, MOVEMENT, [_received() for _ in range(_COUNT)])
    fanout.fan_out(session, MOVEMENT, items, Sender(Dialler()))  # it does not send, and has room for nothing
    return [encode(cloud_event(item, None)) for item in items]


def _received() -> Received:
    event = ActivityRecorded(person=new_id("person"), activity=new_id("activity"), kind="walk")
    return Received(
        id=new_id("evt"), type=event.event_type, service=event.event_service, key=event.subject, sequence=1,
        movement=MOVEMENT, actor="key_1", causation="req_1", origin=None, traceparent="00-1-2-01",
        time=clock.now(), payload=encode(event),
    )  # fmt: skip


async def _all_sent(db: Database) -> bool:
    return not await db.read_by_key(_some_open)


def _some_open(session: orm.Session) -> bool:
    return _open.one(session, {}) is not None


def _for_all(db: Database) -> Bound:
    return db.on_behalf(Context(MOVEMENT, "key_1"))
