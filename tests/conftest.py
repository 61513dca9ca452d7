"""Fixtures that tests of every part share: a database of either kind, and the outside parts from ``tests.plugins``."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared.db import Database, Session, infrastructure, open_database

pytest_plugins = ["tests.plugins.parts", "tests.plugins.service"]


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
