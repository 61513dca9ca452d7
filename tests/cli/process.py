"""Starts ``python -m services`` as its users do, and reads what it says."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_START_SECONDS = 60.0


@dataclass
class Running:
    """A suite that answers; what it has printed so far is read from its files."""

    process: subprocess.Popen[bytes]
    printed: Path
    logged: Path

    def said(self, pattern: str) -> str:
        """What the pattern's group matches in its output, waited for while it starts."""
        deadline = time.monotonic() + _START_SECONDS
        while (found := re.search(pattern, self.printed.read_text())) is None:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"never said {pattern}: {self.printed.read_text()}{self.logged.read_text()}")
            time.sleep(0.02)
        return found[1]

    @property
    def api(self) -> str:
        """The gateway's address."""
        return self.said(r"API +(http://\S+)/docs")

    @property
    def address(self) -> str:
        """Where a service that runs alone answers."""
        return self.said(r"answers on (http://\S+)")

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal and answer the exit code."""
        self.process.send_signal(number)
        return self.process.wait(timeout=30)


@contextmanager
def running(data: Path, *service: str, **environment: str) -> Iterator[Running]:
    """The whole suite, or one service, on ports of the system's choice; killed at the end if it still runs."""
    data.parent.mkdir(parents=True, exist_ok=True)
    printed, logged = data.with_suffix(".out"), data.with_suffix(".err")
    with printed.open("wb") as out, logged.open("wb") as err:
        started = subprocess.Popen(
            _command(*service), cwd=ROOT, env=_environment(data, environment), stdout=out, stderr=err
        )
    try:
        yield Running(started, printed, logged)
    finally:
        started.kill()
        started.wait()


def run(*arguments: str, data: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """One command, to its end."""
    return subprocess.run(
        _command(*arguments), cwd=ROOT, env=_environment(data, environment),
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def begun(*arguments: str, data: Path) -> subprocess.Popen[bytes]:
    """One command, under way."""
    return subprocess.Popen(
        _command(*arguments), cwd=ROOT, env=_environment(data, {}), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "services", *arguments]


def _environment(data: Path, more: dict[str, str]) -> dict[str, str]:
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith("BACKBONE_") and "_URL" not in name
    }
    return clean | {"BACKBONE_DATA_DIR": str(data), "BACKBONE_PORT": "0"} | more
