"""The suite's entry with a way to die: ``BACKBONE_TEST_DIE=<point>:<n>`` kills the process at the n-th time.

The points are the four gaps of the two flows, the one between the two steps of a leaving, and those of what cannot be
done in one transaction. The product knows nothing of them: its functions are wrapped here.
"""

import os
import signal
import sys
import warnings
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from functools import wraps
from pathlib import Path
from types import ModuleType
from typing import Any

import services.members.app  # noqa: F401 - before any part of it: it brings every table
from services.cli import main
from services.gateway.handovers import delivery
from services.gateway.inbound import people, worker
from services.gateway.webhooks.recording import Recording
from services.members.trust.erasures import carrying_out
from shared.consumer import Consumer
from shared.relay import Relay
from tests import noon

Method = Callable[..., Awaitable[Any]]


def _before(method: Method, times: int) -> Method:
    countdown = iter(range(times - 1, -1, -1))

    @wraps(method)
    async def dying(*args: Any, **named: Any) -> Any:
        if next(countdown) == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return await method(*args, **named)

    return dying


def _after(method: Method, times: int) -> Method:
    countdown = iter(range(times - 1, -1, -1))

    @wraps(method)
    async def dying(*args: Any, **named: Any) -> Any:
        answer = await method(*args, **named)
        if next(countdown) == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    return dying


_PLACES: dict[str, tuple[type | ModuleType, str, Callable[[Method, int], Method]]] = {
    "after commit, before relay": (Relay, "send", _before),
    "after send, before mark": (Relay, "mark", _before),
    "after effect, before ack": (Consumer, "apply", _after),  # committed; not yet moved on in memory
    "after 2xx, before record": (Recording, "record", _before),
}
POINTS = tuple(_PLACES)
"""The gaps of the two flows."""
LEAVING = "after access ended, before members has it"
_PLACES[LEAVING] = (delivery, "_told", _before)
ROWS_GONE = "when the rows are gone and the texts are not"
BEFORE_THE_DISK = "before the disk is cleared"
_PLACES |= {ROWS_GONE: (carrying_out, "_erase", _after), BEFORE_THE_DISK: (carrying_out, "_finish", _before)}
_OF_TAKING: dict[str, tuple[type | ModuleType, str, Callable[[Method, int], Method]]] = {
    "what a CRM told is taken, nobody is asked": (worker, "take_up", _before),
    "who it is about is entered": (people, "take_in", _after),
    "who it is about is changed": (people, "change", _after),
    "it is applied, and that is not kept": (worker, "take_up", _after),
}
TAKING = tuple(_OF_TAKING)
"""The gaps of taking up what CRMs tell."""
_PLACES |= _OF_TAKING


def arm(point: str, times: int) -> None:
    """Wrap the function on which the point lies."""
    owner, name, wrap = _PLACES[point]
    if point in TAKING:  # what it had taken is others' soon after its death
        vars(worker)["_LEASE"] = timedelta(seconds=1)
    setattr(owner, name, wrap(getattr(owner, name), times))


def run(arguments: Sequence[str], environment: Mapping[str, str], log: Path, away: timedelta) -> None:
    """Be ``python -m services <arguments>`` in this environment and nothing else's, writing to ``log``, by a clock this
    far from the machine's."""
    noon.begin(away)
    os.environ.clear()
    os.environ.update(environment)
    written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(written, 1)
    os.dup2(written, 2)
    warnings.simplefilter("error", ResourceWarning)
    if dying := os.environ.get("BACKBONE_TEST_DIE"):
        where, _, number = dying.rpartition(":")
        arm(where, int(number))
    sys.argv = ["services", *arguments]
    main()
