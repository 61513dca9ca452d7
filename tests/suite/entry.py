"""The suite's entry with a way to die: ``BACKBONE_TEST_DIE=<point>:<n>`` kills the process at the n-th time.

The points are the four gaps of the two flows. The product knows nothing of them: its methods are wrapped here.
"""

import os
import signal
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from services.cli import main
from services.gateway.webhooks.recording import Recording
from shared.consumer import Consumer
from shared.relay import Relay

POINTS = ("after commit, before relay", "after send, before mark", "after effect, before ack", "after 2xx, before record")


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _before(method: Callable[..., Awaitable[Any]], countdown: list[int]) -> Callable[..., Awaitable[Any]]:
    @wraps(method)
    async def dying(*args: Any) -> Any:
        countdown[0] -= 1
        if countdown[0] <= 0:
            _die()
        return await method(*args)

    return dying


def _after(method: Callable[..., Awaitable[Any]], countdown: list[int]) -> Callable[..., Awaitable[Any]]:
    @wraps(method)
    async def dying(*args: Any) -> Any:
        answer = await method(*args)
        countdown[0] -= 1
        if countdown[0] <= 0:
            _die()
        return answer

    return dying


def arm(point: str, times: int) -> None:
    """Wrap the method on which the point lies."""
    countdown = [times]
    match POINTS.index(point):
        case 0:
            Relay.send = _before(Relay.send, countdown)  # type: ignore[method-assign]
        case 1:
            Relay.mark = _before(Relay.mark, countdown)  # type: ignore[method-assign]
        case 2:
            # The effects are committed; the consumer has not yet moved on in memory.
            Consumer.apply = _after(Consumer.apply, countdown)  # type: ignore[method-assign]
        case 3:
            Recording.record = _before(Recording.record, countdown)  # type: ignore[method-assign]


if __name__ == "__main__":
    if dying := os.environ.get("BACKBONE_TEST_DIE"):
        where, _, number = dying.rpartition(":")
        arm(where, int(number))
    main()
