"""What a measurement stands on: a folder on the disk, the processes that it starts, PostgreSQL and Kafka."""

import asyncio
import http.client
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from shared.testing.kafka import JarsMissing, KafkaMissing, KafkaServer, running_kafka
from shared.testing.postgres import PostgresMissing, PostgresServer, running_postgres
from tests.bench.rows import Missing

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache" / "bench"
"""On the disk that the project is on: where temporary files live in memory, a sync to the disk would cost nothing."""

_STARTED_WITHIN = 30.0
_OURS = ("BACKBONE_", "DATABASE_", "BUS_", "GATEWAY_URL", "MEMBERS_URL", "MEASURES_URL", "GRANTS_URL")


class DidNotStart(Exception):
    """A process ended, or did not listen in time; the message holds the last that it wrote."""


@dataclass
class Ground:
    """The ground of one measurement. Everything on it is gone when the block that opened it ends."""

    folder: Path
    stack: ExitStack = field(default_factory=ExitStack)

    def start(
        self,
        name: str,
        command: Sequence[str],
        port: int,
        environment: Mapping[str, str] | None = None,
        *,
        healthy: bool = False,
    ) -> int:
        """Start a program, wait until it listens, and answer its process id; it is ended with the ground.

        ``healthy``: wait until ``/health`` answers 200.
        """
        log = self.folder / f"{name}.log"
        with log.open("ab") as written:
            running = subprocess.Popen(
                command, cwd=ROOT, env=clean_environment() | dict(environment or {}), stdin=subprocess.DEVNULL,
                stdout=written, stderr=written,
            )  # fmt: skip
        self.stack.callback(_end, running)
        _await_ready(running, _is_healthy if healthy else _listens, port, log)
        return running.pid

    @contextmanager
    def again(self) -> Iterator["Ground"]:
        """The same folder for processes that end with this block."""
        with ExitStack() as stack:
            yield Ground(self.folder, stack)

    def run(self, command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
        """Run a command to its end. Raises DidNotStart with what it wrote when it fails."""
        done = subprocess.run(
            command, cwd=ROOT, env=clean_environment() | dict(environment or {}), stdin=subprocess.DEVNULL,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise DidNotStart(f"{' '.join(command)}: {(done.stderr or done.stdout)[-2000:]}")

    def postgres(self) -> PostgresServer:
        """A server of this ground's own, in memory where there is room: what is compared is work, not the disk."""
        try:
            return self.stack.enter_context(running_postgres())
        except PostgresMissing as missing:
            raise Missing(f"PostgreSQL: {missing}") from None

    def kafka(self) -> KafkaServer:
        """A real Apache Kafka, one node of this ground's own."""
        try:
            return self.stack.enter_context(running_kafka())
        except (JarsMissing, KafkaMissing) as missing:
            raise Missing(f"Kafka: {missing}") from None


@contextmanager
def ground() -> Iterator[Ground]:
    """Ground for one measurement, with a folder under the project's cache."""
    CACHE.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="run-", dir=CACHE))
    folder.chmod(0o755)  # nginx gives its privileges up, and must still find it
    try:
        with ExitStack() as stack:
            yield Ground(folder, stack)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def program(name: str) -> str:
    """The path of a program. Raises Missing where the machine has none; nginx lies outside most people's PATH."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    if found is None:
        raise Missing(f"{name} is not installed")
    return found


def clean_environment() -> dict[str, str]:
    """The environment, without what would set the suite up in another way than the measurement means to."""
    return {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}


async def finished(command: Sequence[str]) -> str:
    """What a command writes, run while this process's loop goes on. Raises DidNotStart when it fails."""
    process = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said = (await process.communicate())[0].decode()
    if process.returncode:
        raise DidNotStart(f"{' '.join(command)}: {said[-2000:]}")
    return said


def _await_ready(running: "subprocess.Popen[bytes]", ready: Callable[[int], bool], port: int, log: Path) -> None:
    deadline = time.monotonic() + _STARTED_WITHIN
    while not ready(port):
        if running.poll() is not None or time.monotonic() > deadline:
            raise DidNotStart(log.read_text(errors="replace")[-2000:])
        time.sleep(0.01)


def _listens(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def _is_healthy(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_STARTED_WITHIN)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _end(running: "subprocess.Popen[bytes]") -> None:
    running.terminate()
    try:
        running.wait(10)
    except subprocess.TimeoutExpired:
        running.kill()
        running.wait(10)
