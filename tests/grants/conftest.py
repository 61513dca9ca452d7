"""The grants service alone, running on each database, and callers of it."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from services.grants.app import create_app
from shared.db import open_database
from shared.db.migrate import upgrade
from shared.ids import new_id
from shared.secrets import Secrets
from shared.settings import Settings
from tests.grants.caller import Caller


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file that holds the service's tables and no rows, to be copied."""
    path = tmp_path_factory.mktemp("grants") / "migrated.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", "postgres"])
def grants_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated database without rows, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{shutil.copy(request.getfixturevalue('migrated_file'), tmp_path / 'grants.db')}"
    else:
        server = request.getfixturevalue("postgres_server")
        url: str = server.copy_of("grants", _migrate)
        yield url
        server.drop(url)


@pytest.fixture
async def app(grants_url: str, tmp_path: Path) -> AsyncIterator[FastAPI]:
    """The running service."""
    running = create_app(Settings(data_dir=tmp_path, database=SecretStr(grants_url)))
    async with running.router.lifespan_context(running):
        yield running


@pytest.fixture
def vouching(tmp_path: Path) -> Secrets:
    """The gateway's secrets: it vouches for callers."""
    return Secrets.load(Settings(data_dir=tmp_path), "gateway")


@pytest.fixture
async def grants(app: FastAPI, vouching: Secrets) -> AsyncIterator[Caller]:
    """A caller who may do everything in one movement."""
    caller = Caller(app, vouching, new_id("movement"))
    async with caller.client:
        yield caller


@pytest.fixture
async def other(app: FastAPI, vouching: Secrets) -> AsyncIterator[Caller]:
    """A caller who may do everything in another movement."""
    caller = Caller(app, vouching, new_id("movement"))
    async with caller.client:
        yield caller


def _migrate(url: str) -> None:
    async def run() -> None:
        database = open_database(url)
        await database.open()
        upgrade("grants", database.engine)
        await database.close()

    asyncio.run(run())
