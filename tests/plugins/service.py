"""One service alone, running on each database: what the tests of every service begin with.

A folder of tests says which service it is about by a fixture ``service`` of its own.
"""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from shared.secrets import Secrets, create_all
from shared.settings import Settings
from shared.testing.service import Alone


@pytest.fixture(scope="session")
def secrets_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All services' secrets, made once: making them waits for the disk again and again."""
    folder = tmp_path_factory.mktemp("secrets")
    create_all(folder)
    return folder


@pytest.fixture(scope="session")
def vouching(secrets_dir: Path) -> Secrets:
    """The gateway's secrets: it vouches for callers."""
    return Secrets.load(Settings(secrets_dir_set=secrets_dir), "gateway")


@pytest.fixture(scope="session")
def migrated_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for migrated SQLite files, to be copied."""
    return tmp_path_factory.mktemp("migrated")


@pytest.fixture(params=["sqlite", "postgres"])
def service_url(request: pytest.FixtureRequest, service: Alone, migrated_files: Path, tmp_path: Path) -> Iterator[str]:
    """The address of the service's migrated database without rows, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield service.sqlite(migrated_files, tmp_path)
    else:
        server = request.getfixturevalue("postgres_server")
        url = service.postgres(server)
        yield url
        service.give_back(server, url)


@pytest.fixture
async def app(service: Alone, service_url: str, tmp_path: Path, secrets_dir: Path) -> AsyncIterator[FastAPI]:
    """The running service."""
    async with service.running(service_url, tmp_path, secrets_dir) as running:
        yield running
