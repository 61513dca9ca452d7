"""The gateway running on each database, with stand-ins in the places of the services behind it."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from services.gateway.access.bootstrap import FirstStart, bootstrap
from services.gateway.app import create_app
from services.gateway.nouns import SERVICES
from shared import upstream
from shared.bus import open_bus
from shared.db import open_database
from shared.db.migrate import upgrade
from shared.events.envelope import topic
from shared.settings import Settings
from tests.gateway.running import Gateway
from tests.gateway.standin import StandIn


@pytest.fixture(scope="session")
def migrated_gateway(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file that holds the gateway's tables and no rows, to be copied."""
    path = tmp_path_factory.mktemp("gateway") / "migrated.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", "postgres"])
def gateway_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated database without rows, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{shutil.copy(request.getfixturevalue('migrated_gateway'), tmp_path / 'gateway.db')}"
    else:
        server = request.getfixturevalue("postgres_server")
        url: str = server.copy_of("gateway", _migrate)
        yield url
        server.drop(url)


@pytest.fixture
def gateway_settings(gateway_url: str, tmp_path: Path) -> Settings:
    """Settings of a gateway; a test that needs others overrides this."""
    return Settings(data_dir=tmp_path, database=SecretStr(gateway_url))


@pytest.fixture
def standins() -> Iterator[Mapping[str, StandIn]]:
    """The services behind the gateway, as it reaches them in its own process."""
    made = {service: StandIn() for service in SERVICES}
    for service, standin in made.items():
        upstream.register(service, standin)
    yield made
    for service, standin in made.items():
        upstream.unregister(service, standin)


@pytest.fixture
async def gateway_app(gateway_settings: Settings) -> AsyncIterator[FastAPI]:
    """The gateway, started."""
    bus = open_bus(gateway_settings.bus_url)
    await bus.ensure_topics([topic(service) for service in ("gateway", *SERVICES)])
    app = create_app(gateway_settings)
    async with app.router.lifespan_context(app):
        yield app
    await bus.close()


@pytest.fixture
async def gateway(gateway_app: FastAPI, standins: Mapping[str, StandIn]) -> AsyncIterator[Gateway]:
    """A gateway after its first start, and its callers."""
    parts = gateway_app.state.parts
    first: FirstStart | None = await parts.db.write(
        bootstrap, movement_name="We can move", given_key=None, pepper=parts.secrets.pepper
    )
    assert first is not None
    transport = httpx.ASGITransport(gateway_app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
        yield Gateway(gateway_app, client, first, standins)


def _migrate(url: str) -> None:
    async def run() -> None:
        database = open_database(url)
        await database.open()
        upgrade("gateway", database.engine)
        await database.close()

    asyncio.run(run())
