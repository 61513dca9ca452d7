"""Fixtures that tests of every part share: a database of either kind, and the outside parts from ``tests.plugins``."""

import gc
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared import clock
from shared.db import Database, Session, infrastructure, open_database
from shared.testing.memory import in_memory
from tests import noon

pytest_plugins = ["tests.plugins.parts", "tests.plugins.service"]

noon.begin(noon.AWAY)  # before a test module is imported, and asks what day it is

gc.disable()  # until all is collected: what is imported on the way stays

if (_memory := in_memory()) is not None:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", _memory)  # where pytest makes the folders of tests

_LONGEST_FIRST = ("suite", "contract", "cli", "shared")
"""Folders whose files take longest: begun first, none of them is left to one process when the others are done."""


def pytest_collection_finish() -> None:
    """Leave out of every later collection what stays, and collect less often: an eighth of the time went there."""
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    last = len(_LONGEST_FIRST)

    def turn(item: pytest.Item) -> int:
        folder = item.path.relative_to(here).parts[0] if item.path.is_relative_to(here) else ""
        return _LONGEST_FIRST.index(folder) if folder in _LONGEST_FIRST else last

    items.sort(key=turn)


@pytest.fixture
def by_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """The present is what the machine's clock says: for what programs that are not ours hold to it."""
    monkeypatch.setattr(clock, "_frozen", [])


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'test.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open database that holds the tables every service has."""
    opened = open_database(database_url, pool=8)
    await opened.open()
    await opened.write(_create_infrastructure)
    yield opened
    await opened.close()


def _create_infrastructure(session: Session) -> None:
    infrastructure.metadata.create_all(session.connection())
