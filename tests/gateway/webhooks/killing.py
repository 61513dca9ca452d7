"""A process that sends webhooks until nothing is left to send, or until it kills itself where it was told to."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import wraps
from multiprocessing.context import ForkServerProcess
from typing import Any

import sqlalchemy as sa

from services.gateway.webhooks import recovery, schedule
from services.gateway.webhooks.models import Delivery
from services.gateway.webhooks.recording import Recording
from services.gateway.webhooks.sender import Sender
from shared.app import Parts, create_app
from shared.dialler import Dialler
from shared.settings import Settings
from tests import noon
from tests.forking import FORKED

_QUICK = tuple(50_000 for _ in schedule.DELAYS)
"""Microseconds between attempts: the schedule itself is tested with a clock that is moved by hand."""

POINTS = ("before a look", "after taking", "after an answer", "before recording", "after recording")
"""Where it dies: around each transaction of the sender, and between a receiver's answer and its recording."""


def start(settings: Settings, die: tuple[str, int] | None = None) -> ForkServerProcess:
    """Start one; `die` is where it kills itself, and the how manieth time it comes there."""
    process = FORKED.Process(target=_run, args=(settings, die, noon.AWAY))
    process.start()
    return process


def _run(settings: Settings, die: tuple[str, int] | None, away: timedelta) -> None:
    noon.begin(away)
    schedule.DELAYS = _QUICK
    recovery.SLICE = 5
    if die is not None:
        _arm(*die)
    asyncio.run(_send_all(settings))


async def _send_all(settings: Settings) -> None:
    sending = Sender(Dialler(to_loopback=True))
    app = create_app("gateway", settings, routers=[], workers=[sending.send_webhooks], title="Sending", description="")
    async with app.router.lifespan_context(app):
        parts: Parts = app.state.parts
        while await parts.db.read(_something_is_left):
            await asyncio.sleep(0.05)
            sending.wake()


def _something_is_left(session: Any) -> bool:
    waiting = sa.select(Delivery.id).where(Delivery.status.in_(("pending", "behind"))).limit(1)
    return session.scalar(waiting) is not None or recovery.any_open(session)


def _arm(point: str, times: int) -> None:
    countdown = iter(range(times - 1, -1, -1))

    def at(place: str) -> None:
        if place == point and next(countdown, None) == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(method: Callable[..., Awaitable[Any]], before: str, after: str) -> Callable[..., Awaitable[Any]]:
        @wraps(method)
        async def dying(*args: Any) -> Any:
            at(before)
            answer = await method(*args)
            at(after)
            return answer

        return dying

    before_look, after_taking, after_answer, before_recording, after_recording = POINTS
    for owner, name, before, after in (
        (Sender, "_look", before_look, ""),
        (Sender, "_fill", "", after_taking),
        (Sender, "send", "", after_answer),
        (Recording, "record", before_recording, after_recording),
    ):
        setattr(owner, name, around(getattr(owner, name), before, after))
