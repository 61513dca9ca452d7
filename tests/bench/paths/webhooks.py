"""Sending webhooks that wait in the queue, signed and recorded, beside the same client posting the same bodies.

One endpoint, so 16 in flight on both sides; the receiver is nginx, which answers at once. And beside a general client
and Celery with requests, which neither sign nor record.
"""

import time
from collections.abc import Sequence
from functools import partial

import sqlalchemy as sa
from sqlalchemy import orm

from services.gateway.feed.cloudevents import cloud_event, encode
from services.gateway.webhooks.models import IN_FLIGHT, Delivery
from services.gateway.webhooks.sender import Sender
from shared.db import Database
from shared.db.hot import hot
from shared.dialler import Dialler
from shared.parts import Parts
from shared.testing.eventually import eventually
from tests.bench import nginx, outward
from tests.bench.baselines.posting import by_pool, by_pyreqwest
from tests.bench.celery_worker import Celery
from tests.bench.ground import Ground
from tests.bench.one_service import MOVEMENT
from tests.bench.rows import Missing, Row, ratio, skipped
from tests.bench.turns import medians

_COUNT = 40_000
"""So many that starting and ending, a tenth of a second together, are next to nothing of it."""
_FOR_CELERY = 1_000
_ROW = "webhooks, signed and recorded"
_open = hot(sa.select(Delivery.id).where(sa.text("status <> 'succeeded'")).limit(1))


async def measure(ground: Ground) -> Sequence[Row]:
    """Deliveries a second beside bare posts by two clients, and beside Celery."""
    url = f"http://{nginx.fixed(ground, {})}/webhooks"
    async with outward.opened(ground.folder / "sending") as parts:
        await outward.subscribe(parts, MOVEMENT, url)
        bodies = await _queue(parts)
        sides = {
            "ours": partial(_ours, parts),
            "bare": partial(by_pool, url, bodies, IN_FLIGHT),
            "general": partial(by_pyreqwest, url, bodies, IN_FLIGHT),
        }
        lacking = ""
        try:
            sides["celery"] = partial(Celery(ground, IN_FLIGHT).post, bodies[:_FOR_CELERY])
        except Missing as missing:
            lacking = str(missing)
        rates = await medians(sides)
    beside = f"{_ROW} / Celery with requests"
    return [
        ratio(f"{_ROW} / bare posts", rates["ours"], rates["bare"], "posts/s", goal=0.4),
        ratio(f"{_ROW} / bare posts by pyreqwest", rates["ours"], rates["general"], "posts/s", goal=0.4),
        skipped(beside, lacking) if lacking else ratio(beside, rates["ours"], rates["celery"], "posts/s", goal=20),
    ]


async def _ours(parts: Parts) -> float:
    """Queue what is to be sent while nobody sends; then send it all."""
    if not await parts.db.read(_some_open):
        await _queue(parts)
    began = time.perf_counter()
    async with outward.sending(parts):
        await eventually(lambda: _all_sent(parts.db), within=60, every=0.01)
        seconds = time.perf_counter() - began
    return _COUNT / seconds


async def _queue(parts: Parts) -> list[bytes]:
    """Queue deliveries while nobody sends; answers the bodies that they will have."""
    nobody = Sender(Dialler())
    items = await outward.of(parts, MOVEMENT).write(outward.publish, MOVEMENT, _COUNT, nobody)
    return [encode(cloud_event(item, None)) for item in items]


async def _all_sent(db: Database) -> bool:
    return not await db.read_by_key(_some_open)


def _some_open(session: orm.Session) -> bool:
    return _open.one(session, {}) is not None
