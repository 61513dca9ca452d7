import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ["requirements.lock", "requirements-dev.lock"]


def dockerfile() -> list[str]:
    text = (ROOT / "deploy" / "Dockerfile").read_text().replace("\\\n", " ")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def pinned(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / lock).read_text(), re.MULTILINE))


def test_the_image_is_built_in_stages_and_needs_no_argument() -> None:
    text = (ROOT / "deploy" / "Dockerfile").read_text()
    assert len([line for line in dockerfile() if line.startswith("FROM ")]) == 2
    assert not [line for line in dockerfile() if line.startswith("ARG ")]
    assert "syntax=" not in text


def test_the_image_runs_as_somebody_who_is_not_root() -> None:
    (user,) = [line for line in dockerfile() if line.startswith("USER ")]
    assert user == "USER 10001:10001"
    assert dockerfile().index(user) > max(
        n for n, line in enumerate(dockerfile()) if line.startswith(("RUN ", "COPY "))
    )


def test_the_image_takes_packages_by_their_hash_only() -> None:
    assert any("pip install --no-cache-dir --require-hashes -r requirements.lock" in line for line in dockerfile())


def test_only_what_the_image_copies_is_sent_to_its_build() -> None:
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = {line.split()[1] for line in dockerfile() if line.startswith("COPY ") and "--from" not in line}
    assert allowed == copied


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_host(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert "://" not in text
    assert not re.search(r"^--(?!hash)", text, re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS)
def test_everything_in_a_lock_has_a_hash(lock: str) -> None:
    entries = re.split(r"\n(?=[a-z])", (ROOT / lock).read_text().strip())
    assert entries
    assert all("--hash=sha256:" in entry for entry in entries)


def test_the_locks_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = {_name(each) for each in project["dependencies"]}
    assert asked <= pinned("requirements.lock").keys()
    assert (
        asked | {_name(each) for each in project["optional-dependencies"]["dev"]}
        <= pinned("requirements-dev.lock").keys()
    )


def test_tests_run_on_the_versions_that_are_shipped() -> None:
    tested = pinned("requirements-dev.lock")
    assert {name: tested.get(name) for name in pinned("requirements.lock")} == pinned("requirements.lock")


def _name(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9-]+", requirement)
    assert found is not None
    return found[0].lower()
