"""The members service alone, running on each database, and callers of it."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from services.members.app import create_app
from shared.auth import Principal
from shared.db import open_database
from shared.db.migrate import upgrade
from shared.ids import new_id
from shared.secrets import Secrets
from shared.settings import Settings
from shared.testing.postgres import PostgresServer
from tests.members.caller import Caller


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file that holds the service's tables and no rows, to be copied."""
    path = tmp_path_factory.mktemp("members") / "migrated.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated_server(postgres_server: PostgresServer) -> str:
    """A PostgreSQL database that holds the service's tables. All tests share it: each is in movements of its own."""
    url = postgres_server.new_database()
    _migrate(url)
    return url


@pytest.fixture(params=["sqlite", "postgres"])
def members_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a migrated database, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{shutil.copy(request.getfixturevalue('migrated_file'), tmp_path / 'members.db')}"
    url: str = request.getfixturevalue("migrated_server")
    return url


@pytest.fixture
async def app(members_url: str, tmp_path: Path) -> AsyncIterator[FastAPI]:
    """The running service."""
    running = create_app(Settings(data_dir=tmp_path, database=SecretStr(members_url)))
    async with running.router.lifespan_context(running):
        yield running


@pytest.fixture
def vouching(tmp_path: Path) -> Secrets:
    """The gateway's secrets: it vouches for callers."""
    return Secrets.load(Settings(data_dir=tmp_path), "gateway")


@pytest.fixture
async def members(app: FastAPI, vouching: Secrets) -> AsyncIterator[Caller]:
    """A caller with a key that may do everything in one movement."""
    async with _calling(app, vouching, new_id("movement")) as caller:
        yield caller


@pytest.fixture
async def user(app: FastAPI, vouching: Secrets, members: Caller) -> AsyncIterator[Caller]:
    """A signed-in user of the same movement."""
    async with _calling(app, vouching, members.movement, user=new_id("user")) as caller:
        yield caller


@pytest.fixture
async def other(app: FastAPI, vouching: Secrets) -> AsyncIterator[Caller]:
    """A caller with a key that may do everything in another movement."""
    async with _calling(app, vouching, new_id("movement")) as caller:
        yield caller


@asynccontextmanager
async def _calling(app: FastAPI, vouching: Secrets, movement: str, user: str | None = None) -> AsyncIterator[Caller]:
    principal = Principal(id=new_id("key"), movement=movement, scopes=frozenset("*"), user=user)
    caller = Caller(app, vouching, principal)
    async with caller.client:
        yield caller


def _migrate(url: str) -> None:
    async def run() -> None:
        database = open_database(url)
        await database.open()
        upgrade("members", database.engine)
        await database.close()

    asyncio.run(run())
