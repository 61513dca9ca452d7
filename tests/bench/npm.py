"""Packages of npm that baselines are made of: under the project's cache, and nowhere in the repository."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.bench.ground import CACHE, program
from tests.bench.rows import Missing

_WRITTEN_LAST = Path("node_modules", ".package-lock.json")
"""By npm itself: what was broken off in the middle lacks it, and is begun again."""


def installed(name: str, packages: Sequence[str], *, within: float = 120) -> Path:
    """The folder of this name under the cache with the packages in its ``node_modules``, filled the first time.

    Raises Missing where there is no npm, where it fails, with its reason, or takes longer than ``within`` seconds.
    """
    folder = CACHE / name
    if not (folder / _WRITTEN_LAST).is_file():
        folder.mkdir(parents=True, exist_ok=True)
        command = [program("npm"), "install", "--prefix", str(folder), "--no-audit", "--no-fund", *packages]
        try:
            subprocess.run(
                command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True, timeout=within
            )
        except subprocess.TimeoutExpired:
            raise Missing(f"npm did not install {' and '.join(packages)} within {within:.0f} s") from None
        except subprocess.CalledProcessError as failed:
            raise Missing(f"npm could not install {' and '.join(packages)}: {_reason(failed.stderr)}") from None
    return folder


def _reason(said: str) -> str:
    """The first lines in which npm names an error: its code, and what it did not find or reach."""
    errors = [line.removeprefix("npm error").strip() for line in said.splitlines() if line.startswith("npm error")]
    return "; ".join(errors[:2]) or "no reason given"
