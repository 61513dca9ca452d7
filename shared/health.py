"""How a service is, part by part and with the reason, in bounded time even when a part does not answer at all."""

import asyncio
from collections.abc import Awaitable, Iterable
from typing import Literal

from shared import metrics
from shared.consumer import Consumer
from shared.fields import View
from shared.parts import Parts
from shared.workers import Worker

_PATIENCE = 1.5


class PartHealth(View):
    """One part: whether it works, why not, and how many events stand before it."""

    name: str
    status: Literal["ok", "failing"]
    why: str | None = None
    lag: int | None = None
    parked_keys: int | None = None


class Health(View):
    """The whole: `ok`; `degraded` when it answers requests and something behind them waits; `down` when it cannot."""

    service: str
    status: Literal["ok", "degraded", "down"]
    parts: list[PartHealth]


async def health(parts: Parts, workers: Iterable[Worker]) -> Health:
    """Ask every part at once, at most 1.5 seconds."""
    database, bus, *consumers = await asyncio.gather(
        _asked("database", parts.db.check()),
        _asked("bus", parts.bus.check()),
        *(_consumer(consumer) for consumer in parts.consumers.values()),
    )
    everything = [database, bus, _part("relay", parts.relay.trouble), *consumers]
    known = {part.name: part for part in everything}
    for worker in workers:
        part = known.get(worker.name)
        if part is None:
            everything.append(_part(worker.name, worker.trouble))
        elif worker.trouble is not None:
            part.status, part.why = "failing", part.why or worker.trouble
    for part in consumers:
        metrics.lag.labels(parts.service, part.name).set(part.lag or 0)
        metrics.parked.labels(parts.service, part.name).set(part.parked_keys or 0)
    failing = any(part.status == "failing" for part in everything)
    status: Literal["ok", "degraded", "down"] = "degraded" if failing else "ok"
    # Without the log, writes still go through: their events wait in the outbox. Without the database nothing does.
    return Health(service=parts.service, status="down" if database.status == "failing" else status, parts=everything)


def _part(name: str, why: str | None) -> PartHealth:
    return PartHealth(name=name, status="ok" if why is None else "failing", why=why)


async def _asked(name: str, question: Awaitable[str | None]) -> PartHealth:
    try:
        async with asyncio.timeout(_PATIENCE):
            return _part(name, await question)
    except TimeoutError:
        return _part(name, "does not answer")
    except Exception as error:  # a check that breaks is an answer too
        return _part(name, type(error).__name__)


async def _consumer(consumer: Consumer) -> PartHealth:
    part = _part(consumer.name, consumer.trouble)
    try:
        async with asyncio.timeout(_PATIENCE):
            part.lag, parked = await consumer.lag(), len(await consumer.parked())
    except Exception as error:  # the log or the database is away, which their own parts explain
        return _part(consumer.name, part.why or f"lag unknown ({type(error).__name__})")
    part.parked_keys = parked
    if parked:
        part.status, part.why = "failing", part.why or f"{parked} keys wait behind an event that failed"
    return part
