"""Load over HTTP by wrk: a closed loop of so many connections, on one thread of its own."""

import json
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.bench.ground import finished, program

SECONDS = 2
_SCRIPTS = Path(__file__).parent


class Refused(Exception):
    """Some requests were not answered as they should be: what was measured is something else."""


@dataclass(frozen=True, slots=True)
class Load:
    """What one run answered: requests a second, and how long they took, in milliseconds."""

    rate: float
    p50: float
    p99: float


def load(
    url: str, in_flight: int, headers: Mapping[str, str] | Callable[[], Mapping[str, str]], body: str | None = None,
    seconds: int = SECONDS, turns: Sequence[str] = (),
) -> Callable[[], Awaitable[Load]]:  # fmt: skip
    """One side of a comparison. With a ``body`` it posts that, each time with another Idempotency-Key. The next of
    ``turns`` stands in the place of ``{turn}`` in the body, or in the address where there is none.

    ``headers`` may be made anew for each run. Raises Refused where anything but a success came back.
    """
    wrk = program("wrk")

    async def run() -> Load:
        sent = headers() if callable(headers) else headers
        command = [wrk, "-t1", f"-c{in_flight}", f"-d{seconds}s", "--latency", "--timeout", "10s"]
        command += [word for name, value in sent.items() for word in ("-H", f"{name}: {value}")]
        if body is None:
            command += ["-s", str(_SCRIPTS / "reading.lua"), url, "--", *turns]
        else:
            command += ["-s", str(_SCRIPTS / "writing.lua"), url, "--", uuid.uuid4().hex, body, *turns]
        return _read((await finished(command)).splitlines()[-1])

    return run


def _read(line: str) -> Load:
    said = json.loads(line)
    if said["refused"] or said["broken"]:
        raise Refused(f"{said['refused']} requests were refused and {said['broken']} broke off")
    seconds = said["microseconds"] / 1e6
    return Load(said["requests"] / seconds, said["p50"] / 1000, said["p99"] / 1000)


def rate(loads: Sequence[Load]) -> float:
    """The median of the requests a second."""
    return median(load.rate for load in loads)


def p50(loads: Sequence[Load]) -> float:
    """The median of the medians, in milliseconds."""
    return median(load.p50 for load in loads)


def p99(loads: Sequence[Load]) -> float:
    """The median of the 99th percentiles, in milliseconds."""
    return median(load.p99 for load in loads)
