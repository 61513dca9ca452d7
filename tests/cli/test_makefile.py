import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A clone's Makefile with locks of nothing, in a folder whose path has spaces in it."""
    folder = tmp_path / "a folder of" / "somebody's"
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "Makefile", folder)
    for lock in ("requirements.lock", "requirements-dev.lock"):
        (folder / lock).touch()
    return folder


def make(folder: Path, *arguments: str, path: str = os.environ["PATH"]) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHON"} | {"PATH": path}
    return subprocess.run(
        ["make", "-C", str(folder), *arguments], cwd="/", env=environment, capture_output=True, text=True, check=False
    )


def put(folder: Path, name: str, script: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def test_a_machine_without_a_new_enough_python_is_told_so(folder: Path) -> None:
    done = make(folder, "run", "PYTHON=/bin/false")
    assert done.returncode != 0
    assert "No Python 3.11 or newer with the venv module was found (tried: /bin/false)" in done.stderr
    assert "make run PYTHON=" in done.stderr


def test_the_environment_is_made_once_by_the_first_python_that_starts(folder: Path, tmp_path: Path) -> None:
    programs = tmp_path / "programs"
    put(programs, "python3", "exit 127")  # a shim of a version that is not installed
    put(programs, "python3.14", "exit 1")  # one that is too old, or has no venv
    put(programs, "python3.13", f'exec "{sys.executable}" "$@"')
    path = f"{programs}:{os.environ['PATH']}"

    done = make(folder, ".venv/run.installed", path=path)
    assert done.returncode == 0, done.stderr
    assert (folder / ".venv" / "bin" / "python").exists()

    made = (folder / ".venv" / "pyvenv.cfg").stat().st_mtime_ns
    assert "is up to date" in make(folder, ".venv/run.installed", path=path).stdout

    os.utime(folder / "requirements.lock")
    done = make(
        folder, ".venv/run.installed", "PYTHON=/bin/false", path=path
    )  # the environment is there: none is needed
    assert done.returncode == 0, done.stderr
    assert (folder / ".venv" / "pyvenv.cfg").stat().st_mtime_ns == made


def test_run_lets_webhooks_reach_this_machine_unless_told_otherwise(folder: Path) -> None:
    put(folder / ".venv" / "bin", "python", f'exec "{sys.executable}" "$@"')
    (folder / ".venv" / "run.installed").touch()
    (folder / "services").mkdir()
    (folder / "services" / "__main__.py").write_text("import os; print(os.environ['BACKBONE_WEBHOOKS_TO_LOOPBACK'])")
    assert make(folder, "-s", "run").stdout.splitlines()[-1] == "true"
    assert make(folder, "-s", "run", "BACKBONE_WEBHOOKS_TO_LOOPBACK=false").stdout.splitlines()[-1] == "false"
