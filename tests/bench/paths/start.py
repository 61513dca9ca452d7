"""The cold start of the whole suite on a folder that is set up, to its first 200; and its memory when it idles."""

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from tests.bench import suite
from tests.bench.ground import Ground
from tests.bench.rows import Row, at_most
from tests.bench.turns import ROUNDS

_IDLE_SECONDS = 5.0


async def measure(ground: Ground) -> Sequence[Row]:
    """Seconds to the first 200 of ``/health``, and megabytes of memory after some seconds without a request."""
    with ground.again() as first:
        suite.embedded(first)
    seconds, megabytes = [], 0.0
    for number in range(ROUNDS):
        with ground.again() as one:
            began = time.perf_counter()
            started = suite.embedded(one)
            seconds.append(time.perf_counter() - began)
            if number == ROUNDS - 1:
                await asyncio.sleep(_IDLE_SECONDS)
                megabytes = _resident(started.process)
    return [
        at_most("cold start to the first 200", median(seconds), "s", most=3),
        at_most("idle memory of the whole suite", megabytes, "MB", most=250),
    ]


def _resident(process: int) -> float:
    """What the process has in memory, in megabytes: its own and all of what it shares, so rather too much."""
    status = Path(f"/proc/{process}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")) / 1024
