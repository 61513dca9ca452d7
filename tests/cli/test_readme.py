"""The README's tour is typed as it stands, against a suite in a process of its own: its answers are what it shows."""

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from services.cli import documents
from shared.settings import table
from shared.testing.ports import free_ports
from tests.cli.process import ROOT, running

_TOUR = re.compile(r"^## A ten-minute tour$(.*?)^## ", re.MULTILINE | re.DOTALL)
_BLOCK = re.compile(r"^```sh\n(.*?)^```\n(?:```text\n(.*?)^```\n)?", re.MULTILINE | re.DOTALL)
_SECONDS = 420
_END_OF_STEP = "--- that was a step ---"

# `make demo` first installs what `make run` installed already; what runs these tests is installed, wherever it is.
_MAKE = 'make() { "$PYTHON" -m services "$@"; }'


class Step(NamedTuple):
    """Commands, and what the README says that they print; `…` in it is anything."""

    commands: str
    shows: str


def tour() -> Sequence[Step]:
    """The steps as they are written."""
    found = _TOUR.search((ROOT / "README.md").read_text(encoding="utf-8"))
    assert found is not None
    return [Step(commands, shows) for commands, shows in _BLOCK.findall(found[1])]


def type_in(steps: Sequence[Step], environment: dict[str, str]) -> Sequence[str]:
    """What each step prints, all of them typed into one shell in the repository's folder."""
    script = "\n".join(["set -eo pipefail", _MAKE, *(f"{step.commands}echo '{_END_OF_STEP}'" for step in steps)])
    done = subprocess.run(
        ["bash", "-c", script], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, check=False, timeout=_SECONDS,
    )  # fmt: skip
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout.split(f"{_END_OF_STEP}\n")


def pattern(shows: str) -> str:
    """What the README shows, as an expression that what is printed must match in full."""
    return "(?s:.*)".join(re.escape(part) for part in shows.split("…"))


def test_every_command_of_the_tour_runs_and_answers_what_the_readme_shows(tmp_path: Path) -> None:
    first, *steps = tour()
    gateway, admin, hook = map(str, free_ports(3))
    own = {"BACKBONE_PORT": gateway, "BACKBONE_ADMIN_PORT": admin, "BACKBONE_WEBHOOKS_TO_LOOPBACK": "true"}
    with running(tmp_path / "data", **own) as suite:
        given = {
            "API": suite.api,
            "PAGES": suite.said(r"Pages +(\S+)"),
            "KEY": suite.said(r"Platform key +(\S+)"),
            "PYTHON": sys.executable,
            "HOOK_PORT": hook,
        }
        assert re.findall(r"\b([A-Z_]+)=", first.commands) == list(given)
        environment = {"PATH": os.environ["PATH"], "BACKBONE_DATA_DIR": str(tmp_path / "data")} | own | given
        printed = type_in(steps, environment)
    for step, said in zip(steps, printed, strict=False):
        assert re.fullmatch(pattern(step.shows), said), f"{step.commands}\nprinted\n{said}\nnot\n{step.shows}"


def test_the_tour_ends_with_the_forest_of_dean_and_the_funnel() -> None:
    shown = tour()[-1].shows
    assert "2015/16 | 21.2\n2023/24 | 19.3\n" in shown
    assert [line.split(" | ")[0] for line in shown.splitlines()[2:]] == [
        "observer", "follower", "active_participant", "champion", "co_owner"
    ]  # fmt: skip


@pytest.mark.parametrize("target", ["run", "test", "check", "bench", "demo"])
def test_what_the_readme_has_make_do_is_in_the_makefile(target: str) -> None:
    assert f"make {target}" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def test_every_guide_is_linked() -> None:
    linked = (ROOT / "README.md").read_text(encoding="utf-8")
    guides = [guide.relative_to(ROOT).as_posix() for guide in ROOT.glob("services/*/guide/*.md")]
    assert len(guides) > 10
    assert [guide for guide in guides if f"({guide})" not in linked] == []


def test_a_row_that_tells_of_no_setting_as_it_is_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(f"{table()}\n| `BACKBONE_PORT` | `1` | what it was |\n")
    monkeypatch.setattr(documents, "_ROOT", tmp_path)
    assert documents.settings_drift() == ["of no setting as it is: | `BACKBONE_PORT` | `1` | what it was |"]
